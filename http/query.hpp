#pragma once

#include <caf/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::http {

/// How many parameters a query may have; more is an error.
inline constexpr std::size_t query_parameters_max = 64;

/// The parameters of a query (`a=1&b=2&a=3`), decoded: percent signs, and plus as
/// space. Values that needed no decoding are views into what was parsed, which
/// must live as long as this does.
class query_parameters {
public:
  struct parameter {
    std::string_view name;
    std::string_view value; ///< empty when there was no equals sign
  };

  /// Parses `text`. Error: unreadable_record for a broken percent sign, bytes that
  /// are no UTF-8, a control character, or more than `query_parameters_max`.
  [[nodiscard]] static caf::expected<query_parameters> parse(std::string_view text);

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept;

  /// All values of that name, in order.
  [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;

  /// Everything, in order.
  [[nodiscard]] const std::vector<parameter>& all() const noexcept {
    return parameters_;
  }

private:
  std::vector<parameter> parameters_;
  std::unique_ptr<char[]> decoded_; ///< behind the views of decoded parts
};

/// Decodes percent signs of `text` into `out` (room for text.size() bytes) and
/// returns the length; nothing for a broken escape. `keep_slash` leaves %2F alone.
[[nodiscard]] std::optional<std::size_t> decode_percent(std::string_view text, char* out, bool keep_slash,
                                                        bool plus_is_space) noexcept;

/// Whether `text` is valid UTF-8 without control characters.
[[nodiscard]] bool is_clean_text(std::string_view text) noexcept;

} // namespace sonicmatch::http
