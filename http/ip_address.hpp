#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sonicmatch::http {

/// An IP address of either family. An IPv4 address is the IPv4-mapped IPv6 address
/// ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that a client is the same one whichever way
/// its address was told.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const ip_address&) const = default;

  [[nodiscard]] bool is_v4() const noexcept;

  /// Reads "192.0.2.1", "2001:db8::1" or "fe80::1%eth0", whose zone is left out.
  /// Nothing for anything else.
  [[nodiscard]] static std::optional<ip_address> parse(std::string_view text) noexcept;
};

/// "192.0.2.1" or "2001:db8::1" (RFC 5952).
[[nodiscard]] std::string to_string(const ip_address& address);

/// A client's network as the limits count it: an IPv4 address, or the /64 of an
/// IPv6 address, since one household has a whole one.
struct client_network {
  std::uint64_t bits = 0;

  bool operator==(const client_network&) const = default;
};

/// The network `address` counts under.
[[nodiscard]] client_network network_of(const ip_address& address) noexcept;

} // namespace sonicmatch::http
