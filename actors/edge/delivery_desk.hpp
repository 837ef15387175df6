#pragma once

#include "events/ids.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <functional>
#include <map>

namespace sonicmatch::actors {

/// Commands whose senders are told as soon as they are durable, and of nothing later.
/// Owned and used by the edge actor; it calls the answers, each exactly once.
class delivery_desk {
public:
  using answer = std::function<void(caf::expected<events::log_position>)>;

  /// Waits for a delivery report, until `give_up_at` at most. Returns the number that it
  /// is to be reported under.
  [[nodiscard]] std::uint64_t open(answer told, events::timestamp give_up_at);

  /// The delivery report; one that comes too late is nobody's.
  void delivered(std::uint64_t number, caf::expected<events::log_position> where);

  /// Answers those whose time is over: whether their commands are durable is not known.
  void expire(events::timestamp now);

  /// Nobody waits longer than until `latest`.
  void hasten(events::timestamp latest);

  [[nodiscard]] std::size_t size() const noexcept {
    return waiting_.size();
  }

private:
  struct waiter {
    answer told;
    events::timestamp give_up_at;
  };

  std::map<std::uint64_t, waiter> waiting_; ///< by number
  std::uint64_t count_ = 0;
};

} // namespace sonicmatch::actors
