#include "tests/support/simulated_groups.hpp"

#include "tests/support/simulated_membership.hpp"

#include <algorithm>

namespace sonicmatch::tests {

namespace {

/// How often it is tried to reach a member that is stalled.
constexpr std::chrono::milliseconds stalled_retry{100};

} // namespace

// -- all groups ---------------------------------------------------------------

simulated_group& simulated_groups::of(const std::string& group, const std::string& topic) {
  auto& found = groups_[{group, topic}];
  if (!found)
    found = std::make_unique<simulated_group>(world_, settings, group, log_.partition_count(topic));
  return *found;
}

const simulated_group* simulated_groups::find(const std::string& group, const std::string& topic) const {
  auto found = groups_.find({group, topic});
  return found == groups_.end() ? nullptr : found->second.get();
}

std::vector<std::shared_ptr<simulated_member>>
simulated_groups::members_of(const std::shared_ptr<simulated_host>& host) const {
  std::vector<std::shared_ptr<simulated_member>> out;
  for (const auto& [name, group] : groups_)
    for (const auto& member : group->members())
      if (member->host() == host)
        out.push_back(member);
  return out;
}

void simulated_groups::fall_silent(const std::shared_ptr<simulated_host>& host) {
  for (const auto& member : members_of(host))
    world_.after(settings.session_timeout, [this, host, member] {
      if (!host->alive || host->stalled)
        member->group().expel(member, std::chrono::milliseconds{50});
    });
}

// -- one group ----------------------------------------------------------------

simulated_world::duration simulated_group::draw_delay() {
  return world_.draw_delay(settings_.delay_min, settings_.delay_max);
}

bool simulated_group::has(const std::shared_ptr<simulated_member>& one) const {
  return std::find(members_.begin(), members_.end(), one) != members_.end();
}

void simulated_group::join(const std::shared_ptr<simulated_member>& fresh) {
  if (settings_.static_members && take_old_place(fresh))
    return;
  members_.push_back(fresh);
  if (rebalancing_)
    prepare(fresh, draw_delay());
  else
    rebalance();
}

bool simulated_group::take_old_place(const std::shared_ptr<simulated_member>& fresh) {
  auto old = std::find_if(members_.begin(), members_.end(), [&](const auto& each) {
    return !each->host()->alive && each->host()->name == fresh->host()->name;
  });
  if (old == members_.end())
    return false;
  for (auto& [partition, owner] : owners_)
    if (owner == old->get())
      owner = fresh.get();
  *old = fresh;
  if (rebalancing_)
    prepare(fresh, draw_delay());
  else
    give(fresh, draw_delay());
  return true;
}

void simulated_group::remove(const std::shared_ptr<simulated_member>& gone) {
  if (std::erase(members_, gone) == 0)
    return;
  ready_.erase(gone.get());
  std::erase_if(owners_, [&](const auto& each) { return each.second == gone.get(); });
  if (rebalancing_)
    complete_when_ready();
  else
    rebalance();
}

void simulated_group::expel(const std::shared_ptr<simulated_member>& gone,
                            simulated_world::duration told_after) {
  if (!has(gone))
    return;
  world_.trace("group " + name_, "expels " + gone->host()->name);
  remove(gone);
  world_.after(told_after, [gone] { gone->lose(); });
}

void simulated_group::rebalance() {
  rebalancing_ = true;
  ready_.clear();
  for (const auto& each : members_)
    prepare(each, draw_delay());
}

void simulated_group::prepare(const std::shared_ptr<simulated_member>& one, simulated_world::duration delay) {
  world_.after(delay, [this, one] {
    if (!has(one) || ready_.contains(one.get()))
      return;
    if (one->host()->stalled)
      prepare(one, stalled_retry);
    else
      one->give_up();
  });
}

void simulated_group::ready(const std::shared_ptr<simulated_member>& waiting) {
  if (!has(waiting))
    return;
  ready_.insert(waiting.get());
  complete_when_ready();
}

void simulated_group::complete_when_ready() {
  if (!rebalancing_ || !std::all_of(members_.begin(), members_.end(), [&](const auto& each) {
        return ready_.contains(each.get());
      }))
    return;
  rebalancing_ = false;
  ++generation_;
  owners_.clear();
  if (members_.empty())
    return;
  // Range assignment: the first ones get one more when it does not come out even.
  auto count = static_cast<std::int32_t>(members_.size());
  partition_id next;
  for (std::int32_t i = 0; i < count; ++i) {
    auto share = partition_count_ / count + (i < partition_count_ % count ? 1 : 0);
    const auto& member = members_[static_cast<std::size_t>(i)];
    for (; share > 0; --share, next = next.next())
      owners_[next] = member.get();
    give(member, draw_delay());
  }
}

void simulated_group::give(const std::shared_ptr<simulated_member>& one, simulated_world::duration delay) {
  world_.after(delay, [this, one, generation = generation_] {
    if (!is_current(generation) || !has(one))
      return;
    std::vector<ports::assignment> given;
    for (const auto& [partition, owner] : owners_)
      if (owner == one.get())
        given.push_back(committed(partition));
    one->take(std::move(given));
  });
}

void simulated_group::commit(const simulated_member& by, partition_id partition, log_offset next,
                             std::string metadata) {
  auto owner = owners_.find(partition);
  if (owner == owners_.end() || owner->second != &by)
    return world_.trace("group " + name_, "refuses a commit of " + by.host()->name);
  committed_[partition] = {partition, next, std::move(metadata)};
}

ports::assignment simulated_group::committed(partition_id partition) const {
  auto found = committed_.find(partition);
  return found == committed_.end() ? ports::assignment{partition, std::nullopt, {}} : found->second;
}

} // namespace sonicmatch::tests
