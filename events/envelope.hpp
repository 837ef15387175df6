#pragma once

#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>

namespace sonicmatch::events {

/// The names of the topics. Settings of each: infra/kafka/topics.hpp.
namespace topics {
inline constexpr std::string_view commands = "sonicmatch.commands";
inline constexpr std::string_view events = "sonicmatch.events";
inline constexpr std::string_view catalog = "sonicmatch.catalog";
inline constexpr std::string_view dead_letters = "sonicmatch.dead-letters";
} // namespace topics

/// The record headers beside content-type: what a reader may decide by without
/// parsing the value.
namespace headers {
inline constexpr std::string_view content_type = "content-type";
inline constexpr std::string_view type = "type";         ///< the envelope's type
inline constexpr std::string_view claim = "claim";       ///< the envelope's claim
inline constexpr std::string_view sequence = "sequence"; ///< the envelope's sequence
/// The envelope's subject, on records whose stream is not that of their key: those of
/// an explanation, which have the key of its session.
inline constexpr std::string_view stream = "stream";
inline constexpr std::string_view user = "user";                ///< the envelope's userid
inline constexpr std::string_view request_hash = "requesthash"; ///< the envelope's requesthash
} // namespace headers

inline constexpr std::string_view cloudevents_content_type = "application/cloudevents+json";

/// Where a stream comes from. All its records say it in their envelopes, and in their
/// headers, so that a reader knows whose they are without parsing.
struct stream_origin {
  std::optional<user_id> user; ///< whose it is; nobody's in particular when absent
  /// What was asked for under an Idempotency-Key, as a hash: a repeat must have the same.
  std::optional<std::string> request_hash;

  bool operator==(const stream_origin&) const = default;
};

/// The attributes of a CloudEvents 1.0 event in structured mode, without its
/// data. Source: github.com/cloudevents/spec, formats/json-format.md. `sequence`
/// and `traceparent` follow the documented extensions; claim is text because a
/// CloudEvents integer has 32 bits and an offset 64.
struct envelope {
  std::string specversion = "1.0";
  uuid_id<struct record_tag> id;
  std::string source;
  std::string type;
  std::string subject;
  timestamp time;
  std::string datacontenttype = "application/json";
  std::string dataschema;
  std::optional<std::uint32_t> sequence; ///< the stream version of an event
  correlation_id correlationid;
  std::optional<uuid_id<struct record_tag>> causationid;
  std::string partitionkey;
  std::optional<std::string> traceparent;
  std::optional<std::string> claim;
  std::optional<user_id> userid;
  std::optional<std::string> requesthash;

  bool operator==(const envelope&) const = default;

  static constexpr std::string_view record_name = "envelope";
  static constexpr auto declaration() {
    using record::field;
    using e = envelope;
    return record::fields(
      field("specversion", &e::specversion).size(1, 8), field("id", &e::id),
      field("source", &e::source).size(1, 200), field("type", &e::type).size(1, 200),
      field("subject", &e::subject).size(1, 200), field("time", &e::time),
      field("datacontenttype", &e::datacontenttype).size(1, 100),
      field("dataschema", &e::dataschema).size(1, 200),
      field("sequence", &e::sequence).doc("the event's version in its stream, from 1"),
      field("correlationid", &e::correlationid).doc("the same for all that one request led to"),
      field("causationid", &e::causationid).doc("the id of the record that led to this one"),
      field("partitionkey", &e::partitionkey).size(1, 200),
      field("traceparent", &e::traceparent).size(1, 100).doc("W3C trace context"),
      field("claim", &e::claim).size(1, 20).doc("the fencing token of the writer: an offset, as text"),
      field("userid", &e::userid).doc("whose session it is; absent when it is nobody's in particular"),
      field("requesthash", &e::requesthash)
        .size(1, 64)
        .doc("what an Idempotency-Key was sent with, as a hash"));
  }

  /// The claim as an offset, if there is one and it is one.
  [[nodiscard]] std::optional<log_offset> claim_offset() const noexcept;

  [[nodiscard]] stream_origin origin() const {
    return {userid, requesthash};
  }
  void set_origin(const stream_origin& from) {
    userid = from.user;
    requesthash = from.request_hash;
  }
};

using record_id = uuid_id<struct record_tag>;

/// An offset's decimal text, or nothing. What the claim header and attribute hold.
[[nodiscard]] std::optional<log_offset> parse_offset(std::string_view text) noexcept;

/// "urn:sonicmatch:schema:recommendation_requested.v1", for a type name.
[[nodiscard]] std::string schema_urn(std::string_view type_name);

} // namespace sonicmatch::events
