#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "tests/support/observed.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What a test sees of the log: each collects what an adapter calls back with.
/// Adapters share the collected state, so a late callback does no harm.
namespace sonicmatch::tests {

namespace ports = actors::ports;

/// The answers to appends, in the order they came.
class deliveries {
public:
  using outcome = caf::expected<events::log_position>;

  [[nodiscard]] ports::log_producer::delivered callback() {
    return
      [seen = seen_](outcome result) { seen->change([&](auto& all) { all.push_back(std::move(result)); }); };
  }

  [[nodiscard]] bool await(std::size_t count) {
    return seen_->await([=](const auto& all) { return all.size() >= count; });
  }

  [[nodiscard]] std::vector<outcome> all() const {
    return seen_->now();
  }

private:
  std::shared_ptr<observed<std::vector<outcome>>> seen_ = std::make_shared<observed<std::vector<outcome>>>();
};

/// What a follower of partitions sees.
class reading {
public:
  struct state {
    std::vector<ports::log_record> records;
    std::vector<ports::batch_ptr> held; ///< only while the test wants to hold batches
    bool hold = false;
    std::vector<events::log_offset> ends;
    std::vector<caf::error> errors;
  };

  [[nodiscard]] ports::log_reader::sink sink() {
    return {
      .on_batch = [seen = seen_](ports::batch_ptr batch) { take(*seen, std::move(batch)); },
      .on_end =
        [seen = seen_](events::partition_id, events::log_offset next) {
          seen->change([&](state& s) { s.ends.push_back(next); });
        },
      .on_error =
        [seen = seen_](caf::error error) {
          seen->change([&](state& s) { s.errors.push_back(std::move(error)); });
        },
    };
  }

  [[nodiscard]] bool await_records(std::size_t count, std::chrono::milliseconds timeout = patience) {
    return seen_->await([=](const state& s) { return s.records.size() >= count; }, timeout);
  }

  [[nodiscard]] bool await_end(std::int64_t next) {
    return seen_->await([=](const state& s) { return !s.ends.empty() && s.ends.back().value == next; });
  }

  [[nodiscard]] std::vector<ports::log_record> records() const {
    return seen_->now().records;
  }
  [[nodiscard]] std::vector<caf::error> errors() const {
    return seen_->now().errors;
  }

  /// From now on batches are kept, which holds the reader back.
  void hold() {
    seen_->change([](state& s) { s.hold = true; });
  }

  /// Drops what was held, and holds no more.
  void let_go() {
    auto dropped = seen_->change([](state& s) {
      s.hold = false;
      return std::exchange(s.held, {});
    });
  }

private:
  static void take(observed<state>& seen, ports::batch_ptr batch) {
    seen.change([&](state& s) {
      s.records.insert(s.records.end(), batch->records.begin(), batch->records.end());
      if (s.hold)
        s.held.push_back(std::move(batch));
    });
  }

  std::shared_ptr<observed<state>> seen_ = std::make_shared<observed<state>>();
};

/// What a member of a group sees. Releases what is revoked at once, unless told not to.
class member {
public:
  struct state {
    std::map<std::int32_t, ports::assignment> assigned;
    std::set<std::int32_t> revoked; ///< told to be going, and not released
    std::vector<ports::log_record> records;
    std::vector<ports::batch_ptr> held;
    bool hold = false;
    bool start_at_once = false;
    bool release_at_once = true;
    bool lost = false;
    std::vector<caf::error> errors;
    ports::group_consumer* consumer = nullptr;
    std::vector<ports::assignment> early; ///< assigned before `consumer` was known
  };

  ~member() {
    end();
  }
  member() = default;
  member(const member&) = delete;
  member& operator=(const member&) = delete;

