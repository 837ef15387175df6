#pragma once

#include "tests/support/simulated_log.hpp"

namespace sonicmatch::tests {

/// How long things take, and how often they fail.
struct simulated_network {
  simulated_world::duration delay_min{200};
  simulated_world::duration delay_max{30'000};
  /// Of appends: told log_unavailable after a while, with the record in the log or not.
  double append_failure = 0;
  /// Of appends: told log_full at once.
  double queue_full = 0;
  /// Of questions for offsets: told log_unavailable.
  double question_failure = 0;
};

/// One process's producer. Records keep their order per partition; what is under
/// way when the process dies arrives or does not, and nothing arrives after
/// something that did not.
class simulated_producer final : public ports::log_producer {
public:
  simulated_producer(simulated_world& world, simulated_log& log, std::shared_ptr<simulated_host> host,
                     const simulated_network& network);

  void append(ports::new_record record, delivered on_delivery) override;

private:
  struct pipeline;

  simulated_world& world_;
  simulated_log& log_;
  std::shared_ptr<simulated_host> host_;
  const simulated_network& network_;
  std::map<std::pair<std::string, partition_id>, std::shared_ptr<pipeline>> pipelines_;
};

} // namespace sonicmatch::tests
