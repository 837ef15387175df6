#pragma once

#include "actors/ports/password_hashing.hpp"
#include "actors/ports/token_signer.hpp"
#include "events/error.hpp"

#include <string>

namespace sonicmatch::tests {

/// "Hashes" by writing the password behind a mark, and counts. One thread.
class plain_hashing final : public actors::ports::password_hashing {
public:
  caf::expected<std::string> hash(std::string_view password) override {
    ++hashed;
    if (without_memory)
      return events::make_error(events::errc::overloaded, "no memory");
    return mark + std::string{password};
  }
  caf::expected<bool> verify(std::string_view password, const std::string& hash) override {
    ++verified;
    if (without_memory)
      return events::make_error(events::errc::overloaded, "no memory");
    return hash.substr(hash.find(':') + 1) == password;
  }
  [[nodiscard]] bool is_outdated(std::string_view hash) const override {
    return !hash.starts_with(mark);
  }

  std::string mark = "today:";
  int hashed = 0;
  int verified = 0;
  bool without_memory = false;
};

/// "Signs" by writing a mark before the claims, and counts what it opens.
class plain_signer final : public actors::ports::token_signer {
public:
  caf::expected<std::string> sign(std::string_view claims) const override {
    return "signed." + std::string{claims};
  }
  caf::expected<std::string> open(std::string_view token) const override {
    ++opened;
    if (!token.starts_with("signed."))
      return events::make_error(events::errc::unauthenticated, "not signed");
    return std::string{token.substr(7)};
  }

  mutable int opened = 0;
};

} // namespace sonicmatch::tests
