#pragma once

#include "actors/ports/password_hashing.hpp"

#include <cstdint>
#include <memory>

namespace sonicmatch::infra::credentials {

/// OWASP's second choice of equals for Argon2id (Password Storage Cheat Sheet): 19 MiB,
/// two passes, one lane.
struct argon2_parameters {
  std::uint32_t memory_kib = 19'456;
  std::uint32_t passes = 2;
  std::uint32_t lanes = 1;
};

/// Argon2id (RFC 9106), with a salt of 16 bytes from the kernel and a tag of 32.
[[nodiscard]] std::shared_ptr<actors::ports::password_hashing>
make_argon2_hashing(argon2_parameters parameters = {});

} // namespace sonicmatch::infra::credentials
