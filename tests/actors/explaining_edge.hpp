#pragma once

#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

#include <chrono>

namespace sonicmatch::tests {

/// The session that is explained, and which of its picks.
inline const auto explained_session = sample_id<events::session_id>();
inline const auto explained_headphone = sample_headphone().id();

/// An edge that knows a complete session from its tails.
struct explaining_edge : edge_fixture {
  explicit explaining_edge(const actors::edge_settings& settings = {})
    : edge_fixture(settings) {
    start();
    read(tailed::events, {event_record(explained_session, sample_completed(), 2, 1, 0)});
  }

  [[nodiscard]] events::explanation::request_explanation command(std::size_t n = 0) const {
    auto decoded = events::decode_command(producer->calls.at(n).record.value);
    REQUIRE(decoded);
    return std::get<events::explanation::request_explanation>(
      std::get<events::explanation::command>(decoded->body));
  }

  /// The explanation of the n-th command ends, well unless said otherwise.
  void complete(std::size_t n, std::int64_t offset, bool degraded = false) {
    auto happened = sample_explanation_completed();
    happened.id = command(n).id;
    happened.degraded = degraded;
    end(happened.id, happened, offset);
  }
  void fail(std::size_t n, std::int64_t offset) {
    auto happened = sample_explanation_failed();
    happened.id = command(n).id;
    end(happened.id, happened, offset);
  }
  void end(const events::explanation_id& stream, const events::explanation::event& happened,
           std::int64_t offset) {
    read(tailed::events, {explanation_record(explained_session, stream, happened, 2, offset, 0)});
  }

  void store(bool degraded,
             events::explanation::document_status status = events::explanation::document_status::complete) {
    sessions->explained[{explained_session, explained_headphone}] = {sample_id<events::explanation_id>(8),
                                                                     "{\"stored\":true}", status, degraded};
  }
};

} // namespace sonicmatch::tests
