#include "http/routes/waiting.hpp"

#include "events/error.hpp"
#include "http/ascii.hpp"
#include "http/routes/reading.hpp"

#include <algorithm>
#include <charconv>

namespace sonicmatch::http {

namespace {

constexpr std::string_view key_name = "idempotency-key";
/// Beyond this a number of seconds is as good as none.
constexpr std::size_t wait_digits_max = 9;

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.size() > wait_digits_max || failure != std::errc{}
      || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return std::chrono::seconds{number};
}

/// One preference of the list; the first of a name counts.
void take(std::string_view member, preferred_waiting& out) {
  auto preference = trim(member.substr(0, member.find(';')));
  auto equals = preference.find('=');
  auto name = trim(preference.substr(0, equals));
  if (equals_ignoring_case(name, "respond-async"))
    out.respond_async = true;
  else if (equals_ignoring_case(name, "wait") && equals != std::string_view::npos && !out.wait)
    out.wait = seconds_of(trim(preference.substr(equals + 1)));
}

/// What a structured field's string holds, or nothing.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      return std::nullopt;
    if (text[i] == '\\' && (++i == text.size() || (text[i] != '"' && text[i] != '\\')))
      return std::nullopt;
    out += text[i];
  }
  return out;
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

} // namespace

std::string preferred_waiting::applied() const {
  std::string out = respond_async ? "respond-async" : "";
  if (wait)
    out += (out.empty() ? "wait=" : ", wait=") + std::to_string(wait->count());
  return out;
}

preferred_waiting preferred_waiting_of(const request& asked) {
  preferred_waiting out;
  for (auto member : members_of(asked, "prefer"))
    take(member, out);
  return out;
}

void note_preference(response& answer, const preferred_waiting& applied) {
  if (auto said = applied.applied(); !said.empty())
    answer.headers.push_back({"Preference-Applied", std::move(said)});
}

caf::expected<std::optional<std::string>> idempotency_key_of(const request& asked) {
  std::optional<std::string_view> sent;
  auto wrong = [](std::string_view why) {
    return events::make_error(events::errc::unreadable_record,
                              "The header Idempotency-Key " + std::string{why} + ".");
  };
  for (const auto& field : asked.headers())
    if (equals_ignoring_case(field.name, key_name)) {
      if (sent)
        return wrong("must be sent once");
      sent = trim(field.value);
    }
  if (!sent)
    return std::optional<std::string>{};
  auto key = sent->starts_with('"') ? unquoted(*sent) : std::optional{std::string{*sent}};
  if (!key)
    return wrong("must be a quoted string, or one without quotes");
  if (key->size() < idempotency_key_min || key->size() > idempotency_key_max)
    return wrong("must have 16 to 255 characters");
  if (!is_visible(*key))
    return wrong("must be visible ASCII, without spaces");
  return key;
}

} // namespace sonicmatch::http
