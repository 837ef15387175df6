#pragma once

#include <string>

namespace sonicmatch::tests {

/// A new key and a certificate for 127.0.0.1 that nobody vouches for but itself, PEM.
[[nodiscard]] std::string self_signed_certificate();

} // namespace sonicmatch::tests
