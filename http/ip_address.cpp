#include "http/ip_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>

namespace sonicmatch::http {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

} // namespace

bool ip_address::is_v4() const noexcept {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
}

std::optional<ip_address> ip_address::parse(std::string_view text) noexcept {
  bool is_v6 = text.find(':') != std::string_view::npos;
  if (is_v6)
    text = text.substr(0, text.find('%'));
  // inet_pton() wants a terminated string; INET6_ADDRSTRLEN counts the terminator.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  std::copy(text.begin(), text.end(), terminated.begin());
  ip_address read;
  if (is_v6)
    return inet_pton(AF_INET6, terminated.data(), read.bytes.data()) == 1 ? std::optional{read}
                                                                          : std::nullopt;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), read.bytes.begin());
  return inet_pton(AF_INET, terminated.data(), read.bytes.data() + mapped_prefix.size()) == 1
           ? std::optional{read}
           : std::nullopt;
}

std::string to_string(const ip_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto* bytes = address.bytes.data();
  const char* written = address.is_v4()
                          ? inet_ntop(AF_INET, bytes + mapped_prefix.size(), text.data(), text.size())
                          : inet_ntop(AF_INET6, bytes, text.data(), text.size());
  return written == nullptr ? std::string{} : std::string{written}; // the text always fits
}

client_network network_of(const ip_address& address) noexcept {
  // A mapped IPv4 address differs in its lower half only, with the mark of the mapping
  // above it, which is no /64 that is routed anywhere.
  auto first = address.is_v4() ? std::size_t{8} : std::size_t{0};
  client_network network;
  for (auto i = first; i < first + 8; ++i)
    network.bits = network.bits << 8 | address.bytes[i];
  return network;
}

} // namespace sonicmatch::http
