#pragma once

#include "events/ids.hpp"

#include <chrono>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sonicmatch::actors::accounts {

/// Counts the wrong passwords of each e-mail address, whether there is an account of it or
/// not, so that nobody can try many: beside the general rate limits, which know only
/// addresses of computers. In memory, for one process; bounded, the address whose last
/// attempt is oldest is forgotten first. Owned by one actor; time is an argument.
class login_throttle {
public:
  struct limits {
    std::size_t failures = 10;
    std::chrono::minutes window{15};
    std::size_t addresses_max = 10'000;
  };

  explicit login_throttle(limits values)
    : limits_(values) {}

  /// Counts an attempt as failed until it is known to be otherwise, so that many at once
  /// are not more than many in turn. When there were too many it is not to be made, and
  /// the result is how long to wait.
  [[nodiscard]] std::optional<std::chrono::seconds> begin(const std::string& email, events::timestamp now);

  /// The password was right: the address begins anew.
  void succeed(const std::string& email);

  /// Nobody looked at the password: the newest attempt does not count.
  void withdraw(const std::string& email);

private:
  struct entry {
    std::string email;
    std::deque<events::timestamp> attempts; ///< oldest first; as many as `failures` at most
  };
  using entries = std::list<entry>;

  entry& touch(const std::string& email);

  limits limits_;
  entries oldest_first_;
  std::unordered_map<std::string, entries::iterator> by_email_;
};

} // namespace sonicmatch::actors::accounts
