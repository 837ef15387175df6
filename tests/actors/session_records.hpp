#pragma once

#include "events/codec.hpp"
#include "tests/actors/recording_ports.hpp"

#include <optional>

namespace sonicmatch::tests {

/// The same record as one of a stream that comes from there.
[[nodiscard]] inline ports::log_record with_origin(ports::log_record record,
                                                   const events::stream_origin& origin) {
  std::string attributes;
  if (origin.user) {
    attributes += R"(,"userid":")" + to_string(*origin.user) + '"';
    record.headers.emplace_back("user", to_string(*origin.user));
  }
  if (origin.request_hash) {
    attributes += R"(,"requesthash":")" + *origin.request_hash + '"';
    record.headers.emplace_back("requesthash", *origin.request_hash);
  }
  constexpr std::string_view first = R"({"specversion":"1.0")";
  record.value->insert(record.value->find(first) + first.size(), attributes);
  return record;
}

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

/// How a session ended in the first version of that event.
[[nodiscard]] inline ports::log_record former_end_record(const events::session_id& id, std::uint32_t version,
                                                         std::int64_t offset, std::int64_t claim) {
  auto out = event_record(id, sample_failed(), version, offset, claim);
  const std::string now = "recommendation_failed.v2";
  const std::string then = "recommendation_failed.v1";
  for (std::size_t at = 0; (at = out.value->find(now, at)) != std::string::npos;)
    out.value->replace(at, now.size(), then);
  out.headers.at(0).second = "sonicmatch." + then;
  return out;
}

/// What happens to a call for the session: a fact has no version.
[[nodiscard]] inline ports::log_record call_record(const events::session_id& id,
                                                   const events::language_model::event& happened,
                                                   std::optional<std::uint32_t> version, std::int64_t offset,
                                                   std::int64_t claim) {
  auto head = sample_envelope();
  head.subject = to_string(id);
  head.partitionkey = head.subject;
  head.sequence = version;
  head.claim = std::to_string(claim);
  ports::log_record out{{},
                        {offset},
                        sample_time(),
                        head.partitionkey,
                        events::encode(head, happened),
                        {{"type", std::string{events::type_of(happened)}}, {"claim", *head.claim}}};
  if (version)
    out.headers.emplace_back("sequence", std::to_string(*version));
  return out;
}

/// A record of the stream of an explanation of one of the session's picks.
template <class Event>
[[nodiscard]] ports::log_record
explanation_record(const events::session_id& id, const events::explanation_id& stream, const Event& happened,
                   std::uint32_t version, std::int64_t offset, std::int64_t claim) {
  auto head = sample_envelope();
  head.subject = to_string(stream);
  head.partitionkey = to_string(id);
  head.sequence = version;
  head.claim = std::to_string(claim);
  return {{},
          {offset},
          sample_time(),
          head.partitionkey,
          events::encode(head, happened),
          {{"type", std::string{events::type_of(happened)}},
           {"claim", *head.claim},
           {"sequence", std::to_string(version)},
           {"stream", head.subject}}};
}

/// That the session is erased: a fact too.
[[nodiscard]] inline ports::log_record erasure_record(const events::session_id& id, std::int64_t offset,
                                                      std::int64_t claim) {
  auto head = sample_envelope();
  head.subject = head.partitionkey = to_string(id);
  head.sequence.reset();
  head.claim = std::to_string(claim);
  events::session::fact happened = events::session::session_erased{};
  return {{},
          {offset},
          sample_time(),
          head.partitionkey,
          events::encode(head, happened),
          {{"type", std::string{events::type_of(happened)}}, {"claim", *head.claim}}};
}

/// A command of the session or of a stream under its key, as it stands in the topic.
template <class Command>
[[nodiscard]] ports::log_record any_command_record(const events::session_id& id, const events::uuid& stream,
                                                   const Command& asked, std::int64_t offset) {
  auto head = sample_envelope();
  head.id = {events::uuid_v5(stream, std::to_string(offset))};
  head.subject = to_string(stream);
  head.partitionkey = to_string(id);
  head.sequence.reset();
  head.claim.reset();
  return {{}, {offset}, sample_time(), head.partitionkey, events::encode(head, asked), {}};
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
[[nodiscard]] inline ports::log_record
command_record(const events::session_id& id, std::int64_t offset, partition_id partition = {},
               events::session::preferences wanted = sample_preferences()) {
  auto head = sample_envelope();
  head.id = {id.value};
  head.subject = to_string(id);
  head.partitionkey = head.subject;
  head.sequence.reset();
  head.claim.reset();
  events::session::command asked =
    events::session::request_recommendation{std::move(wanted), 5, sample_time(std::chrono::seconds{60})};
  return {partition, {offset}, sample_time(), head.subject, events::encode(head, asked), {}};
}

[[nodiscard]] inline ports::log_record garbage_record(std::string key, std::int64_t offset) {
  return {{}, {offset}, sample_time(), std::move(key), "garbage", {}};
}

} // namespace sonicmatch::tests
