#pragma once

#include "events/feedback/commands.hpp"
#include "events/record/declaration.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::actors::ports {

/// What a user did with a pick.
struct given_feedback {
  events::session_id session;
  std::string headphone; ///< its slug
  events::feedback::kind kind = events::feedback::kind::viewed;
  std::optional<int> rating;
  events::timestamp created_at{};

  bool operator==(const given_feedback&) const = default;

  static constexpr std::string_view record_name = "given_feedback";
  static constexpr auto declaration() {
    using events::record::field;
    using f = given_feedback;
    return events::record::fields(field("session_id", &f::session), field("headphone", &f::headphone),
                                  field("kind", &f::kind), field("rating", &f::rating),
                                  field("created_at", &f::created_at));
  }
};

/// What there is of a user beside account and sessions, newest first.
struct personal_records {
  std::vector<std::string> explanations; ///< documents, JSON
  std::vector<given_feedback> feedback;
};

/// Reads what the read models have of a user, for an export. Blocking: an implementation is
/// owned by one detached actor and used by its thread only.
class personal_record_reader {
public:
  virtual ~personal_record_reader() = default;

  /// Of each kind `count_max` at most. Error: store_unavailable, after a bounded wait.
  [[nodiscard]] virtual caf::expected<personal_records> find_records_of(const events::user_id& user,
                                                                        std::size_t count_max) = 0;
};

} // namespace sonicmatch::actors::ports
