#include "actors/accounts/verified_tokens.hpp"

namespace sonicmatch::actors::accounts {

verified_tokens::digest verified_tokens::digest_of(std::string_view token) {
  return events::sha256(token);
}

std::optional<verified_token> verified_tokens::find(const digest& token) const {
  std::lock_guard guard{mutex_};
  auto known = known_.find(token);
  return known == known_.end() ? std::nullopt : std::optional{known->second};
}

void verified_tokens::put(const digest& token, verified_token found) {
  std::lock_guard guard{mutex_};
  if (!known_.emplace(token, found).second)
    return;
  oldest_first_.push_back(token);
  if (oldest_first_.size() > count_max_) {
    known_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
}

} // namespace sonicmatch::actors::accounts
