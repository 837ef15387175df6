#pragma once

#include <string_view>

namespace sonicmatch::http {

/// Whether an Accept field allows `media_type` (RFC 9110, 12.5.1). An absent
/// field allows everything; a weight of zero forbids.
[[nodiscard]] bool accepts(std::string_view accept, std::string_view media_type) noexcept;

/// The codings of a body that a client takes, of those this server has. Without an
/// Accept-Encoding field: anything would do, but plain is what every client reads.
struct accepted_codings {
  bool gzip = false;    ///< taken, and no less gladly than plain
  bool identity = true; ///< plain bytes are taken; false only when the client says so

  bool operator==(const accepted_codings&) const = default;
};

/// Reads an Accept-Encoding field with its weights and `*` (RFC 9110, 12.5.3).
/// Members that can't be read count as not there.
[[nodiscard]] accepted_codings read_accept_encoding(std::string_view field) noexcept;

/// Whether a Content-Type field names `media_type`, in UTF-8 if it names a charset.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view media_type) noexcept;

} // namespace sonicmatch::http
