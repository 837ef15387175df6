#pragma once

#include "events/envelope.hpp"
#include "events/explanation/document.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::actors::ports {

/// A session as the sessions read model holds it.
struct stored_session {
  std::string document; ///< the ready-to-serve JSON
  events::stream_version version;
  bool terminal = false;
  events::stream_origin origin{};
  events::timestamp created_at{};
};

/// Where a session stands among those of its user.
struct session_place {
  events::timestamp created_at;
  events::session_id id;
};

/// A session among those of its user.
struct listed_session {
  events::session_id id;
  stored_session session;
};

/// An explanation as the explanations read model holds it.
struct stored_explanation {
  events::explanation_id id;
  std::string document; ///< the ready-to-serve JSON
  events::explanation::document_status status = events::explanation::document_status::pending;
  bool degraded = false;
};

/// Reads the read models that the edge answers from. Blocking: an implementation is owned by one
/// detached actor and used by its thread only.
class session_reader {
public:
  virtual ~session_reader() = default;

  /// The session, or nothing when the read model does not know it.
  /// Errors: store_unavailable, after a bounded wait; erased.
  [[nodiscard]] virtual caf::expected<std::optional<stored_session>> find(const events::session_id& id) = 0;

  /// The newest explanation of that pick, or nothing when the read model knows none.
  /// Errors: store_unavailable, after a bounded wait.
  [[nodiscard]] virtual caf::expected<std::optional<stored_explanation>>
  find_explanation(const events::session_id& session, const events::headphone_id& headphone) = 0;

  /// At most `count_max` of the user's sessions, newest first: those behind `after`, or
  /// the first ones. Errors: store_unavailable, after a bounded wait.
  [[nodiscard]] virtual caf::expected<std::vector<listed_session>>
  find_sessions_of(const events::user_id& user, const std::optional<session_place>& after,
                   std::size_t count_max) = 0;

  /// How far the sessions read model is, per partition of the events topic: the
  /// next offset it will apply, and the newest claim before it. Partitions it has
  /// not begun are missing.
  struct progress {
    events::partition_id partition;
    events::log_offset next;
    std::optional<events::log_offset> claim;
  };
  [[nodiscard]] virtual caf::expected<std::vector<progress>> find_progress() = 0;

  /// Asks for the least the database can answer; for the health page.
  [[nodiscard]] virtual caf::error ping() = 0;
};

} // namespace sonicmatch::actors::ports
