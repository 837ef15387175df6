#pragma once

#include "actors/ports/token_signer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sonicmatch::infra::credentials {

/// What signs tokens, and what has signed those that still hold.
struct signing_keys {
  std::string secret;           ///< signs by HS256, unless there is a private key
  std::string private_key_file; ///< Ed25519, PEM: signs by EdDSA; empty: none
  /// "hs256:SECRET", or "eddsa:FILE" of a public key (PEM).
  std::vector<std::string> former{};
};

/// A signer with these keys. A key's id (`kid`) is made from the key itself, so that a
/// former key needs no name. Errors: bad_configuration, naming the setting and the file,
/// never a key.
[[nodiscard]] caf::expected<std::shared_ptr<const actors::ports::token_signer>>
make_jws_signer(const signing_keys& keys);

} // namespace sonicmatch::infra::credentials
