#pragma once

#include "events/ids.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace sonicmatch::actors::language_model {

/// Keeps calls away from a model that is down: so many failures in a row open it,
/// and then nobody waits for a timeout. After a pause one call may try; its success
/// closes the breaker, its failure doubles the pause. Pure; one thread.
class circuit_breaker {
public:
  enum class state : std::uint8_t { closed, open, half_open };

  struct limits {
    int failures_max = 5; ///< in a row
    std::chrono::milliseconds pause_min{1'000};
    std::chrono::milliseconds pause_max{15'000};
  };

  circuit_breaker() = default;
  explicit circuit_breaker(limits bounds)
    : bounds_(bounds) {}

  /// Whether a call may be made now. When this says yes after a pause, it is the one
  /// that tries: succeeded(), failed() or abandoned() must follow.
  [[nodiscard]] bool admits(events::timestamp now) {
    if (state_ == state::open && now >= open_until_)
      state_ = state::half_open;
    if (state_ == state::half_open)
      return !std::exchange(trying_, true);
    return state_ == state::closed;
  }

  /// Whether every call is refused now.
  [[nodiscard]] bool refuses(events::timestamp now) const noexcept {
    return (state_ == state::open && now < open_until_) || (state_ == state::half_open && trying_);
  }

  void succeeded() {
    *this = circuit_breaker{bounds_};
  }

  void failed(events::timestamp now) {
    ++failures_;
    if (state_ == state::open || (state_ == state::closed && failures_ < bounds_.failures_max))
      return;
    pause_ = state_ == state::half_open ? std::min(pause_ * 2, bounds_.pause_max) : bounds_.pause_min;
    state_ = state::open;
    trying_ = false;
    open_until_ = now + pause_;
  }

  /// The call that was admitted will not be made, or says nothing of the model.
  void abandoned() {
    trying_ = false;
  }

  [[nodiscard]] state now_at() const noexcept {
    return state_;
  }

private:
  limits bounds_{};
  state state_ = state::closed;
  int failures_ = 0;
  bool trying_ = false;
  std::chrono::milliseconds pause_{};
  events::timestamp open_until_;
};

} // namespace sonicmatch::actors::language_model
