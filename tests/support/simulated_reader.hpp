#pragma once

#include "tests/support/simulated_fetcher.hpp"

namespace sonicmatch::tests {

class simulated_groups;

/// One process's reader without a group.
class simulated_reader final : public ports::log_reader {
public:
  simulated_reader(simulated_world& world, simulated_log& log, simulated_groups& groups,
                   std::shared_ptr<simulated_host> host, const simulated_network& network);

  [[nodiscard]] std::unique_ptr<subscription> follow(const std::string& topic, partition_id partition,
                                                     log_offset from, sink out) override;
  void find_end(const std::string& topic, partition_id partition, std::chrono::milliseconds timeout,
                std::function<void(caf::expected<log_offset>)> on_found) override;
  void find_committed(
    const std::string& group, const std::string& topic, std::int32_t partition_count,
    std::chrono::milliseconds timeout,
    std::function<void(caf::expected<std::vector<std::optional<log_offset>>>)> on_found) override;

private:
  /// Asks the broker: `answer` is called there, and its result is on its way back
  /// for a while, or `refuse` is called after the timeout.
  void ask(const std::string& what, std::chrono::milliseconds timeout,
           std::function<std::function<void()>()> answer, std::function<void()> refuse);

  simulated_world& world_;
  simulated_log& log_;
  simulated_groups& groups_;
  std::shared_ptr<simulated_host> host_;
  const simulated_network& network_;
};

} // namespace sonicmatch::tests
