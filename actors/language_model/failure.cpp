#include "actors/language_model/failure.hpp"

#include "actors/language_model/retry.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace sonicmatch::actors::language_model {

namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view key_prefix = "sk-";

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Of a key; providers quote keys with their middle replaced by stars.
constexpr bool is_of_key(char c) noexcept {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '*';
}

constexpr bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// How many bytes the control character at `i` takes; 0 when there is none (C0, DEL, C1).
std::size_t control_bytes(std::string_view text, std::size_t i) noexcept {
  auto byte = static_cast<unsigned char>(text[i]);
  if (byte < 0x20 || byte == 0x7f)
    return 1;
  auto is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
  return is_c1 ? 2 : 0;
}

/// One line: runs of blanks and control characters become one space, those at the ends nothing.
std::string one_line(std::string_view text) {
  auto is_valid = simdjson::validate_utf8(text.data(), text.size());
  std::string out;
  out.reserve(text.size());
  bool separate = false;
  for (std::size_t i = 0; i < text.size();) {
    auto control = control_bytes(text, i);
    if (control > 0 || text[i] == ' ') {
      separate = true;
      i += std::max<std::size_t>(control, 1);
      continue;
    }
    // Where it is no UTF-8, what is left of it is its ASCII.
    if (is_valid || static_cast<unsigned char>(text[i]) < 0x80) {
      if (separate && !out.empty())
        out.push_back(' ');
      separate = false;
      out.push_back(text[i]);
    }
    ++i;
  }
  return out;
}

void mask_every(std::string& text, std::string_view secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mask.size()))
    text.replace(at, secret.size(), mask);
}

void mask_what_looks_like_keys(std::string& text) {
  for (auto at = text.find(key_prefix); at != std::string::npos; at = text.find(key_prefix, at + 1)) {
    if (at > 0 && is_alphanumeric(text[at - 1]))
      continue; // "task-oriented" is no key
    auto end = at + key_prefix.size();
    while (end < text.size() && is_of_key(text[end]))
      ++end;
    if (end > at + key_prefix.size())
      text.replace(at, end - at, mask);
  }
}

struct meaning {
  std::string_view code;
  bool retriable = false;
};

meaning meaning_of(int status) noexcept {
  switch (status) {
  case 400:
  case 422:
    return {"invalid_request"};
  case 401:
    return {"authentication"};
  case 402:
    return {"billing"};
  case 403:
    return {"permission"};
  case 404:
    return {"not_found"};
  case 408:
  case 504:
    return {"timeout", true};
  case 409:
    return {"conflict", true};
  case 413:
    return {"request_too_large"};
  case 429:
    return {"rate_limited", true};
  case 503:
  case 529:
    return {"overloaded", true};
  default:
    return status >= 500 && status <= 599 ? meaning{"server_error", true} : meaning{"unexpected_status"};
  }
}

bool is_retriable(const ports::http_response& response, bool by_status) {
  const auto* said = response.header("x-should-retry");
  if (said != nullptr && *said == "true")
    return true;
  if (said != nullptr && *said == "false")
    return false;
  return by_status;
}

} // namespace

std::string beginning_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    while (bytes_max > 0 && continues_character(text[bytes_max]))
      --bytes_max;
    text = text.substr(0, bytes_max);
  }
  return std::string{text};
}

std::string presentable(std::string_view text, std::string_view key) {
  auto out = one_line(text);
  if (!key.empty())
    mask_every(out, key);
  mask_what_looks_like_keys(out);
  return beginning_of(out, detail_bytes_max); // last, because half a key would not be found
}

std::string presentable_id(std::string_view id) {
  std::string out;
  for (auto c : id)
    if (c > ' ' && c <= '~' && out.size() < id_bytes_max)
      out.push_back(c);
  return out;
}

call_failure failure_of_status(const ports::http_response& response, const complaint& said,
                               std::string_view key, std::chrono::system_clock::time_point now) {
  auto [code, by_status] = meaning_of(response.status);
  call_failure out;
  out.code = said.is_spent ? "spend_limit" : code;
  out.detail = presentable(said.message, key);
  if (out.detail.empty())
    out.detail = "The provider answered " + std::to_string(response.status) + " and gave no reason.";
  out.http_status = response.status;
  out.request_id = presentable_id(said.request_id);
  out.retriable = !said.is_spent && is_retriable(response, by_status);
  out.retry_after = asked_wait(response, now);
  return out;
}

call_failure unreadable_response(const ports::http_response& response, std::string request_id,
                                 std::string why) {
  return {.code = "unreadable_response",
          .detail = std::move(why),
          .http_status = response.status,
          .request_id = std::move(request_id),
          .retriable = true,
          .retry_after = std::nullopt,
          .may_have_been_billed = true};
}

} // namespace sonicmatch::actors::language_model
