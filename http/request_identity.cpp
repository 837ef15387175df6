#include "http/request_identity.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace sonicmatch::http {

namespace {

std::uint64_t draw() {
  thread_local std::mt19937_64 generator = [] {
    std::random_device system;
    std::seed_seq seed{system(), system(), system(), system(), system(), system(), system(), system()};
    return std::mt19937_64{seed};
  }();
  return generator();
}

/// Writes the low `count` hexadecimal digits of `bits` and returns where they end.
char* write_hex(char* out, std::uint64_t bits, int count) noexcept {
  for (int shift = (count - 1) * 4; shift >= 0; shift -= 4)
    *out++ = "0123456789abcdef"[bits >> shift & 15U];
  return out;
}

bool is_lower_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return hex_value(letter) >= 0 && to_lower(letter) == letter; });
}

bool is_all_zero(std::string_view text) noexcept {
  return text.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

bool is_sane_request_id(std::string_view text) noexcept {
  constexpr std::size_t longest = 128;
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char letter) {
    auto lower = to_lower(letter);
    return (lower >= 'a' && lower <= 'z') || is_digit(letter) || letter == '.' || letter == '_'
           || letter == '-';
  });
}

void make_request_id(std::string& out) {
  // RFC 9562, 5.4: four version bits and two variant bits among random ones.
  auto high = (draw() & ~0xf000ULL) | 0x4000ULL;
  auto low = (draw() & ~(3ULL << 62)) | 2ULL << 62;
  out.resize(36);
  auto* end = write_hex(out.data(), high >> 32, 8);
  *end++ = '-';
  end = write_hex(end, high >> 16, 4);
  *end++ = '-';
  end = write_hex(end, high, 4);
  *end++ = '-';
  end = write_hex(end, low >> 48, 4);
  *end++ = '-';
  write_hex(end, low, 12);
}

bool take_traceparent(std::string_view text, std::array<char, 55>& out) noexcept {
  // 2 version, 32 trace id, 16 parent id, 2 flags. Later versions may go on behind a dash.
  if (text.size() < out.size() || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return false;
  auto version = text.substr(0, 2);
  auto trace = text.substr(3, 32);
  auto parent = text.substr(36, 16);
  if (text.size() > out.size() && (version == "00" || text[out.size()] != '-'))
    return false;
  if (!is_lower_hex(version) || version == "ff" || !is_lower_hex(trace) || is_all_zero(trace)
      || !is_lower_hex(parent) || is_all_zero(parent) || !is_lower_hex(text.substr(53, 2)))
    return false;
  std::copy_n(text.begin(), out.size(), out.begin());
  out[0] = out[1] = '0';
  return true;
}

void make_traceparent(std::array<char, 55>& out) {
  auto* end = std::copy_n("00-", 3, out.data());
  end = write_hex(end, draw(), 16);
  // The lowest bit keeps either id from being all zero.
  end = write_hex(end, draw() | 1U, 16);
  *end++ = '-';
  end = write_hex(end, draw() | 1U, 16);
  std::copy_n("-00", 3, end);
}

} // namespace sonicmatch::http
