#include "http/routes/static_files.hpp"

#include "http/routes/reading.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sonicmatch::http {

namespace {

struct file_type {
  std::string_view extension;
  std::string_view media_type;
  std::string_view content_type; ///< with its parameters
};

constexpr std::array<file_type, 9> file_types{{
  {".html", "text/html", "text/html; charset=utf-8"},
  {".css", "text/css", "text/css; charset=utf-8"},
  {".js", "text/javascript", "text/javascript; charset=utf-8"},
  {".json", "application/json", "application/json"},
  {".txt", "text/plain", "text/plain; charset=utf-8"},
  {".svg", "image/svg+xml", "image/svg+xml"},
  {".png", "image/png", "image/png"},
  {".ico", "image/vnd.microsoft.icon", "image/vnd.microsoft.icon"},
  {".woff2", "font/woff2", "font/woff2"},
}};

const file_type& type_of(std::string_view name) {
  for (const auto& known : file_types)
    if (name.ends_with(known.extension))
      return known;
  throw std::invalid_argument{"a packed file whose type is not known: " + std::string{name}};
}

/// The file's bytes as they were before infra/cmake/pack.cmake compressed them.
std::string unpacked(const packed_file& file) {
  std::string out(file.size, '\0');
  z_stream state{};
  // 16 more than the largest window: a gzip header is expected.
  if (inflateInit2(&state, MAX_WBITS + 16) != Z_OK)
    throw std::bad_alloc{};
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.gzip.data())); // zlib is older than const
  state.avail_in = static_cast<uInt>(file.gzip.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  auto result = inflate(&state, Z_FINISH);
  inflateEnd(&state);
  if (result != Z_STREAM_END || state.avail_out != 0)
    throw std::invalid_argument{"a packed file that cannot be unpacked: " + std::string{file.name}};
  return out;
}

/// A file as it is sent, in both forms. Shared by all requests and never changed.
struct kept_file {
  std::shared_ptr<const std::string> plain;
  std::shared_ptr<const std::string> gzip;
  std::string etag; ///< of the plain form; the edge makes that of the other
  std::string_view content_type;
  std::string_view policy;
};

/// A page's other files need nothing, should somebody open one by itself.
constexpr std::string_view policy_of_files = "default-src 'none'; frame-ancestors 'none'";

kept_file keep(const packed_file& file, std::string_view policy) {
  kept_file out;
  out.plain = std::make_shared<const std::string>(unpacked(file));
  out.gzip = std::make_shared<const std::string>(file.gzip);
  // Half of a SHA-256 tells files apart as well.
  out.etag = '"' + std::string{file.hash.substr(0, 32)} + '"';
  out.content_type = type_of(file.name).content_type;
  out.policy = policy;
  return out;
}

response show(const kept_file& file, const request& asked) {
  response made;
  made.cache = cache_policy::revalidate;
  made.content_security_policy = file.policy;
  made.headers.push_back({"ETag", file.etag});
  if (matches_etag(asked, file.etag)) {
    made.status = 304;
    made.content_type = {};
    return made;
  }
  made.content_type = file.content_type;
  made.body = file.plain;
  made.gzipped = file.gzip;
  return made;
}

} // namespace

void add_static_files(router& routes, const static_site& site) {
  auto is_index = [&](const packed_file& file) { return file.name == site.index; };
  if (std::none_of(site.files.begin(), site.files.end(), is_index))
    throw std::invalid_argument{"a site without its index: " + site.path};
  auto folder = (site.folder.empty() ? site.path : site.folder) + '/';
  for (const auto& file : site.files) {
    auto kept = keep(file, is_index(file) ? site.content_security_policy : policy_of_files);
    route added;
    added.pattern = is_index(file) ? site.path : folder + std::string{file.name};
    added.operation_id = site.operation_id;
    added.handler = immediate_handler{[kept = std::make_shared<const kept_file>(std::move(kept))](
                                        const request& asked) { return show(*kept, asked); }};
    added.produces = type_of(file.name).media_type;
    added.document.is_internal = true;
    routes.add(std::move(added));
  }
}

} // namespace sonicmatch::http
