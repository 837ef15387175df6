#include "actors/accounts/login_throttle.hpp"

namespace sonicmatch::actors::accounts {

login_throttle::entry& login_throttle::touch(const std::string& email) {
  if (auto known = by_email_.find(email); known != by_email_.end()) {
    oldest_first_.splice(oldest_first_.end(), oldest_first_, known->second);
    return *known->second;
  }
  if (oldest_first_.size() >= limits_.addresses_max) {
    by_email_.erase(oldest_first_.front().email);
    oldest_first_.pop_front();
  }
  oldest_first_.push_back({email, {}});
  by_email_.emplace(email, std::prev(oldest_first_.end()));
  return oldest_first_.back();
}

std::optional<std::chrono::seconds> login_throttle::begin(const std::string& email, events::timestamp now) {
  auto& attempts = touch(email).attempts;
  while (!attempts.empty() && attempts.front() + limits_.window <= now)
    attempts.pop_front();
  if (attempts.size() < limits_.failures) {
    attempts.push_back(now);
    return std::nullopt;
  }
  return std::chrono::ceil<std::chrono::seconds>(attempts.front() + limits_.window - now);
}

void login_throttle::succeed(const std::string& email) {
  if (auto known = by_email_.find(email); known != by_email_.end()) {
    oldest_first_.erase(known->second);
    by_email_.erase(known);
  }
}

void login_throttle::withdraw(const std::string& email) {
  if (auto known = by_email_.find(email); known != by_email_.end() && !known->second->attempts.empty())
    known->second->attempts.pop_back();
}

} // namespace sonicmatch::actors::accounts
