#include "http/routes/routes.hpp"
#include "http/routes/static_files.hpp"

namespace sonicmatch::http {

/// What http/CMakeLists.txt packs of http/web/page.
std::span<const packed_file> page_files();

namespace {

constexpr std::string_view page_policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

} // namespace

void add_page_routes(router& routes) {
  add_static_files(routes, {"/", "show_page", "index.html", page_policy, page_files(), "/page"});
}

} // namespace sonicmatch::http
