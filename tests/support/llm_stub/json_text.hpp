#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// JSON as text, written straight into a string: answers are made thousands of times
/// a second beside the system under test.
namespace sonicmatch::tests::llm_stub {

/// Appends `text` as a JSON string, quotes included.
void append_quoted(std::string& out, std::string_view text);

/// Appends a number as short as it reads back the same.
void append_number(std::string& out, double value);

/// Writes one object, from its opening brace; close() writes the other.
class object_writer {
public:
  explicit object_writer(std::string& out);

  /// Writes the name, and returns the string for its value to be appended to.
  std::string& value_of(std::string_view name);

  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::int64_t value);
  void boolean(std::string_view name, bool value);
  /// `value` is JSON already.
  void raw(std::string_view name, std::string_view value);
  void close();

private:
  std::string& out_;
  bool is_first_ = true;
};

} // namespace sonicmatch::tests::llm_stub
