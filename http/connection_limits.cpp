#include "http/connection_limits.hpp"

namespace sonicmatch::http {

bool connection_limits::enter(client_network from) {
  std::lock_guard guard{mutex_};
  auto known = by_network_.find(from);
  auto of_network = known == by_network_.end() ? 0 : known->second;
  if (open_ >= overall_max_ || of_network >= per_network_max_) {
    ++refused_;
    return false;
  }
  ++open_;
  ++by_network_[from];
  return true;
}

void connection_limits::leave(client_network from) {
  std::lock_guard guard{mutex_};
  if (auto known = by_network_.find(from); known != by_network_.end() && --known->second == 0)
    by_network_.erase(known);
  if (--open_ == 0)
    emptied_.notify_all();
}

bool connection_limits::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  return emptied_.wait_for(lock, patience, [this] { return open_ == 0; });
}

std::size_t connection_limits::open() const {
  std::lock_guard guard{mutex_};
  return open_;
}

std::uint64_t connection_limits::refused() const {
  std::lock_guard guard{mutex_};
  return refused_;
}

} // namespace sonicmatch::http
