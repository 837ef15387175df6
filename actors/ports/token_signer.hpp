#pragma once

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace sonicmatch::actors::ports {

/// Signs claims as access tokens, and opens tokens that it, or a former key, has signed:
/// JWS compact serialization (RFC 7515), typ "at+jwt" (RFC 9068). What the claims say is
/// not its concern. Pure but for its keys, and thread-safe.
class token_signer {
public:
  virtual ~token_signer() = default;

  /// The token of a JSON object.
  [[nodiscard]] virtual caf::expected<std::string> sign(std::string_view claims) const = 0;

  /// The claims inside, when the signature is good. The key decides on the algorithm, and
  /// the header has to be, byte for byte, the one that is signed with that key: nothing of
  /// a token is believed before. Error: unauthenticated.
  [[nodiscard]] virtual caf::expected<std::string> open(std::string_view token) const = 0;
};

} // namespace sonicmatch::actors::ports
