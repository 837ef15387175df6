#include "events/digest.hpp"

#include <openssl/evp.h>

namespace sonicmatch::events {

sha256_digest sha256(std::string_view text) {
  sha256_digest out{};
  EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (auto byte : bytes)
    out += {digits[byte >> 4U], digits[byte & 15U]};
  return out;
}

} // namespace sonicmatch::events
