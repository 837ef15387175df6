#pragma once

#include "actors/ports/log.hpp"
#include "events/codec.hpp"
#include "tests/support/samples.hpp"

#include <map>
#include <string>
#include <vector>

namespace sonicmatch::tests {

/// Writes partitions of the events topic as a recommender would, and as it must not.
class log_builder {
public:
  /// Appends a claim; events that follow carry it. Returns its offset.
  events::log_offset claim(events::partition_id partition) {
    auto head = sample_envelope();
    head.sequence.reset();
    auto offset = next_[partition];
    append(partition, "partition/" + to_string(partition),
           events::encode(head, events::partition::event{events::partition::partition_claimed{"test"}}));
    claims_[partition] = offset;
    return offset;
  }

  /// Appends an event under the partition's newest claim, or under the given one.
  void event(events::partition_id partition, const events::session_id& session, std::uint32_t version,
             const events::session::event& body, std::optional<events::log_offset> under = std::nullopt) {
    auto head = sample_envelope();
    head.subject = head.partitionkey = to_string(session);
    head.sequence = version;
    head.time = sample_time(std::chrono::milliseconds{version});
    head.causationid = sample_id<events::record_id>(static_cast<std::uint8_t>(version));
    head.claim = to_string(under.value_or(claims_[partition]));
    append(partition, to_string(session), events::encode(head, body));
  }

  void append(events::partition_id partition, std::string key, std::optional<std::string> value) {
    auto& next = next_[partition];
    records.push_back({partition, next, sample_time(), std::move(key), std::move(value), {}});
    next = next.next();
  }

  std::vector<actors::ports::log_record> records; ///< as they were appended

private:
  std::map<events::partition_id, events::log_offset> next_;
  std::map<events::partition_id, events::log_offset> claims_;
};

[[nodiscard]] inline events::session::recommendation_completed completed_with(int matches) {
  auto out = sample_completed();
  out.matches.clear();
  for (auto rank = 1; rank <= matches; ++rank)
    out.matches.push_back(sample_match(rank));
  return out;
}

} // namespace sonicmatch::tests
