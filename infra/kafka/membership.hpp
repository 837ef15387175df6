#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "infra/kafka/settings.hpp"

namespace sonicmatch::infra::kafka {

/// The group_membership over Kafka's consumer groups: range assignment, static
/// members when an instance id is set. Each member has a client and a thread of
/// its own, on which its callbacks run.
///
/// Delivery is at least once and in order per partition, from the offset given to
/// start(): what is committed is up to the caller. A static member that leaves
/// keeps its partitions for the session timeout, so that its successor finds them.
class membership final : public actors::ports::group_membership {
public:
  /// `log` outlives it and every consumer it makes.
  membership(settings values, actors::ports::logger& log);

  /// Settings that librdkafka refuses are told to on_error, before this returns.
  std::unique_ptr<actors::ports::group_consumer> join(const std::string& group, const std::string& topic,
                                                      actors::ports::group_consumer::sink out) override;

private:
  settings settings_;
  actors::ports::logger& log_;
};

} // namespace sonicmatch::infra::kafka
