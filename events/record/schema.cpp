#include "events/record/schema.hpp"

#include <cmath>

namespace sonicmatch::events::record::detail {

std::string with_default(std::string schema, std::string_view json) {
  schema.back() = ',';
  return R"({"allOf":[)" + schema + R"("default":)" + std::string{json} + "}]}";
}

std::string range_keywords(const rules& rule) {
  std::string out;
  if (std::isfinite(rule.minimum)) {
    out += R"(,"minimum":)";
    write_number(out, rule.minimum);
  }
  if (std::isfinite(rule.maximum)) {
    out += R"(,"maximum":)";
    write_number(out, rule.maximum);
  }
  return out;
}

std::string size_keywords(std::size_t minimum, std::size_t maximum, std::string_view what) {
  std::string out;
  if (minimum > 0)
    out += ",\"min" + std::string{what} + "\":" + std::to_string(minimum);
  if (maximum != std::numeric_limits<std::size_t>::max())
    out += ",\"max" + std::string{what} + "\":" + std::to_string(maximum);
  return out;
}

std::string notes(const rules& rule) {
  std::string out;
  if (!rule.description.empty()) {
    out += R"(,"description":)";
    write_text(out, rule.description);
  }
  if (!rule.example.empty())
    out += R"(,"examples":[)" + std::string{rule.example} + ']';
  return out;
}

} // namespace sonicmatch::events::record::detail
