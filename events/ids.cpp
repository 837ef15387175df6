#include "events/ids.hpp"

#include <openssl/evp.h>

#include <charconv>
#include <cstdio>

namespace sonicmatch::events {

namespace {

// Namespaces of our own, drawn once; changing them changes every derived id.
constexpr uuid event_namespace{
  {0x6b, 0x1d, 0x0c, 0x52, 0x9c, 0x3e, 0x4c, 0x5f, 0x8e, 0x21, 0x7a, 0x94, 0x33, 0xd0, 0x5b, 0x10}};
constexpr uuid headphone_namespace{
  {0xd2, 0x8a, 0x41, 0x77, 0x05, 0xb6, 0x4e, 0x0a, 0x91, 0x6f, 0x2c, 0xe8, 0x5d, 0x13, 0xf7, 0x4a}};

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

constexpr bool dash_before(std::size_t byte) noexcept {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool read_number(std::string_view text, std::size_t at, std::size_t width, int& out) noexcept {
  if (at + width > text.size())
    return false;
  for (auto c : text.substr(at, width))
    if (c < '0' || c > '9')
      return false;
  return std::from_chars(text.data() + at, text.data() + at + width, out).ec == std::errc{};
}

} // namespace

std::string to_string(const uuid& id) {
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (dash_before(i))
      out.push_back('-');
    out.push_back(hex_digits[id.bytes[i] >> 4]);
    out.push_back(hex_digits[id.bytes[i] & 15]);
  }
  return out;
}

std::optional<uuid> parse_uuid(std::string_view text) noexcept {
  if (text.size() != 36)
    return std::nullopt;
  uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (dash_before(i) && text[at++] != '-')
      return std::nullopt;
    auto high = hex_value(text[at]);
    auto low = hex_value(text[at + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
  }
  return id;
}

uuid uuid_v5(const uuid& name_space, std::string_view name) {
  std::string input{reinterpret_cast<const char*>(name_space.bytes.data()), name_space.bytes.size()};
  input += name;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_size = 0;
  EVP_Digest(input.data(), input.size(), digest.data(), &digest_size, EVP_sha1(), nullptr);
  uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x50);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

uuid uuid_v7(timestamp now, const std::array<std::uint8_t, 10>& random) noexcept {
  auto milliseconds = static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  uuid id;
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  std::copy(random.begin(), random.end(), id.bytes.begin() + 6);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

event_id event_id_of(const command_id& command, std::string_view type, unsigned n) {
  return {uuid_v5(event_namespace, to_string(command) + "/" + std::string{type} + "/" + std::to_string(n))};
}

headphone_id headphone_id_of(std::string_view slug) {
  return {uuid_v5(headphone_namespace, slug)};
}

std::string to_string(const log_position& position) {
  return std::to_string(position.partition.value) + ":" + std::to_string(position.offset.value);
}

partition_id partition_of(std::string_view key, std::int32_t partition_count) noexcept {
  constexpr std::uint32_t seed = 0x9747b28c;
  constexpr std::uint32_t m = 0x5bd1e995;
  const auto* data = reinterpret_cast<const std::uint8_t*>(key.data());
  auto length = static_cast<std::uint32_t>(key.size());
  std::uint32_t h = seed ^ length;
  for (; length >= 4; data += 4, length -= 4) {
    std::uint32_t k = static_cast<std::uint32_t>(data[0]) | static_cast<std::uint32_t>(data[1]) << 8
                      | static_cast<std::uint32_t>(data[2]) << 16 | static_cast<std::uint32_t>(data[3]) << 24;
    k *= m;
    k ^= k >> 24;
    k *= m;
    h *= m;
    h ^= k;
  }
  if (length >= 3)
    h ^= static_cast<std::uint32_t>(data[2]) << 16;
  if (length >= 2)
    h ^= static_cast<std::uint32_t>(data[1]) << 8;
  if (length >= 1) {
    h ^= data[0];
    h *= m;
  }
  h ^= h >> 13;
  h *= m;
  h ^= h >> 15;
  return {static_cast<std::int32_t>((h & 0x7fffffff) % static_cast<std::uint32_t>(partition_count))};
}

std::string to_string(timestamp time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 40> out{};
  auto size = std::snprintf(
    out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(size)};
}

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':'
      || text[16] != ':' || text.back() != 'Z')
    return std::nullopt;
  if (!read_number(text, 0, 4, year) || !read_number(text, 5, 2, month) || !read_number(text, 8, 2, day)
      || !read_number(text, 11, 2, hour) || !read_number(text, 14, 2, minute)
      || !read_number(text, 17, 2, second))
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                   std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  int fraction = 0;
  auto digits = text.substr(19, text.size() - 20);
  if (!digits.empty()) {
    if (digits[0] != '.' || digits.size() < 2 || digits.size() > 7
        || !read_number(digits, 1, digits.size() - 1, fraction))
      return std::nullopt;
    for (auto missing = 7 - digits.size(); missing > 0; --missing)
      fraction *= 10;
  }
  return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute}
         + std::chrono::seconds{second} + std::chrono::microseconds{fraction};
}

} // namespace sonicmatch::events
