#include "actors/accounts/refresh_token.hpp"

#include "events/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace sonicmatch::actors::accounts {

namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t secret_bytes = 32;
using token_bytes = std::array<std::uint8_t, id_bytes + secret_bytes>;
static_assert(token_bytes{}.size() % 3 == 0, "so that base64 needs no padding");
static_assert(token_bytes{}.size() / 3 * 4 == refresh_token_size);

bool is_base64url(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace

refresh_token make_refresh_token(const ports::login_id& login, ports::entropy& entropy) {
  token_bytes bytes;
  auto at = std::copy(login.value.bytes.begin(), login.value.bytes.end(), bytes.begin());
  while (at != bytes.end()) {
    auto drawn = entropy.draw();
    auto count = std::min<std::ptrdiff_t>(std::ssize(drawn), bytes.end() - at);
    at = std::copy_n(drawn.begin(), count, at);
  }
  std::array<unsigned char, refresh_token_size + 1> encoded;
  EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(bytes.size()));
  refresh_token out{login, std::string(encoded.begin(), encoded.end() - 1), {}};
  std::replace(out.text.begin(), out.text.end(), '+', '-');
  std::replace(out.text.begin(), out.text.end(), '/', '_');
  out.hash = events::sha256(out.text);
  return out;
}

std::optional<refresh_token> read_refresh_token(std::string_view text) {
  if (text.size() != refresh_token_size || !std::all_of(text.begin(), text.end(), is_base64url))
    return std::nullopt;
  std::string encoded{text};
  std::replace(encoded.begin(), encoded.end(), '-', '+');
  std::replace(encoded.begin(), encoded.end(), '_', '/');
  token_bytes bytes;
  if (EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                      static_cast<int>(encoded.size()))
      != static_cast<int>(bytes.size()))
    return std::nullopt;
  refresh_token out{{}, std::string{text}, events::sha256(text)};
  std::copy_n(bytes.begin(), id_bytes, out.login.value.bytes.begin());
  return out;
}

} // namespace sonicmatch::actors::accounts
