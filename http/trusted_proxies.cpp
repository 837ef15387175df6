#include "http/trusted_proxies.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace sonicmatch::http {

namespace {

constexpr unsigned mapping_bits = 96;
constexpr unsigned address_bits = 128;

bool is_trusted(const ip_address& address, const std::vector<ip_network>& trusted) noexcept {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&](const ip_network& known) { return known.contains(address); });
}

bool is_port(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

/// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:4711".
std::optional<ip_address> address_in(std::string_view element) noexcept {
  if (element.starts_with('[')) {
    auto end = element.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    auto behind = element.substr(end + 1);
    if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1))))
      return std::nullopt;
    auto inside = element.substr(1, end - 1);
    return inside.find(':') == std::string_view::npos ? std::nullopt : ip_address::parse(inside);
  }
  auto colon = element.find(':');
  if (colon != std::string_view::npos && colon == element.rfind(':') && is_port(element.substr(colon + 1)))
    element = element.substr(0, colon);
  return ip_address::parse(element);
}

/// Whether the walk goes on behind this list, towards its left.
bool walk(std::string_view list, const std::vector<ip_network>& trusted, ip_address& client) noexcept {
  for (;;) {
    auto comma = list.rfind(',');
    auto element = trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
    if (!element.empty()) { // an empty element is none (RFC 9110, 5.6.1)
      auto address = address_in(element);
      if (!address)
        return false;
      client = *address;
      if (!is_trusted(client, trusted))
        return false;
    }
    if (comma == std::string_view::npos)
      return true;
    list = list.substr(0, comma);
  }
}

} // namespace

bool ip_network::contains(const ip_address& other) const noexcept {
  auto whole = prefix_bits / 8;
  if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, other.bytes.begin()))
    return false;
  auto rest = prefix_bits % 8;
  return rest == 0 || (address.bytes[whole] ^ other.bytes[whole]) >> (8 - rest) == 0;
}

std::optional<ip_network> ip_network::parse(std::string_view text) noexcept {
  auto slash = text.find('/');
  auto address = ip_address::parse(text.substr(0, slash));
  if (!address || text.find('%') != std::string_view::npos)
    return std::nullopt;
  ip_network read{*address};
  if (slash == std::string_view::npos)
    return read;
  auto digits = text.substr(slash + 1);
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), read.prefix_bits);
  if (failure != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  bool is_dotted = text.substr(0, slash).find(':') == std::string_view::npos;
  if (read.prefix_bits > (is_dotted ? address_bits - mapping_bits : address_bits))
    return std::nullopt;
  if (is_dotted)
    read.prefix_bits += mapping_bits;
  for (auto bit = read.prefix_bits; bit < address_bits; ++bit)
    if ((address->bytes[bit / 8] & 0x80U >> bit % 8) != 0)
      return std::nullopt;
  return read;
}

ip_address client_behind(const ip_address& peer, const std::vector<request_field>& fields,
                         const std::vector<ip_network>& trusted) noexcept {
  auto client = peer;
  if (trusted.empty() || !is_trusted(peer, trusted))
    return client;
  for (auto field = fields.rbegin(); field != fields.rend(); ++field)
    if (equals_ignoring_case(field->name, "X-Forwarded-For") && !walk(field->value, trusted, client))
      break;
  return client;
}

} // namespace sonicmatch::http
