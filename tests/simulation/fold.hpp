#pragma once

#include "tests/support/simulated_log.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// A second opinion: what the records of a log add up to, written from DESIGN.md
/// and events/fence.hpp alone. Nothing of the product's folds, codecs or documents
/// is used here; the JSON is read field by field.
namespace sonicmatch::tests::simulation {

/// An object's fields by name; each value is JSON text.
using json_fields = std::map<std::string, std::string>;

/// The fields of a JSON object, or nothing when the text is none.
[[nodiscard]] std::optional<json_fields> fields_of(std::string_view json);

/// The text of a JSON string without escapes, or an empty one.
[[nodiscard]] std::string text_of(const json_fields& object, const std::string& name);
[[nodiscard]] std::int64_t number_of(const json_fields& object, const std::string& name);

/// Whose the stream of a record is, and under which request's hash, by its envelope.
[[nodiscard]] std::pair<std::string, std::string> origin_in(const json_fields& head);

/// An event of a session that counts.
struct effective_event {
  log_position position;
  events::timestamp logged_at;
  std::int64_t version = 0;
  std::int64_t claim = 0;
  std::string type; ///< without "sonicmatch." and the version
  std::string source;
  json_fields head;
  json_fields data;

  [[nodiscard]] bool is_terminal() const {
    return type.ends_with("_completed") || type.ends_with("_failed");
  }
};

/// What a call of the language model brought: it counts whoever wrote it.
struct call_outcome {
  log_position position;
  std::string type;
  std::string source;
  json_fields head;
  json_fields data;
};

struct folded_session {
  std::vector<effective_event> events; ///< in order of the log
  /// Of explanations, by the ids of their streams.
  std::map<std::string, std::vector<effective_event>> explanations;
  std::map<std::string, std::vector<effective_event>> feedback; ///< likewise
  std::optional<log_offset> erased_at; ///< the first time; nothing before or after it counts
  /// From here on the projections leave its records out, for one of them cannot be read.
  std::optional<log_offset> parked_from;
};

struct folded_partition {
  std::map<std::string, folded_session> sessions; ///< by key
  std::map<std::string, call_outcome> outcomes;   ///< by call, the first of each
  std::map<std::int64_t, std::string> claims;     ///< who claimed, by offset
  std::optional<std::int64_t> newest_claim;
  std::vector<std::string> faults; ///< what no reader should ever find
};

[[nodiscard]] folded_partition fold_events(const simulated_log& log, partition_id partition);

/// The session document that an event must lead to.
[[nodiscard]] json_fields document_after(const effective_event& event, const std::string& session);

} // namespace sonicmatch::tests::simulation
