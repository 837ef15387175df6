#include "infra/kafka/credit.hpp"

#include <utility>

namespace sonicmatch::infra::kafka {

credit_ledger::credit_ledger(limits bounds, std::function<void()> on_relief)
  : bounds_(bounds)
  , on_relief_(std::move(on_relief)) {}

std::shared_ptr<void> credit_ledger::lend(std::vector<share> shares) {
  {
    std::lock_guard lock{guard_};
    ++batches_;
    for (const auto& [partition, bytes] : shares) {
      auto index = static_cast<std::size_t>(partition);
      if (index >= by_partition_.size())
        by_partition_.resize(index + 1);
      by_partition_[index] += bytes;
      bytes_ += bytes;
    }
  }
  struct loan {
    std::shared_ptr<credit_ledger> lender;
    std::vector<share> shares;
    loan(std::shared_ptr<credit_ledger> who, std::vector<share> what)
      : lender(std::move(who))
      , shares(std::move(what)) {}
    loan(const loan&) = delete;
    loan& operator=(const loan&) = delete;
    ~loan() {
      lender->give_back(shares);
    }
  };
  return std::make_shared<loan>(shared_from_this(), std::move(shares));
}

void credit_ledger::give_back(const std::vector<share>& shares) {
  std::lock_guard lock{guard_};
  --batches_;
  for (const auto& [partition, bytes] : shares) {
    by_partition_[static_cast<std::size_t>(partition)] -= bytes;
    bytes_ -= bytes;
  }
  if (!wanted_)
    return;
  auto partition_relieved = [&] {
    for (const auto& one : shares)
      if (held_by(one.partition) <= bounds_.partition_bytes_max / 2)
        return true;
    return false;
  };
  if (batches_ <= bounds_.batches_max / 2 && bytes_ <= bounds_.bytes_max / 2 && partition_relieved()) {
    wanted_ = false;
    if (on_relief_)
      on_relief_(); // under the lock, so that disconnect() is a barrier
  }
}

std::size_t credit_ledger::held_by(std::int32_t partition) const noexcept {
  auto index = static_cast<std::size_t>(partition);
  return index < by_partition_.size() ? by_partition_[index] : 0;
}

bool credit_ledger::exhausted() const {
  std::lock_guard lock{guard_};
  return batches_ >= bounds_.batches_max || bytes_ >= bounds_.bytes_max;
}

bool credit_ledger::exhausted(std::int32_t partition) const {
  std::lock_guard lock{guard_};
  return batches_ >= bounds_.batches_max || bytes_ >= bounds_.bytes_max
         || held_by(partition) >= bounds_.partition_bytes_max;
}

bool credit_ledger::relieved(std::int32_t partition) const {
  std::lock_guard lock{guard_};
  return batches_ <= bounds_.batches_max / 2 && bytes_ <= bounds_.bytes_max / 2
         && held_by(partition) <= bounds_.partition_bytes_max / 2;
}

void credit_ledger::await_relief() {
  std::lock_guard lock{guard_};
  wanted_ = true;
}

void credit_ledger::disconnect() {
  std::lock_guard lock{guard_};
  on_relief_ = nullptr;
}

} // namespace sonicmatch::infra::kafka
