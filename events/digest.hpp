#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sonicmatch::events {

using sha256_digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of the text's bytes.
[[nodiscard]] sha256_digest sha256(std::string_view text);

/// Two lower-case hexadecimal digits for each byte.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

} // namespace sonicmatch::events
