#pragma once

#include <chrono>
#include <string>

namespace sonicmatch::infra::postgres {

/// How to reach PostgreSQL. Every wait on it is bounded by one of these.
struct settings {
  std::string url; ///< postgresql://user@host:port/database, as libpq reads it
  std::string application_name = "sonicmatch";
  std::chrono::seconds connect_timeout{2};
  std::chrono::milliseconds statement_timeout{10'000};
  /// How long sent data may stay unacknowledged before the connection is given up.
  std::chrono::milliseconds unacknowledged_timeout{5'000};
};

} // namespace sonicmatch::infra::postgres
