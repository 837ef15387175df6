#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace sonicmatch::tests {

/// As much of a JSON Schema 2020-12 validator as our schemas use, written from
/// the specification and not from our reader, so that the two can be compared.
/// A keyword it does not know makes every value invalid. `format` is a note, as
/// the specification has it.
class schema_validator {
public:
  explicit schema_validator(const std::string& schema)
    : root_(parser_.parse(schema)) {}

  [[nodiscard]] bool accepts(std::string_view value);

private:
  bool accepts(simdjson::dom::element schema, simdjson::dom::element value) const;
  bool accepts_keyword(std::string_view keyword, simdjson::dom::element rule, simdjson::dom::object schema,
                       simdjson::dom::element value) const;
  bool accepts_object_keyword(std::string_view keyword, simdjson::dom::element rule,
                              simdjson::dom::object schema, simdjson::dom::object value) const;

  simdjson::dom::parser parser_;
  simdjson::dom::parser value_parser_;
  simdjson::dom::element root_;
};

} // namespace sonicmatch::tests
