#pragma once

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace sonicmatch::actors::ports {

/// Turns passwords into hashes that are slow to try out. Takes tens of milliseconds and
/// much memory: used by the hashing actors' own threads only. Thread-safe.
class password_hashing {
public:
  virtual ~password_hashing() = default;

  /// A PHC string, with a salt of its own and today's parameters. Error: overloaded,
  /// when there is no memory for it.
  [[nodiscard]] virtual caf::expected<std::string> hash(std::string_view password) = 0;

  /// Whether the hash was made of that password. Error: overloaded as above;
  /// invalid_record, for a hash that cannot be read.
  [[nodiscard]] virtual caf::expected<bool> verify(std::string_view password, const std::string& hash) = 0;

  /// Whether a hash was made with other parameters than today's.
  [[nodiscard]] virtual bool is_outdated(std::string_view hash) const = 0;
};

} // namespace sonicmatch::actors::ports
