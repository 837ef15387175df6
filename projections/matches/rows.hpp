#pragma once

#include "events/ids.hpp"
#include "events/session/match.hpp"

#include <string>
#include <vector>

/// The read model `matches`: one row per pick, for those who ask across sessions.
namespace sonicmatch::projections::matches {

struct match_row {
  int rank = 0;
  events::headphone_id headphone;
  events::session::scores scores;
  std::string explanation;
  std::vector<std::string> pros;
  std::vector<std::string> cons;
  std::vector<std::string> highlights;

  bool operator==(const match_row&) const = default;
};

/// All picks of a session as its terminal event gave them. They replace those of
/// an older version; the same version again changes nothing.
struct session_matches {
  events::session_id session;
  events::stream_version version;
  std::vector<match_row> rows; ///< by rank; empty when nothing met the constraints

  bool operator==(const session_matches&) const = default;
};

} // namespace sonicmatch::projections::matches
