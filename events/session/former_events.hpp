#pragma once

#include "events/session/events.hpp"

/// Versions of the session's events that are written no more and read forever, each
/// with its upcaster. They are as they were published, and never change.
namespace sonicmatch::events::session {

/// Before language models: without their calls and the preferences.
struct recommendation_completed_v1 {
  std::vector<match> matches;
  std::vector<relaxation> relaxations;
  std::vector<std::string> notes;
  std::string engine;
  bool degraded = false;
  std::int64_t catalog_version = 0;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  static constexpr std::string_view record_name = "recommendation_completed_v1";
  static constexpr std::string_view type_name = "sonicmatch.recommendation_completed.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = recommendation_completed_v1;
    return record::fields(field("matches", &e::matches), field("relaxations", &e::relaxations),
                          field("notes", &e::notes), field("engine", &e::engine),
                          field("degraded", &e::degraded), field("catalog_version", &e::catalog_version),
                          field("requested_at", &e::requested_at),
                          field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

struct recommendation_failed_v1 {
  std::string code;
  std::string detail;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  static constexpr std::string_view record_name = "recommendation_failed_v1";
  static constexpr std::string_view type_name = "sonicmatch.recommendation_failed.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = recommendation_failed_v1;
    return record::fields(field("code", &e::code), field("detail", &e::detail),
                          field("requested_at", &e::requested_at),
                          field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

/// The event as it would be written today.
[[nodiscard]] event upcast(recommendation_completed_v1 published);
[[nodiscard]] event upcast(recommendation_failed_v1 published);

} // namespace sonicmatch::events::session
