#include "events/record/reader.hpp"

namespace sonicmatch::events::record {

namespace {

struct malformation {
  std::string_view code;
  std::string_view detail;
};

malformation explain(simdjson::error_code error) {
  switch (error) {
  case simdjson::DEPTH_ERROR:
    return {"too_deep", "is nested more than 16 levels deep"};
  case simdjson::UTF8_ERROR:
    return {"malformed", "is not valid UTF-8"};
  case simdjson::EMPTY:
    return {"malformed", "is empty; a JSON document is expected"};
  case simdjson::STRING_ERROR:
  case simdjson::UNCLOSED_STRING:
  case simdjson::UNESCAPED_CHARS:
    return {"malformed", "is not valid JSON: a string is not closed or holds a wrong escape"};
  case simdjson::NUMBER_ERROR:
    return {"malformed", "is not valid JSON: a number is malformed or out of range"};
  default:
    return {"malformed", "is not valid JSON"};
  }
}

// A parser keeps its buffers, so each thread has one. They grow to the largest document
// the thread has read: bounded by Kafka's record size and the edge's body limit.
simdjson::dom::parser& thread_parser() {
  thread_local simdjson::dom::parser parser;
  return parser;
}

} // namespace

std::optional<simdjson::dom::element> parse(std::string_view json, violations& wrong) {
  auto& parser = thread_parser();
  // One level more than allowed, because simdjson counts the document itself.
  auto capacity = std::max<std::size_t>(json.size(), 4096);
  if (parser.capacity() < capacity || parser.max_depth() != nesting_max + 1) {
    if (auto error = parser.allocate(capacity, nesting_max + 1)) {
      wrong.push_back({"", "malformed", std::string{simdjson::error_message(error)}});
      return std::nullopt;
    }
  }
  simdjson::dom::element root;
  if (auto error = parser.parse(json.data(), json.size()).get(root)) {
    auto [code, detail] = explain(error);
    wrong.push_back({"", std::string{code}, std::string{detail}});
    return std::nullopt;
  }
  return root;
}

namespace detail {

std::string pointer_to(const place& at) {
  if (at.parent == nullptr)
    return {};
  auto out = pointer_to(*at.parent) + "/";
  if (at.is_index)
    return out + std::to_string(at.index);
  for (auto c : at.name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out.push_back(c);
  }
  return out;
}

bool whole_number(simdjson::dom::element from, std::int64_t& out) {
  if (from.get_int64().get(out) == simdjson::SUCCESS)
    return true;
  // Beyond 2^53 a double no longer says which whole number was meant.
  constexpr double exact_max = 9'007'199'254'740'992;
  double number = 0;
  if (!from.is_double() || from.get_double().get(number) != simdjson::SUCCESS || std::trunc(number) != number
      || std::abs(number) > exact_max)
    return false;
  out = static_cast<std::int64_t>(number);
  return true;
}

std::string_view kind_of(simdjson::dom::element value) {
  switch (value.type()) {
  case simdjson::dom::element_type::ARRAY:
    return "an array";
  case simdjson::dom::element_type::OBJECT:
    return "an object";
  case simdjson::dom::element_type::STRING:
    return "a string";
  case simdjson::dom::element_type::BOOL:
    return "true or false";
  case simdjson::dom::element_type::NULL_VALUE:
    return "null";
  default:
    return "a number";
  }
}

void report_type(context& in, const place& at, std::string_view expected, simdjson::dom::element found) {
  in.report(at, "wrong_type", "must be " + std::string{expected} + ", not " + std::string{kind_of(found)});
}

bool check_range(context& in, const place& at, double value, const rules& rule) {
  if (value >= rule.minimum && value <= rule.maximum)
    return true;
  std::string detail = "must be ";
  if (std::isinf(rule.maximum)) {
    detail += "at least ";
    write_number(detail, rule.minimum);
  } else {
    detail += "between ";
    write_number(detail, rule.minimum);
    detail += " and ";
    write_number(detail, rule.maximum);
  }
  in.report(at, "out_of_range", std::move(detail));
  return false;
}

bool check_text(context& in, const place& at, std::string_view text, std::size_t size_min,
                std::size_t size_max) {
  // Characters, as JSON Schema and whoever types them count: each UTF-8 character has one
  // byte that does not go on from the one before.
  auto characters = static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
  if (characters >= size_min && characters <= size_max)
    return true;
  in.report(at, "wrong_size",
            "must be " + std::to_string(size_min) + " to " + std::to_string(size_max) + " characters long");
  return false;
}

} // namespace detail
} // namespace sonicmatch::events::record
