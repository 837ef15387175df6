#include "tests/support/llm_stub/question.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace sonicmatch::tests::llm_stub {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t hashed_bytes = 2'048;
constexpr std::size_t max_results_default = 5;
constexpr std::size_t max_results_max = 100;

/// How the line before the catalog's lines begins.
constexpr std::string_view catalog_header = "slug|name|";

std::uint64_t mix(std::uint64_t seed, std::string_view text) {
  // The golden ratio's bits spread what is alike, as in boost::hash_combine.
  return seed ^ (std::hash<std::string_view>{}(text) + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

std::uint64_t mix_bounded(std::uint64_t seed, std::string_view text) {
  seed = mix(seed + text.size(), text.substr(0, hashed_bytes));
  return mix(seed, text.substr(text.size() - std::min(text.size(), hashed_bytes)));
}

/// The text after `"name"` and a colon, from `from` on; nothing when it is not there.
/// `quote` is how a quotation mark is written. A user's own words can't be mistaken for
/// a name: the quotation marks in them are escaped once more.
std::optional<std::size_t> find_value(std::string_view text, std::string_view name, std::string_view quote,
                                      std::size_t from) {
  auto quoted = std::string{quote}.append(name).append(quote);
  for (auto at = text.find(quoted, from); at != std::string_view::npos; at = text.find(quoted, at + 1)) {
    auto end = text.find_first_not_of(" \t\n", at + quoted.size());
    if (end != std::string_view::npos && text[end] == ':')
      return std::min(text.find_first_not_of(" \t\n", end + 1), text.size());
  }
  return std::nullopt;
}

/// The next headphone's slug, and where to look on.
std::optional<std::pair<std::string_view, std::size_t>>
next_headphone(std::string_view text, std::string_view quote, std::size_t from) {
  for (auto at = find_value(text, "headphone", quote, from); at;
       at = find_value(text, "headphone", quote, *at)) {
    if (!text.substr(*at).starts_with(quote))
      continue;
    auto begin = *at + quote.size();
    auto end = text.find(quote, begin);
    if (end == std::string_view::npos)
      return std::nullopt;
    return std::pair{text.substr(begin, end - begin), end};
  }
  return std::nullopt;
}

/// Where the line after the one at `from` begins; the text's size when there is none.
std::size_t after_line(std::string_view text, std::size_t from) {
  constexpr std::string_view line_end = "\\n"; // as it is written inside of a string
  auto end = text.find(line_end, std::min(from, text.size()));
  return end == std::string_view::npos ? text.size() : end + line_end.size();
}

/// The first column of the catalog's line at `from`; nothing when it is no such line.
std::optional<std::string_view> slug_of_line(std::string_view text, std::size_t from) {
  auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", from);
  if (end == std::string_view::npos || end == from || text[end] != '|')
    return std::nullopt;
  return text.substr(from, end - from);
}

/// Takes what is asked from a user's turn. Returns whether it asks for anything.
bool take_asked(std::string_view said, question& out) {
  if (find_value(said, "explain", "\"", 0)) {
    out.is_explanation = true;
    return true;
  }
  auto candidates = find_value(said, "candidates", "\"", 0);
  if (!candidates)
    return false;
  auto wanted = max_results_default;
  if (auto at = find_value(said, "max_results", "\"", 0))
    std::from_chars(said.data() + *at, said.data() + said.size(), wanted);
  wanted = std::min(wanted, max_results_max);
  auto from = *candidates;
  while (out.headphones.size() < wanted) {
    auto found = next_headphone(said, "\"", from);
    if (!found)
      break;
    out.headphones.emplace_back(found->first);
    from = found->second;
  }
  return true;
}

/// Calls `use` with each text of a message's or a system prompt's content: a string,
/// or blocks. Returns whether a block is marked with cache_control.
template <class Use>
bool each_text(ondemand::value content, Use use) {
  if (content.type() != ondemand::json_type::array) {
    use(content);
    return false;
  }
  bool is_marked = false;
  for (ondemand::object block : content.get_array())
    for (auto field : block) {
      std::string_view key = field.unescaped_key();
      if (key == "text" || key == "content")
        use(field.value());
      else if (key == "cache_control")
        is_marked = true;
    }
  return is_marked;
}

/// What messages say, gathered from the whole array.
struct conversation {
  question& out;
  std::vector<std::string_view> said_by_user{}; ///< in the parser's memory

  void add_prefix(ondemand::value text) {
    std::string_view raw = text.raw_json_token();
    out.prefix_hash = mix_bounded(out.prefix_hash, raw);
    out.prefix_bytes += static_cast<std::int64_t>(raw.size());
  }

  void add_said(std::string_view role, ondemand::value text) {
    if (text.type() != ondemand::json_type::string)
      return;
    std::string_view said = text.get_string();
    out.hash = mix(mix(out.hash, role), said);
    if (role == "user")
      said_by_user.push_back(said);
  }

  void add_message(ondemand::object message) {
    std::string_view role = message.find_field_unordered("role");
    if (role == "user")
      ++out.user_turns;
    auto is_system = role == "system" || role == "developer";
    ondemand::value content;
    // An assistant's turn may have only tool calls.
    if (message.find_field_unordered("content").get(content) != simdjson::SUCCESS)
      return;
    each_text(content, [&](ondemand::value text) { is_system ? add_prefix(text) : add_said(role, text); });
  }
};

void take_tools(ondemand::array tools, question& out) {
  for (ondemand::object tool : tools)
    for (auto field : tool) {
      std::string_view key = field.unescaped_key();
      if (key == "cache_control")
        out.marks_prefix = true;
      else if (key == "name" && out.tool.empty())
        out.tool = std::string_view{field.value()};
    }
  tools.reset();
  std::string_view raw = tools.raw_json();
  out.prefix_hash = mix_bounded(out.prefix_hash, raw);
  out.prefix_bytes += static_cast<std::int64_t>(raw.size());
}

void take_field(std::string_view key, ondemand::value value, question& out, conversation& all) {
  if (key == "model")
    out.model = std::string_view{value};
  else if (key == "system")
    out.marks_prefix |= each_text(value, [&](ondemand::value text) { all.add_prefix(text); });
  else if (key == "tools")
    take_tools(value, out);
  else if (key == "messages")
    for (ondemand::object message : value.get_array())
      all.add_message(message);
  else if (key == "cache_control")
    out.marks_prefix = true;
  else if (key == "temperature" || key == "top_p" || key == "top_k")
    out.sets_sampling = true;
  else if (key == "tool_choice" && value.type() == ondemand::json_type::object) {
    std::string_view type = value.find_field_unordered("type");
    out.forces_tool = type == "tool" || type == "any";
  }
}

} // namespace

std::optional<question> question_reader::read(wire_format format, std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  question out;
  out.format = format;
  out.body_bytes = static_cast<std::int64_t>(body.size());
  conversation all{out};
  try {
    auto document = parser_.iterate(simdjson::padded_string_view{body.data(), body.size(), body.capacity()});
    for (auto field : document.get_object())
      take_field(field.unescaped_key(), field.value(), out, all);
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
  if (out.model.empty() || out.user_turns == 0)
    return std::nullopt;
  // The last turn asks; a repair's last turn may have only the reasons.
  for (auto said = all.said_by_user.rbegin(); said != all.said_by_user.rend(); ++said)
    if (take_asked(*said, out))
      break;
  return out;
}

std::string headphone_outside(std::string_view body) {
  // Inside a request's strings a quotation mark is written with a backslash.
  constexpr std::string_view quote = "\\\"";
  auto candidates = find_value(body, "candidates", quote, 0).value_or(body.size());
  std::vector<std::string_view> inside;
  for (auto found = next_headphone(body, quote, candidates); found;
       found = next_headphone(body, quote, found->second))
    inside.push_back(found->first);
  auto catalog = after_line(body, body.find(catalog_header));
  while (auto slug = slug_of_line(body, catalog)) {
    if (std::find(inside.begin(), inside.end(), *slug) == inside.end())
      return std::string{*slug};
    catalog = after_line(body, catalog);
  }
  return {};
}

} // namespace sonicmatch::tests::llm_stub
