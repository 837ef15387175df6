#pragma once

#include "http/packed_file.hpp"
#include "http/router.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sonicmatch::http {

/// A page and what belongs to it: a folder of files, packed into the program.
struct static_site {
  /// Where the page is: "/docs". Its other files are below it, "/docs/docs.css".
  std::string path;
  std::string operation_id;
  /// The file that is shown at `path` itself, and nowhere else.
  std::string_view index = "index.html";
  /// The index's own policy; a literal. Nothing is allowed that it does not name.
  std::string_view content_security_policy;
  std::span<const packed_file> files;
  /// Where its other files are, if not below `path`.
  std::string folder{};
};

/// Adds a GET route for each file of the site. An answer is compressed when the client
/// takes gzip, has an ETag from the file's bytes, and may be kept but is asked for again
/// before each use, so that a page never meets the files of another build. Throws
/// std::invalid_argument for a file whose type is not known, or a site without its index.
void add_static_files(router& routes, const static_site& site);

} // namespace sonicmatch::http
