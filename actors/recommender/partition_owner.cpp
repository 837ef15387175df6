#include "actors/recommender/partition_owner.hpp"

#include "events/codec.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors {

namespace {

constexpr std::chrono::milliseconds tick_interval{50};
constexpr std::chrono::milliseconds commands_end_timeout{5'000};

} // namespace

partition_owner_state::~partition_owner_state() {
  if (entered_ > 0)
    parts_.open_limit->leave(entered_);
}

void partition_owner_state::begin(recommender_parts parts, std::shared_ptr<ports::group_consumer> consumer,
                                  const ports::assignment& assigned) {
  parts_ = std::move(parts);
  consumer_ = std::move(consumer);
  partition_ = assigned.partition;
  recovery_ = parse_recovery_point(assigned.metadata);
  ledger_ = command_ledger{assigned.committed.value_or(log_offset{})};
  consumer_->start(partition_, ledger_.watermark());
  claim({generation_});
}

// -- claiming and rebuilding --------------------------------------------------

void partition_owner_state::claim(const claim_partition& asked) {
  if (asked.generation != generation_ || phase_ == phase::handing_off || phase_ == phase::finishing)
    return;
  ++outstanding_;
  append_partition_event(events::partition::partition_claimed{parts_.settings.owner},
                         [me = caf::actor_cast<partition_owner>(self_),
                          generation = generation_](caf::expected<log_position> where) {
                           caf::anon_send(me, claim_appended{generation, std::move(where)});
                         });
}

void partition_owner_state::claimed(const claim_appended& report) {
  if (report.generation != generation_)
    return;
  --outstanding_;
  if (phase_ == phase::handing_off)
    return finish_hand_off_when_idle();
  if (!report.where)
    return reclaim(report.where.error());
  token_ = report.where->offset;
  phase_ = phase::rebuilding;
  find_commands_end();
  fence_ = events::claim_fence{recovery_.claim};
  follow_events(recovery_.events_low);
}

void partition_owner_state::follow_events(log_offset from) {
  auto me = caf::actor_cast<partition_owner>(self_);
  history_.reset();
  history_ = parts_.reader->follow(
    std::string{events::topics::events}, partition_, from,
    {[me, generation = generation_](ports::batch_ptr batch) {
       caf::anon_send(me, events_replayed{generation, std::move(batch)});
     },
     [](partition_id, log_offset) {},
     [logger = parts_.logger, partition = partition_](const caf::error& reason) {
       logger->warning("reading a partition's events has trouble",
                       {{"partition", to_string(partition)}, {"error", events::describe(reason)}});
     }});
}

void partition_owner_state::find_commands_end() {
  commands_end_.reset();
  parts_.reader->find_end(
    std::string{events::topics::commands}, partition_, commands_end_timeout,
    [me = caf::actor_cast<partition_owner>(self_), generation = generation_](caf::expected<log_offset> end) {
      caf::anon_send(me, commands_end_found{generation, std::move(end)});
    });
}

void partition_owner_state::found_commands_end(const commands_end_found& found) {
  if (found.generation != generation_)
    return;
  if (!found.end)
    return find_commands_end();
  commands_end_ = *found.end;
  schedule_tick();
}

// Up to the claim these are what happened before; after it, what others wrote among
// the owner's own records, which it knows already.
void partition_owner_state::replayed(const events_replayed& history) {
  if (history.generation != generation_ || phase_ == phase::claiming || phase_ == phase::finishing
      || (phase_ == phase::handing_off && !gap_end_))
    return;
  auto own_claim = to_string(token_);
  for (const auto& record : history.batch->records) {
    if (phase_ == phase::rebuilding) {
      if (record.offset >= token_)
        finish_rebuild();
      else if (auto call = requests_.replay(record, fence_))
        unrecorded_.erase(*call);
    }
    if (phase_ == phase::rebuilding || record.offset <= token_)
      continue;
    if (gap_end_ && record.offset >= *gap_end_) {
      auto generation = generation_;
      inspected();
      if (generation != generation_)
        return;
    }
    auto type = record.header_value(events::headers::type);
    if (events::is_of<events::partition::partition_claimed>(type))
      return lost_to_another(events::make_error(
        events::errc::log_unavailable, "somebody else's claim stands at offset " + to_string(record.offset)));
    if (record.header_value(events::headers::claim) == own_claim)
      continue;
    if (auto session = events::session_id::parse(record.key);
        session && events::is_of<events::session::session_erased>(type))
      abandon(*session);              // it holds, whoever wrote it
    requests_.replay(record, fence_); // a former owner's outcome; its decisions are void
  }
  if (phase_ == phase::owning) {
    advance_all();
    take_up();
  }
  if (!gap_end_ && phase_ != phase::rebuilding && !requests_.any_awaited())
    history_.reset();
}

void partition_owner_state::finish_rebuild() {
  phase_ = phase::owning;
  acknowledged_ = token_.next();
  fence_.claimed(token_);
  for (; entered_ < requests_.size(); ++entered_)
    parts_.open_limit->enter();
  auto level = requests_.size() > 0 ? ports::severity::info : ports::severity::debug;
  parts_.logger->write(level, "owns a partition",
                       {{"partition", to_string(partition_)},
                        {"claim", to_string(token_)},
                        {"open_requests", std::to_string(requests_.size())}});
  record_what_is_not();
  advance_all();
  take_up();
  if (parts_.on_owned)
    parts_.on_owned(partition_);
}

// What the log holds is not known any more, so it is asked: a new claim voids
// whatever of ours may still be under way, and the rebuild finds what arrived. Calls
// go on, and what they bring is kept: it was paid for.
void partition_owner_state::reclaim(const caf::error& reason) {
  parts_.logger->warning("the partition is claimed again",
                         {{"partition", to_string(partition_)}, {"error", events::describe(reason)}});
  forget_inquiries();
  forget_appends();
  parts_.open_limit->leave(std::exchange(entered_, 0));
  if (committed_recovery_)
    recovery_ = *committed_recovery_;
  phase_ = phase::claiming;
  requests_ = {};
  parked_.clear();
  ledger_.rewind();
  self_->delayed_send(self_, parts_.settings.reclaim_delay, claim_partition{generation_});
}

// -- committing ---------------------------------------------------------------

// Says whether there was anything new to commit.
bool partition_owner_state::commit() {
  auto low = acknowledged_;
  for (auto other : {requests_.lowest_requested(), ledger_.lowest_event()})
    if (other && *other < low)
      low = *other;
  recovery_point point{low, token_ < low ? std::optional{token_} : recovery_.claim};
  // What earlier owners accepted and did not commit comes again; its events, by which
  // it is known, must be found by the next owner too.
  if (!commands_end_ || ledger_.watermark() < *commands_end_)
    point = recovery_;
  if (committed_ == ledger_.watermark() && committed_recovery_ == point)
    return false;
  committed_ = ledger_.watermark();
  committed_recovery_ = point;
  consumer_->commit(partition_, *committed_, events::record::to_json(point));
  return true;
}

void partition_owner_state::schedule_tick() {
  if (!std::exchange(tick_scheduled_, true))
    self_->delayed_send(self_, tick_interval, owner_tick{});
}

void partition_owner_state::tick() {
  tick_scheduled_ = false;
  if (phase_ != phase::owning)
    return;
  advance_all();
  if (ledger_.front() != nullptr)
    take_up();
  send_outbox();
  if (commit() || requests_.size() > 0 || ledger_.size() > 0)
    schedule_tick();
}

// -- the end ------------------------------------------------------------------

void partition_owner_state::hand_off() {
  owned_to_the_end_ = std::exchange(phase_, phase::handing_off) == phase::owning;
  // Who does not own has nothing to hand off but calls, from before it claimed again.
  hand_off_appended_ = !owned_to_the_end_ && calls_.empty();
  if (!gap_end_)
    history_.reset();
  for (auto& [id, request] : requests_.all())
    if (request.inquiry.at != inquiry::stage::starting) // the log says that it is made, so it is
      forget_inquiry(id, request);
  finish_hand_off_when_idle();
}

// A claim under way is waited for too: if it landed after the next owner's, it would
// void what the next owner decides. Who does not own does not know what is open, so
// the last commit stands.
void partition_owner_state::finish_hand_off_when_idle() {
  if (outstanding_ > 0)
    return;
  if (!hand_off_appended_) {
    ++outstanding_;
    events::partition::partition_handed_off happened{parts_.settings.owner, {}};
    for (const auto& [call, each] : calls_)
      happened.calls.push_back(call);
    return append_partition_event(happened, [me = caf::actor_cast<partition_owner>(self_),
                                             generation = generation_](caf::expected<log_position> where) {
      caf::anon_send(me, record_appended{generation, appended_kind::hand_off, {}, {}, std::move(where), {}});
    });
  }
  if (owned_to_the_end_)
    commit();
  consumer_->release(partition_);
  finish();
}

// It was taken away without being asked: others own it by now. Nothing is decided or
// committed any more, but what calls bring was paid for.
void partition_owner_state::lose() {
  if (phase_ == phase::finishing)
    return;
  forget_inquiries();
  forget_appends();
  finish();
}

void partition_owner_state::finish() {
  phase_ = phase::finishing;
  history_.reset();
  parts_.open_limit->leave(std::exchange(entered_, 0)); // the next owner counts them
  record_what_is_not();
  send_outbox();
  end_when_calls_have_ended();
}

// Reports on what is under way count no more, and what was to be sent is not.
void partition_owner_state::forget_appends() {
  ++generation_;
  outstanding_ = 0;
  outbox_.clear();
  gap_end_.reset();
  deferred_.clear();
  history_.reset();
  for (auto& [call, each] : unrecorded_)
    each.is_on_its_way = false;
}

// The next owner waits for what these calls bring, so that nothing is paid for twice.
void partition_owner_state::end_when_calls_have_ended() {
  if (calls_.empty() && unrecorded_.empty() && outstanding_ == 0)
    self_->quit();
}

partition_owner::behavior_type
partition_owner_actor(partition_owner::stateful_pointer<partition_owner_state> self, recommender_parts parts,
                      std::shared_ptr<ports::group_consumer> consumer, ports::assignment assigned) {
  self->state.begin(std::move(parts), std::move(consumer), assigned);
  return {
    [self](const owned_commands& commands) { self->state.arrived(commands); },
    [self](const claim_partition& asked) { self->state.claim(asked); },
    [self](const claim_appended& report) { self->state.claimed(report); },
    [self](const events_replayed& history) { self->state.replayed(history); },
    [self](const commands_end_found& found) { self->state.found_commands_end(found); },
    [self](const record_appended& report) { self->state.appended(report); },
    [self](const owner_tick&) { self->state.tick(); },
    [self](const call_admitted& verdict) { self->state.admitted(verdict); },
    [self](call_ended& report) { self->state.ended(std::move(report)); },
    [self](const hand_off_partition& asked) { asked.lost ? self->state.lose() : self->state.hand_off(); },
  };
}

} // namespace sonicmatch::actors
