#pragma once

#include "http/message.hpp"
#include "http/router.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::http {

/// Which browser origins may read answers (the Fetch standard's CORS protocol).
/// Immutable; read by every I/O thread.
class cors_policy {
public:
  /// `origins` as browsers send them: "http://localhost:3000"; "*" allows all.
  explicit cors_policy(std::vector<std::string> origins);

  /// Whether `origin` may read answers.
  [[nodiscard]] bool allows(std::string_view origin) const noexcept;

  /// Appends the header lines every answer gets: `Vary: Origin`, and for an
  /// allowed origin that origin echoed with the exposed headers.
  void append_headers(std::string& head, std::string_view origin) const;

  /// Whether an OPTIONS request is a preflight rather than a question.
  [[nodiscard]] static bool is_preflight(const request& asked) noexcept;

  /// Answers a preflight for a path with these methods: 204.
  [[nodiscard]] response answer_preflight(const request& asked, const method_set& allowed) const;

private:
  std::vector<std::string> origins_;
  bool all_ = false;
};

} // namespace sonicmatch::http
