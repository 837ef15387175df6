#include "tests/support/simulated_membership.hpp"

namespace sonicmatch::tests {

namespace {

using namespace std::chrono_literals;

/// How likely it is that a commit under way arrives although its sender has died.
constexpr double arrives_after_death = 0.5;

class simulated_consumer final : public ports::group_consumer {
public:
  simulated_consumer(simulated_world& world, std::shared_ptr<simulated_member> member)
    : world_(world)
    , member_(std::move(member)) {}
  simulated_consumer(const simulated_consumer&) = delete;
  simulated_consumer& operator=(const simulated_consumer&) = delete;
  ~simulated_consumer() override {
    member_->drop();
  }

  void leave() override {
    auto left = std::make_shared<bool>(false);
    member_->leave([left] { *left = true; });
    auto until = world_.now() + 30s;
    while (!*left && member_->host()->alive && world_.step(until)) {
    }
  }
  void start(partition_id partition, log_offset from) override {
    member_->start(partition, from);
  }
  void commit(partition_id partition, log_offset next, std::string metadata) override {
    member_->commit(partition, next, std::move(metadata));
  }
  void release(partition_id partition) override {
    member_->release(partition);
  }

private:
  simulated_world& world_;
  std::shared_ptr<simulated_member> member_;
};

std::string names_of(const std::set<partition_id>& partitions) {
  std::string out;
  for (auto each : partitions)
    out.append(" ").append(to_string(each));
  return out;
}

} // namespace

simulated_member::simulated_member(simulated_world& world, simulated_log& log, simulated_group& group,
                                   std::string topic, std::shared_ptr<simulated_host> host,
                                   const simulated_network& network, ports::group_consumer::sink out)
  : world_(world)
  , group_(group)
  , host_(std::move(host))
  , network_(network)
  , topic_(std::move(topic))
  , out_(std::move(out)) {
  fetcher_ = std::make_shared<simulated_fetcher>(world_, log, host_, network_, topic_,
                                                 simulated_fetcher::sink{out_.on_batch, nullptr});
}

simulated_world::duration simulated_member::draw_delay() {
  return world_.draw_delay(network_.delay_min, network_.delay_max);
}

void simulated_member::join() {
  world_.after(draw_delay(), [self = shared_from_this()] {
    if (self->silent_ || !self->host_->alive)
      return;
    self->in_group_ = true;
    self->group_.join(self);
  });
}

// -- what the coordinator says ------------------------------------------------

void simulated_member::take(std::vector<ports::assignment> given) {
  if (silent_ || !world_.io_point(*host_, "assigned " + std::to_string(given.size()) + " of " + topic_))
    return;
  ++epoch_;
  for (const auto& each : given)
    owned_.insert(each.partition);
  if (!given.empty())
    out_.on_assigned(std::move(given));
}

void simulated_member::give_up() {
  if (!revoking_.empty())
    return; // it is at it
  if (owned_.empty() || silent_ || !host_->alive) {
    if (host_->alive) // the dead are waited for
      group_.ready(shared_from_this());
    return;
  }
  if (!world_.io_point(*host_, "revoked of " + topic_ + ":" + names_of(owned_)))
    return;
  for (auto each : owned_)
    fetcher_->stop(each);
  revoking_ = owned_;
  ++epoch_;
  world_.after(group_.release_timeout(),
               [self = shared_from_this(), epoch = epoch_] { self->revoked_long_enough(epoch); });
  out_.on_revoked({owned_.begin(), owned_.end()}, false);
}

void simulated_member::revoked_long_enough(std::uint64_t epoch) {
  if (epoch != epoch_ || revoking_.empty() || !host_->alive)
    return;
  if (host_->stalled)
    return world_.after(100ms, [self = shared_from_this(), epoch] { self->revoked_long_enough(epoch); });
  world_.trace(host_->name, "did not release in time:" + names_of(revoking_));
  finish_revoking();
}

void simulated_member::finish_revoking() {
  owned_.clear();
  revoking_.clear();
  released_.clear();
  ++epoch_;
  if (left_) {
    group_.remove(shared_from_this());
    silent_ = true;
    return std::exchange(left_, nullptr)();
  }
  group_.ready(shared_from_this());
}

void simulated_member::lose() {
  if (silent_ || !host_->alive)
    return;
  if (host_->stalled)
    return world_.after(50ms, [self = shared_from_this()] { self->lose(); });
  in_group_ = false;
  commits_.clear();
  ++epoch_;
  auto lost = owned_;
  for (auto each : revoking_)
    lost.erase(each); // told already
  for (auto each : owned_)
    fetcher_->stop(each);
  owned_.clear();
  revoking_.clear();
  released_.clear();
  if (left_) {
    silent_ = true;
    return std::exchange(left_, nullptr)();
  }
  if (!world_.io_point(*host_, "lost of " + topic_ + ":" + names_of(lost)))
    return;
  if (!lost.empty())
    out_.on_revoked({lost.begin(), lost.end()}, true);
  join();
}

// -- what the process says ----------------------------------------------------

void simulated_member::start(partition_id partition, log_offset from) {
  if (!world_.io_point(*host_, "start " + topic_ + " at " + to_string(log_position{partition, from})))
    return;
  world_.after(200us, [self = shared_from_this(), partition, from, epoch = epoch_] {
    if (epoch == self->epoch_ && self->owned_.contains(partition) && self->revoking_.empty()
        && !self->silent_)
      self->fetcher_->start(partition, from);
  });
}

void simulated_member::commit(partition_id partition, log_offset next, std::string metadata) {
  if (!world_.io_point(*host_, "commit " + topic_ + " " + to_string(log_position{partition, next})))
    return;
  if (!owned_.contains(partition) || silent_)
    return;
  auto is_first = commits_.insert_or_assign(partition, pending_commit{next, std::move(metadata)}).second;
  if (is_first)
    world_.after(draw_delay(), [self = shared_from_this(), partition] { self->carry_out(partition); });
}

void simulated_member::carry_out(partition_id partition) {
  auto found = commits_.find(partition);
  if (found == commits_.end())
    return;
  auto wanted = std::move(found->second);
  commits_.erase(found);
  if (!host_->alive && !world_.chance(arrives_after_death))
    return world_.trace(host_->name, "lost with it: a commit");
  group_.commit(*this, partition, wanted.next, std::move(wanted.metadata));
  if (world_.io_point(*host_, "committed " + topic_ + " " + to_string(log_position{partition, wanted.next}))
      && released_.contains(partition))
    release(partition);
}

void simulated_member::release(partition_id partition) {
  if (!world_.io_point(*host_, "release " + topic_ + "[" + to_string(partition) + "]")
      || !revoking_.contains(partition))
    return;
  if (commits_.contains(partition)) {
    released_.insert(partition);
    return;
  }
  released_.erase(partition);
  revoking_.erase(partition);
  if (revoking_.empty())
    finish_revoking();
}

void simulated_member::leave(std::function<void()> left) {
  left_ = std::move(left);
  if (!in_group_ || owned_.empty()) {
    if (revoking_.empty())
      finish_revoking();
    return;
  }
  give_up();
}

void simulated_member::drop() {
  if (std::exchange(silent_, true) || !host_->alive)
    return;
  fetcher_->close();
  world_.after(draw_delay(), [self = shared_from_this()] { self->group_.remove(self); });
}

// -- the port -----------------------------------------------------------------

simulated_membership::simulated_membership(simulated_world& world, simulated_log& log,
                                           simulated_groups& groups, std::shared_ptr<simulated_host> host,
                                           const simulated_network& network)
  : world_(world)
  , log_(log)
  , groups_(groups)
  , host_(std::move(host))
  , network_(network) {}

std::shared_ptr<simulated_member> simulated_membership::join_as_member(const std::string& group,
                                                                       const std::string& topic,
                                                                       ports::group_consumer::sink out) {
  auto fresh = std::make_shared<simulated_member>(world_, log_, groups_.of(group, topic), topic, host_,
                                                  network_, std::move(out));
  if (world_.io_point(*host_, "join " + group))
    fresh->join();
  return fresh;
}

std::unique_ptr<ports::group_consumer> simulated_membership::join(const std::string& group,
                                                                  const std::string& topic,
                                                                  ports::group_consumer::sink out) {
  return std::make_unique<simulated_consumer>(world_, join_as_member(group, topic, std::move(out)));
}

} // namespace sonicmatch::tests
