#pragma once

#include "http/ip_address.hpp"
#include "http/message.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sonicmatch::http {

/// An address with how many of its bits count. IPv4 counts from the 96 bits of the
/// mapping on.
struct ip_network {
  ip_address address;
  unsigned prefix_bits = 128;

  bool operator==(const ip_network&) const = default;

  [[nodiscard]] bool contains(const ip_address& other) const noexcept;

  /// Reads an address, or a network in CIDR form: "10.0.0.0/8", "2001:db8::/32". Nothing
  /// for anything else, a network with bits set behind its prefix included: it is likelier
  /// a slip than meant.
  [[nodiscard]] static std::optional<ip_network> parse(std::string_view text) noexcept;
};

/// The client on whose behalf a request came: the peer; or, when the peer is a trusted
/// proxy, the right-most address of X-Forwarded-For that is not one itself. What stands
/// left of that address was written by whoever sent it and is never believed.
///
/// All fields of that name count as one list, in their order (RFC 9110, 5.3). An element
/// may carry a port, as some proxies write it. One that is no address ends the walk, and
/// the last good address counts; so does it when all are trusted. The walk is bounded by
/// the head's size.
[[nodiscard]] ip_address client_behind(const ip_address& peer, const std::vector<request_field>& fields,
                                       const std::vector<ip_network>& trusted) noexcept;

} // namespace sonicmatch::http
