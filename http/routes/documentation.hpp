#pragma once

#include "events/ids.hpp"
#include "http/operation.hpp"

#include <string_view>

/// What several operations say of themselves in the same words.
namespace sonicmatch::http {

/// The JSON text of http/examples/NAME.json, formatted for people. Throws
/// std::invalid_argument when there is none.
[[nodiscard]] std::string_view example_of(std::string_view name);

inline constexpr std::string_view example_session = R"("01a203ef-01e2-785e-a92d-5b2806dd8eef")";

[[nodiscard]] inline operation_parameter session_id_parameter() {
  return {parameter_place::path,         "session_id", "the session, as its recommendation named it",
          schema_of<events::session_id>, {},           example_session};
}

[[nodiscard]] inline operation_parameter if_none_match_parameter() {
  return {parameter_place::header,
          "If-None-Match",
          "an ETag: 304 when the answer would be the same",
          schema_of<std::string>,
          {},
          R"("\"3\"")"};
}

/// What waiting.hpp takes for a key: bare, or as a structured field's string.
[[nodiscard]] inline std::string idempotency_key_schema(events::record::schema_writer&,
                                                        const events::record::rules&) {
  return R"({"type":"string","pattern":"^([!#-~][!-~]{15,254}|\"[!#-\\[\\]-~]{16,255}\")$"})";
}

[[nodiscard]] inline operation_parameter idempotency_key_parameter() {
  return {parameter_place::header,
          "Idempotency-Key",
          "16 to 255 visible ASCII characters, quoted or bare: the request's own name, for repeats",
          idempotency_key_schema,
          {},
          R"("a1f0c2b4-7d5e-4c1b-9a52-0f6f0e7d9c11")"};
}

[[nodiscard]] inline operation_parameter prefer_parameter() {
  return {parameter_place::header,
          "Prefer",
          "respond-async: 202 at once, without waiting for the result; wait=5: wait so many seconds at most",
          schema_of<std::string>,
          {},
          R"("respond-async")"};
}

} // namespace sonicmatch::http
