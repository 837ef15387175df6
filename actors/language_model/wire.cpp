#include "actors/language_model/wire.hpp"

#include "actors/language_model/failure.hpp"
#include "events/record/writer.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

namespace {

using events::record::write_text;
using simdjson::SUCCESS;

constexpr std::size_t capacity_min = 4096;
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view nothing_said = "(an empty answer)";

// A parser keeps its buffers, so each thread has one. They grow to the largest response the
// thread has read, which the transport bounds.
simdjson::dom::parser& thread_parser() noexcept {
  thread_local simdjson::dom::parser parser;
  return parser;
}

json_place parse_with(simdjson::dom::parser& parser, std::string_view json) noexcept {
  auto capacity = std::max(json.size(), capacity_min);
  if (parser.capacity() < capacity || parser.max_depth() != response_nesting_max)
    if (auto error = parser.allocate(capacity, response_nesting_max))
      return json_place{error};
  return parser.parse(json.data(), json.size());
}

constexpr std::string_view role_of(speaker by) noexcept {
  return by == speaker::user ? "user" : "assistant";
}

} // namespace

json_place parse_body(std::string_view body) noexcept {
  return parse_with(thread_parser(), body);
}

std::string_view text_at(json_place place) noexcept {
  std::string_view text;
  return place.get_string().get(text) == SUCCESS ? text : std::string_view{};
}

std::int64_t tokens_at(json_place place) noexcept {
  double number = 0; // any number of JSON is one, and those up to tokens_max are exact
  if (place.get_double().get(number) != SUCCESS)
    return 0;
  return static_cast<std::int64_t>(std::clamp(number, 0.0, static_cast<double>(tokens_max)));
}

bool is_json_object(std::string_view text) {
  // Not the thread's parser: the caller may still be reading what that one holds.
  simdjson::dom::parser parser;
  return parse_with(parser, text).is_object();
}

std::string why_unreadable(json_place root, std::string_view key) {
  if (root.error() != SUCCESS)
    return "The provider's answer cannot be read as JSON.";
  std::string why = "The provider's answer is JSON, but not of the form that its API promises";
  auto message = text_at(root["error"]["message"]);
  if (message.empty())
    return why + ".";
  return presentable(why + ": " + std::string{message}, key);
}

void write_turns(std::string& out, const std::vector<turn>& said) {
  for (std::size_t i = 0; i < said.size(); ++i) {
    out += i == 0 ? R"({"role":)" : R"(,{"role":)";
    write_text(out, role_of(said[i].by));
    out += R"(,"content":)";
    auto is_blank = said[i].text.find_first_not_of(blanks) == std::string::npos;
    write_text(out, is_blank ? nothing_said : std::string_view{said[i].text});
    out += '}';
  }
}

} // namespace sonicmatch::actors::language_model
