#pragma once

#include "events/codec.hpp"
#include "tests/actors/recording_ports.hpp"

namespace sonicmatch::tests {

/// What a sample event's record looks like in the events topic.
[[nodiscard]] inline ports::log_record event_record(const events::session_id& id,
                                                    const events::session::event& happened,
                                                    std::uint32_t version, std::int64_t offset,
                                                    std::int64_t claim, partition_id partition = {}) {
  auto head = sample_envelope();
  head.subject = to_string(id);
  head.partitionkey = head.subject;
  head.sequence = version;
  head.claim = std::to_string(claim);
  return {partition,
          {offset},
          sample_time(),
          head.subject,
          events::encode(head, happened),
          {{"type", std::string{events::type_of(happened)}},
           {"claim", *head.claim},
           {"sequence", std::to_string(version)}}};
}

[[nodiscard]] inline ports::log_record claim_record(std::int64_t offset, partition_id partition = {}) {
  events::partition::event happened = events::partition::partition_claimed{"test"};
  return {partition,
          {offset},
          sample_time(),
          "partition/0",
          events::encode(sample_envelope(), happened),
          {{"type", std::string{events::type_of(happened)}}}};
}

/// A request as it stands in the commands topic.
[[nodiscard]] inline ports::log_record command_record(const events::session_id& id, std::int64_t offset,
                                                      partition_id partition = {}) {
  auto head = sample_envelope();
  head.id = {id.value};
  head.subject = to_string(id);
  head.partitionkey = head.subject;
  head.sequence.reset();
  head.claim.reset();
  events::session::command asked =
    events::session::request_recommendation{sample_preferences(), 5, sample_time(std::chrono::seconds{60})};
  return {partition, {offset}, sample_time(), head.subject, events::encode(head, asked), {}};
}

[[nodiscard]] inline ports::log_record garbage_record(std::string key, std::int64_t offset) {
  return {{}, {offset}, sample_time(), std::move(key), "garbage", {}};
}

} // namespace sonicmatch::tests
