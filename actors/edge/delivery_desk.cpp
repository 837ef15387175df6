#include "actors/edge/delivery_desk.hpp"

#include "events/error.hpp"

#include <algorithm>
#include <vector>

namespace sonicmatch::actors {

std::uint64_t delivery_desk::open(answer told, events::timestamp give_up_at) {
  auto number = count_++;
  waiting_.emplace(number, waiter{std::move(told), give_up_at});
  return number;
}

void delivery_desk::delivered(std::uint64_t number, caf::expected<events::log_position> where) {
  auto found = waiting_.find(number);
  if (found == waiting_.end())
    return;
  auto told = std::move(found->second.told);
  waiting_.erase(found);
  told(std::move(where));
}

void delivery_desk::expire(events::timestamp now) {
  std::vector<std::uint64_t> late;
  for (const auto& [number, each] : waiting_)
    if (each.give_up_at <= now)
      late.push_back(number);
  for (auto number : late)
    delivered(number, events::make_error(events::errc::log_unavailable,
                                         "Kafka has not confirmed the command in time"));
}

void delivery_desk::hasten(events::timestamp latest) {
  for (auto& [number, each] : waiting_)
    each.give_up_at = std::min(each.give_up_at, latest);
}

} // namespace sonicmatch::actors
