#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "infra/kafka/settings.hpp"

#include <mutex>

namespace sonicmatch::infra::kafka {

class lane;
class offset_finder;

/// The log_reader over Kafka.
///
/// Usually one client and one thread for all that is followed. A partition that is
/// followed twice (the edge's tail and a recommender that rebuilds) is read by a
/// second client, a lane, opened when it first happens and kept. Each record from
/// the asked offset on is delivered once and in order to each subscription, as
/// long as the reader lives.
///
/// Callbacks of a subscription run on its lane's thread, answers to questions on
/// another. A subscription may outlive the reader; nothing is delivered then.
/// Dropping a subscription waits for its callback under way, if there is one:
/// don't hold a lock that the callback takes.
class reader final : public actors::ports::log_reader {
public:
  /// Opens it, or bad_configuration. Does not wait for a broker. `log` outlives it.
  [[nodiscard]] static caf::expected<std::unique_ptr<reader>> open(const settings& values,
                                                                   actors::ports::logger& log);
  ~reader() override;

  std::unique_ptr<subscription> follow(const std::string& topic, events::partition_id partition,
                                       events::log_offset from, sink out) override;

  void find_end(const std::string& topic, events::partition_id partition, std::chrono::milliseconds timeout,
                std::function<void(caf::expected<events::log_offset>)> on_found) override;

  void find_committed(
    const std::string& group, const std::string& topic, std::int32_t partition_count,
    std::chrono::milliseconds timeout,
    std::function<void(caf::expected<std::vector<std::optional<events::log_offset>>>)> on_found) override;

private:
  reader(const settings& values, actors::ports::logger& log);
  caf::error add_lane();

  settings settings_;
  actors::ports::logger& log_;
  std::unique_ptr<offset_finder> offsets_;
  std::mutex guard_; ///< of lanes_
  std::vector<std::shared_ptr<lane>> lanes_;
};

} // namespace sonicmatch::infra::kafka
