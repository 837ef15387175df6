#include "http/routes/routes.hpp"
#include "http/routes/static_files.hpp"

namespace sonicmatch::http {

/// What http/CMakeLists.txt packs of http/web.
std::span<const packed_file> docs_files();
std::span<const packed_file> redoc_files();

namespace {

/// Swagger UI's style sheet has its pictures inside, as data.
constexpr std::string_view docs_policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// ReDoc makes its styles while it runs, and cannot without 'unsafe-inline'; it searches in
/// a worker that it makes from its own bytes.
constexpr std::string_view redoc_policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
  "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

} // namespace

void add_docs_routes(router& routes) {
  add_static_files(routes, {"/docs", "show_docs", "index.html", docs_policy, docs_files()});
  add_static_files(routes, {"/redoc", "show_redoc", "index.html", redoc_policy, redoc_files()});
}

} // namespace sonicmatch::http
