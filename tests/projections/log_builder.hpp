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
    head.claim.reset();
    auto offset = next_[partition];
    head.subject = head.partitionkey = "partition/" + to_string(partition);
    append_event(partition, head, events::partition::event{events::partition::partition_claimed{"test"}});
    claims_[partition] = offset;
    return offset;
  }

  /// Appends a decision of the session (an event of it, or a call that was started)
  /// under the partition's newest claim, or under the given one.
  template <class Event>
  void event(events::partition_id partition, const events::session_id& session, std::uint32_t version,
             const Event& body, std::optional<events::log_offset> under = std::nullopt) {
    auto head = head_of(partition, session, version, under);
    head.sequence = version;
    append_any(partition, head, body);
  }

  /// The same for a decision of one of the session's explanations.
  template <class Event>
  void event(events::partition_id partition, const events::session_id& session,
             const events::explanation_id& explanation, std::uint32_t version, const Event& body,
             std::optional<events::log_offset> under = std::nullopt) {
    auto head = head_of(partition, session, version, under);
    head.subject = to_string(explanation);
    head.sequence = version;
    append_any(partition, head, body);
  }

  /// The same for feedback on one of its picks, which is the only event of its stream.
  void event(events::partition_id partition, const events::session_id& session,
             const events::feedback::feedback_recorded& body,
             std::optional<events::log_offset> under = std::nullopt) {
    auto head = head_of(partition, session, 1, under);
    head.subject = to_string(body.id);
    head.sequence = 1;
    append_any(partition, head, body);
  }

  /// Appends what a call for the session, or for one of its explanations, ended with.
  template <class Fact>
  void fact(events::partition_id partition, const events::session_id& session, const Fact& body,
            std::optional<events::explanation_id> explanation = std::nullopt,
            std::optional<events::log_offset> under = std::nullopt) {
    auto head = head_of(partition, session, 0, under);
    if (explanation)
      head.subject = to_string(*explanation);
    head.sequence.reset();
    append_any(partition, head, body);
  }

  void append(events::partition_id partition, std::string key, std::optional<std::string> value) {
    auto& next = next_[partition];
    records.push_back({partition, next, sample_time(), std::move(key), std::move(value), {}});
    next = next.next();
  }

  std::vector<actors::ports::log_record> records; ///< as they were appended

private:
  events::envelope head_of(events::partition_id partition, const events::session_id& session, std::uint32_t n,
                           std::optional<events::log_offset> under) {
    auto head = sample_envelope();
    head.subject = head.partitionkey = to_string(session);
    head.time = sample_time(std::chrono::milliseconds{n});
    head.causationid = sample_id<events::record_id>(static_cast<std::uint8_t>(n));
    head.claim = to_string(under.value_or(claims_[partition]));
    return head;
  }

  /// `body` is an event of the log, or the variant that it is of.
  template <class Event>
  void append_any(events::partition_id partition, const events::envelope& head, const Event& body) {
    if constexpr (std::is_constructible_v<events::session::event, const Event&>)
      append_event(partition, head, events::session::event{body});
    else if constexpr (std::is_constructible_v<events::explanation::event, const Event&>)
      append_event(partition, head, events::explanation::event{body});
    else if constexpr (std::is_constructible_v<events::feedback::event, const Event&>)
      append_event(partition, head, events::feedback::event{body});
    else if constexpr (std::is_constructible_v<events::session::fact, const Event&>)
      append_event(partition, head, events::session::fact{body});
    else
      append_event(partition, head, events::language_model::event{body});
  }

  /// As the recommender writes it: what a reader may skip by is in the headers too.
  template <class Body>
  void append_event(events::partition_id partition, const events::envelope& head, const Body& body) {
    append(partition, head.partitionkey, events::encode(head, body));
    auto& headers = records.back().headers;
    headers.emplace_back(events::headers::type, events::type_of(body));
    if (head.claim)
      headers.emplace_back(events::headers::claim, *head.claim);
    if (head.sequence)
      headers.emplace_back(events::headers::sequence, std::to_string(*head.sequence));
    if (head.subject != head.partitionkey)
      headers.emplace_back(events::headers::stream, head.subject);
  }

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