  /// Starts each partition at its committed offset as it is assigned.
  void start_at_once() {
    seen_->change([](state& s) { s.start_at_once = true; });
  }
  void keep_revoked() {
    seen_->change([](state& s) { s.release_at_once = false; });
  }
  void hold() {
    seen_->change([](state& s) { s.hold = true; });
  }
  void let_go() {
    auto dropped = seen_->change([](state& s) {
      s.hold = false;
      return std::exchange(s.held, {});
    });
  }

  void join(ports::group_membership& membership, const std::string& group, const std::string& topic) {
    consumer_ = membership.join(group, topic, sink());
    seen_->change([&](state& s) {
      s.consumer = consumer_.get();
      for (const auto& one : s.early)
        begin(s, one);
      s.early.clear();
    });
  }

  void leave() {
    consumer_->leave();
  }

  /// Goes without leaving first.
  void end() {
    seen_->change([](state& s) { s.consumer = nullptr; });
    consumer_.reset();
  }

  ports::group_consumer& consumer() {
    return *consumer_;
  }

  [[nodiscard]] bool await_assigned(std::size_t count) {
    return await([=](const state& s) { return s.assigned.size() == count; });
  }
  [[nodiscard]] bool await_records(std::size_t count, std::chrono::milliseconds timeout = patience) {
    return await([=](const state& s) { return s.records.size() >= count; }, timeout);
  }
  template <class Condition>
  [[nodiscard]] bool await(Condition met, std::chrono::milliseconds timeout = patience) {
    return seen_->await(met, timeout);
  }
  [[nodiscard]] state now() const {
    return seen_->now();
  }

private:
  static void begin(state& s, const ports::assignment& one) {
    if (s.start_at_once)
      s.consumer->start(one.partition, one.committed.value_or(events::log_offset{0}));
  }

  ports::group_consumer::sink sink() {
    return {
      .on_assigned =
        [seen = seen_](std::vector<ports::assignment> given) {
          seen->change([&](state& s) {
            for (auto& one : given) {
              if (s.consumer)
                begin(s, one);
              else
                s.early.push_back(one);
              s.assigned.insert_or_assign(one.partition.value, std::move(one));
            }
          });
        },
      .on_revoked =
        [seen = seen_](std::vector<events::partition_id> gone, bool lost) {
          seen->change([&](state& s) {
            s.lost = lost;
            for (auto partition : gone) {
              s.assigned.erase(partition.value);
              if (!s.release_at_once)
                s.revoked.insert(partition.value);
              else if (s.consumer)
                s.consumer->release(partition);
            }
          });
        },
      .on_batch =
        [seen = seen_](ports::batch_ptr batch) {
          seen->change([&](state& s) {
            s.records.insert(s.records.end(), batch->records.begin(), batch->records.end());
            if (s.hold)
              s.held.push_back(std::move(batch));
          });
        },
      .on_error =
        [seen = seen_](caf::error error) {
          seen->change([&](state& s) { s.errors.push_back(std::move(error)); });
        },
    };
  }

  std::shared_ptr<observed<state>> seen_ = std::make_shared<observed<state>>();
  std::unique_ptr<ports::group_consumer> consumer_;
};

/// A logger that keeps its lines, for tests that look at them.
class kept_log final : public ports::logger {
public:
  struct line {
    ports::severity level;
    std::string text; ///< the sentence, then name=value for each field
  };

  void write(ports::severity level, std::string_view message,
             std::initializer_list<ports::log_field> fields) override {
    std::string text{message};
    for (const auto& [name, value] : fields)
      text.append(" ").append(name).append("=").append(value);
    lines_.change([&](auto& all) { all.push_back({level, std::move(text)}); });
  }

  [[nodiscard]] std::vector<line> lines() const {
    return lines_.now();
  }

  [[nodiscard]] bool await(std::string_view part) {
    return lines_.await([&](const auto& all) {
      for (const auto& one : all)
        if (one.text.find(part) != std::string::npos)
          return true;
      return false;
    });
  }

private:
  observed<std::vector<line>> lines_;
};

} // namespace sonicmatch::tests
