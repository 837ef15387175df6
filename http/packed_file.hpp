#pragma once

#include <cstddef>
#include <string_view>

namespace sonicmatch::http {

/// A file that was packed into the program by infra/cmake/pack.cmake. Its views live as
/// long as the program.
struct packed_file {
  std::string_view name; ///< without folders: "page.css"
  std::string_view gzip; ///< its bytes, compressed
  std::size_t size = 0;  ///< of its bytes as they were
  std::string_view hash; ///< their SHA-256, in hex
};

} // namespace sonicmatch::http
