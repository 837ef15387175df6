#include "http/request_metrics.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

std::size_t stripe_of_this_thread() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const auto number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

} // namespace

void request_metrics::begin(const router& routes) {
  for (const auto* each : routes.routes())
    operations_.push_back(each->operation_id);
  for (std::size_t i = 0; i < operations_.size(); ++i)
    places_.emplace(operations_[i], i);
  for (auto& each : counted_)
    each = std::make_unique<counters[]>(operations_.size() + 1);
}

void request_metrics::observe(const exchange& done) noexcept {
  auto known = places_.find(done.operation_id);
  auto place = known == places_.end() ? operations_.size() : known->second;
  auto& into = counted_[stripe_of_this_thread() % stripes][place];
  auto kind = std::clamp(done.status / 100, 1, static_cast<int>(status_kinds)) - 1;
  into.by_status[static_cast<std::size_t>(kind)].fetch_add(1, std::memory_order_relaxed);
  std::chrono::duration<double> took = done.duration;
  auto bucket = std::lower_bound(bounds_s.begin(), bounds_s.end(), took.count()) - bounds_s.begin();
  into.by_duration[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  into.nanoseconds.fetch_add(static_cast<std::uint64_t>(done.duration.count()), std::memory_order_relaxed);
}

std::vector<request_metrics::figures> request_metrics::read() const {
  std::vector<figures> out;
  if (!counted_.front())
    return out; // no server has begun
  for (std::size_t place = 0; place <= operations_.size(); ++place) {
    auto& sum = out.emplace_back();
    if (place < operations_.size())
      sum.operation_id = operations_[place];
    for (const auto& stripe : counted_) {
      const auto& counted = stripe[place];
      for (std::size_t i = 0; i < sum.by_status.size(); ++i)
        sum.by_status[i] += counted.by_status[i].load(std::memory_order_relaxed);
      for (std::size_t i = 0; i < sum.by_duration.size(); ++i)
        sum.by_duration[i] += counted.by_duration[i].load(std::memory_order_relaxed);
      sum.seconds += static_cast<double>(counted.nanoseconds.load(std::memory_order_relaxed)) / 1e9;
    }
  }
  return out;
}

void request_metrics::follow_connections(std::function<connection_figures()> read) {
  std::lock_guard guard{mutex_};
  read_connections_ = std::move(read);
}

connection_figures request_metrics::connections() const {
  std::lock_guard guard{mutex_};
  return read_connections_ ? read_connections_() : connection_figures{};
}

} // namespace sonicmatch::http
