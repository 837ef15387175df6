#pragma once

#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "actors/ports/session_reader.hpp"
#include "events/error.hpp"
#include "tests/support/samples.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

/// Ports that do nothing but note what they are asked: the test is the other
/// side, and decides what comes back and when. One thread.
namespace sonicmatch::tests {

namespace ports = actors::ports;
using events::log_offset;
using events::log_position;
using events::partition_id;

class set_clock final : public ports::clock {
public:
  [[nodiscard]] events::timestamp now() const override {
    return time;
  }

  events::timestamp time = sample_time();
};

class counting_entropy final : public ports::entropy {
public:
  [[nodiscard]] std::array<std::uint8_t, 10> draw() override {
    ++count_;
    return {count_, count_, 0, 0, 0, 0, 0, 0, 0, count_};
  }

private:
  std::uint8_t count_ = 0;
};

class recording_logger final : public ports::logger {
public:
  void write(ports::severity level, std::string_view message,
             std::initializer_list<ports::log_field>) override {
    lines.emplace_back(level, message);
  }
  [[nodiscard]] bool has(std::string_view part) const {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& each) { return each.second.find(part) != std::string::npos; });
  }

  std::vector<std::pair<ports::severity, std::string>> lines;
};

/// Holds every append until the test reports on it.
class recording_producer final : public ports::log_producer {
public:
  struct append_call {
    ports::new_record record;
    delivered report;

    [[nodiscard]] std::string header(std::string_view name) const {
      for (const auto& [known, value] : record.headers)
        if (known == name)
          return value;
      return {};
    }
    [[nodiscard]] std::string type() const {
      return header("type");
    }
  };

  void append(ports::new_record record, delivered on_delivery) override {
    calls.push_back({std::move(record), std::move(on_delivery)});
  }

  /// Reports the n-th append as being at that offset.
  void deliver(std::size_t n, std::int64_t offset) {
    std::exchange(calls.at(n).report, nullptr)(log_position{calls.at(n).record.partition, {offset}});
  }
  void fail(std::size_t n, events::errc code = events::errc::log_unavailable) {
    std::exchange(calls.at(n).report, nullptr)(events::make_error(code, "not delivered"));
  }
  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& each : calls)
      out.push_back(each.type());
    return out;
  }

  std::vector<append_call> calls;
};

class recording_reader final : public ports::log_reader {
public:
  struct follow_call {
    std::string topic;
    partition_id partition;
    log_offset from;
    sink out;
    std::shared_ptr<bool> dropped = std::make_shared<bool>(false);
  };
  struct find_end_call {
    std::string topic;
    partition_id partition;
    std::function<void(caf::expected<log_offset>)> answer;
  };
  using committed_offsets = caf::expected<std::vector<std::optional<log_offset>>>;

  [[nodiscard]] std::unique_ptr<subscription> follow(const std::string& topic, partition_id partition,
                                                     log_offset from, sink out) override {
    struct dropping final : subscription {
      explicit dropping(std::shared_ptr<bool> flag)
        : flag_(std::move(flag)) {}
      ~dropping() override {
        *flag_ = true;
      }
      std::shared_ptr<bool> flag_;
    };
    follows.push_back({topic, partition, from, std::move(out)});
    return std::make_unique<dropping>(follows.back().dropped);
  }
  void find_end(const std::string& topic, partition_id partition, std::chrono::milliseconds,
                std::function<void(caf::expected<log_offset>)> on_found) override {
    ends.push_back({topic, partition, std::move(on_found)});
  }
  void find_committed(const std::string&, const std::string&, std::int32_t, std::chrono::milliseconds,
                      std::function<void(committed_offsets)> on_found) override {
    committed.push_back(std::move(on_found));
  }

  std::vector<follow_call> follows;
  std::vector<find_end_call> ends;
  std::vector<std::function<void(committed_offsets)>> committed;
};

class recording_consumer final : public ports::group_consumer {
public:
  struct commit_call {
    partition_id partition;
    log_offset next;
    std::string metadata;
  };

  void leave() override {}
  void start(partition_id partition, log_offset from) override {
    steps.push_back("start " + to_string(partition) + " at " + to_string(from));
  }
  void commit(partition_id partition, log_offset next, std::string metadata) override {
    steps.push_back("commit " + to_string(next));
    commits.push_back({partition, next, std::move(metadata)});
  }
  void release(partition_id partition) override {
    steps.push_back("release " + to_string(partition));
  }
  [[nodiscard]] bool released() const {
    return !steps.empty() && steps.back().starts_with("release");
  }

  std::vector<std::string> steps;
  std::vector<commit_call> commits;
};

class recording_sessions final : public ports::session_reader {
public:
  [[nodiscard]] caf::expected<std::optional<ports::stored_session>>
  find(const events::session_id& id) override {
    ++finds;
    if (away)
      return events::make_error(events::errc::store_unavailable, "away");
    if (erased.contains(id))
      return events::make_error(events::errc::erased, "erased");
    auto known = stored.find(id);
    return known == stored.end() ? std::nullopt : std::optional{known->second};
  }
  [[nodiscard]] caf::expected<std::optional<ports::stored_explanation>>
  find_explanation(const events::session_id& session, const events::headphone_id& headphone) override {
    ++explanation_finds;
    if (away)
      return events::make_error(events::errc::store_unavailable, "away");
    auto known = explained.find({session, headphone});
    return known == explained.end() ? std::nullopt : std::optional{known->second};
  }
  [[nodiscard]] caf::expected<std::vector<ports::listed_session>>
  find_sessions_of(const events::user_id& user, const std::optional<ports::session_place>&,
                   std::size_t) override {
    if (away)
      return events::make_error(events::errc::store_unavailable, "away");
    std::vector<ports::listed_session> out;
    for (const auto& [id, each] : stored)
      if (each.origin.user == user)
        out.push_back({id, each});
    return out;
  }
  [[nodiscard]] caf::expected<std::vector<progress>> find_progress() override {
    if (away)
      return events::make_error(events::errc::store_unavailable, "away");
    return reached;
  }
  [[nodiscard]] caf::error ping() override {
    return away ? events::make_error(events::errc::store_unavailable) : caf::error{};
  }

  bool away = false;
  int finds = 0;
  int explanation_finds = 0;
  std::vector<progress> reached;
  std::map<events::session_id, ports::stored_session> stored;
  std::set<events::session_id> erased;
  std::map<std::pair<events::session_id, events::headphone_id>, ports::stored_explanation> explained;
};

/// A record as it would be read back after `appended` was written there.
[[nodiscard]] inline ports::log_record read_back(const ports::new_record& appended, std::int64_t offset) {
  return {appended.partition, {offset}, sample_time(), appended.key, appended.value, appended.headers};
}

[[nodiscard]] inline ports::batch_ptr batch_of(std::vector<ports::log_record> records) {
  return std::make_shared<const ports::record_batch>(ports::record_batch{std::move(records), nullptr});
}

} // namespace sonicmatch::tests
