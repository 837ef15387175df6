#include "http/openapi.hpp"
#include "http/routes/reading.hpp"
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

struct kept_document {
  std::shared_ptr<const std::string> text;
  std::string etag;
};

response show(const kept_document& document, const request& asked) {
  auto made = json_response(document.text, cache_policy::revalidate);
  if (matches_etag(asked, document.etag)) {
    made = response{};
    made.status = 304;
    made.content_type = {};
    made.cache = cache_policy::revalidate;
  }
  made.headers.push_back({"ETag", document.etag});
  return made;
}

void add_openapi_route(router& routes) {
  auto text = openapi_document(routes, SONICMATCH_VERSION);
  auto kept = std::make_shared<kept_document>();
  // A UUID of this kind is a hash of the text.
  kept->etag = '"' + to_string(events::uuid_v5({}, text)) + '"';
  kept->text = std::make_shared<const std::string>(std::move(text));
  operation said;
  said.is_internal = true;
  routes.get(
    "/openapi.json", "show_openapi", [kept](const request& asked) { return show(*kept, asked); }, said);
}

} // namespace

void add_docs_routes(router& routes) {
  add_openapi_route(routes);
  add_static_files(routes, {"/docs", "show_docs", "index.html", docs_policy, docs_files()});
  add_static_files(routes, {"/redoc", "show_redoc", "index.html", redoc_policy, redoc_files()});
}

} // namespace sonicmatch::http
