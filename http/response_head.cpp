#include "http/response_head.hpp"

#include "http/compression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace sonicmatch::http {

namespace {

/// On every answer. frame-ancestors is the one part of a policy that is right for
/// answers that are data; pages bring their own policy.
constexpr std::string_view security_fields =
  "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
  "Content-Security-Policy: ";
constexpr std::string_view default_policy = "frame-ancestors 'none'";

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_two_digits(std::string& out, unsigned number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

/// "Date: Sun, 22 Nov 2026 14:15:39 GMT" (RFC 9110, 5.6.7), rendered once a
/// second in each thread.
const std::string& date_line() {
  using namespace std::chrono;
  thread_local std::time_t rendered_at = -1;
  thread_local std::string line;
  auto now = std::time(nullptr);
  if (now == rendered_at)
    return line;
  static constexpr std::string_view days = "SunMonTueWedThuFriSat";
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  auto time = sys_seconds{seconds{now}};
  auto day = floor<std::chrono::days>(time);
  year_month_day date{day};
  hh_mm_ss clock{time - day};
  line = "Date: ";
  line += days.substr(weekday{day}.c_encoding() * 3, 3);
  line += ", ";
  append_two_digits(line, static_cast<unsigned>(date.day()));
  line += ' ';
  line += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
  line += ' ';
  line += std::to_string(static_cast<int>(date.year()));
  line += ' ';
  append_two_digits(line, static_cast<unsigned>(clock.hours().count()));
  line += ':';
  append_two_digits(line, static_cast<unsigned>(clock.minutes().count()));
  line += ':';
  append_two_digits(line, static_cast<unsigned>(clock.seconds().count()));
  line += " GMT\r\n";
  rendered_at = now;
  return line;
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

void append_cache_control(std::string& out, cache_policy cache) {
  if (cache == cache_policy::no_store)
    out += "Cache-Control: no-store\r\n";
  else if (cache == cache_policy::revalidate)
    out += "Cache-Control: no-cache\r\n";
}

} // namespace

bool has_clean_headers(const response& answer) noexcept {
  auto is_control = [](char letter) {
    return (static_cast<unsigned char>(letter) < 0x20 && letter != '\t') || letter == 0x7f;
  };
  return std::none_of(answer.headers.begin(), answer.headers.end(), [&](const response_field& field) {
    return std::any_of(field.value.begin(), field.value.end(), is_control);
  });
}

void write_head(std::string& out, const response& answer, const head_facts& facts, const cors_policy& cors) {
  out.clear();
  append_status_line(out, answer.status);
  out += date_line();
  if (!answer.content_type.empty() && may_have_body(answer.status)) {
    out += "Content-Type: ";
    out += answer.content_type;
    out += "\r\n";
  }
  if (!answer.content_encoding.empty() && may_have_body(answer.status)) {
    out += "Content-Encoding: ";
    out += answer.content_encoding;
    out += "\r\n";
  }
  if (answer.stream && may_have_body(answer.status)) {
    // nginx would hold events back until its buffer is full.
    out += "X-Accel-Buffering: no\r\n";
    if (!facts.is_http_1_0)
      out += "Transfer-Encoding: chunked\r\n";
  } else if (may_have_body(answer.status)) {
    out += "Content-Length: ";
    append_number(out, view(answer.body).size());
    out += "\r\n";
  }
  for (const auto& field : answer.headers) {
    out += field.name;
    out += ": ";
    out += field.value;
    out += "\r\n";
  }
  append_cache_control(out, answer.stream ? cache_policy::no_store : answer.cache);
  append_headers(out, facts.quota);
  cors.append_headers(out, facts.origin);
  if (varies_by_coding(answer))
    out += "Vary: Accept-Encoding\r\n";
  out += security_fields;
  out += answer.content_security_policy.empty() ? default_policy : answer.content_security_policy;
  out += "\r\nX-Request-Id: ";
  out += facts.request_id;
  if (!facts.keep_alive)
    out += "\r\nConnection: close";
  else if (facts.is_http_1_0)
    out += "\r\nConnection: keep-alive";
  out += "\r\n\r\n";
}

} // namespace sonicmatch::http
