#pragma once

#include <string_view>

namespace sonicmatch::http {

/// Whether an Accept field allows `media_type` (RFC 9110, 12.5.1). An absent
/// field allows everything; a weight of zero forbids.
[[nodiscard]] bool accepts(std::string_view accept, std::string_view media_type) noexcept;

/// Whether an Accept-Encoding field allows gzip (RFC 9110, 12.5.3): by name or by "*",
/// not with a weight of zero. An absent field asks for no coding.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding) noexcept;

/// Whether a Content-Type field names `media_type`, in UTF-8 if it names a charset.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view media_type) noexcept;

} // namespace sonicmatch::http
