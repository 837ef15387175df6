#include "actors/recommender/partition_owner.hpp"

#include "actors/dead_letters.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors {

namespace {

constexpr std::chrono::milliseconds tick_interval{50};
constexpr std::chrono::milliseconds commands_end_timeout{5'000};

std::chrono::year year_of(events::timestamp time) {
  return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
}

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
  if (asked.generation != generation_ || phase_ == phase::handing_off)
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
  auto me = caf::actor_cast<partition_owner>(self_);
  history_ = parts_.reader->follow(
    std::string{events::topics::events}, partition_, recovery_.events_low,
    {[me, generation = generation_](ports::batch_ptr batch) {
       caf::anon_send(me, events_replayed{generation, std::move(batch)});
     },
     [](partition_id, log_offset) {},
     [logger = parts_.logger, partition = partition_](const caf::error& reason) {
       logger->warning("rebuilding a partition has trouble",
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

void partition_owner_state::replayed(const events_replayed& history) {
  if (history.generation != generation_ || phase_ != phase::rebuilding)
    return;
  for (const auto& record : history.batch->records) {
    if (record.offset >= token_)
      return finish_rebuild();
    sessions_.replay(record, fence_);
  }
}

void partition_owner_state::finish_rebuild() {
  history_.reset();
  phase_ = phase::owning;
  acknowledged_ = token_.next();
  for (; entered_ < sessions_.size(); ++entered_)
    parts_.open_limit->enter();
  auto level = sessions_.size() > 0 ? ports::severity::info : ports::severity::debug;
  parts_.logger->write(level, "owns a partition",
                       {{"partition", to_string(partition_)},
                        {"claim", to_string(token_)},
                        {"open_sessions", std::to_string(sessions_.size())}});
  for (auto& [id, session] : sessions_.all())
    conclude(id, session);
  take_up();
  if (parts_.on_owned)
    parts_.on_owned(partition_);
}

// What the log holds is not known any more, so it is asked: a new claim voids
// whatever of ours may still be under way, and the rebuild finds what arrived.
void partition_owner_state::reclaim(const caf::error& reason) {
  parts_.logger->warning("the partition is claimed again",
                         {{"partition", to_string(partition_)}, {"error", events::describe(reason)}});
  ++generation_;
  parts_.open_limit->leave(std::exchange(entered_, 0));
  if (committed_recovery_)
    recovery_ = *committed_recovery_;
  phase_ = phase::claiming;
  outstanding_ = 0;
  outbox_.clear();
  history_.reset();
  sessions_ = {};
  parked_.clear();
  ledger_.rewind();
  self_->delayed_send(self_, parts_.settings.reclaim_delay, claim_partition{generation_});
}

// -- commands -----------------------------------------------------------------

void partition_owner_state::arrived(const owned_commands& commands) {
  for (auto index : commands.indexes)
    ledger_.add(commands.batch, index);
  take_up();
}

void partition_owner_state::take_up() {
  if (phase_ != phase::owning)
    return;
  while (const auto* entry = ledger_.front())
    if (!take_command(*entry))
      break; // the process has as many open sessions as it may; the tick tries again
  send_outbox();
  schedule_tick();
}

bool partition_owner_state::take_command(const command_ledger::entry& entry) {
  const auto& record = entry.record();
  auto id = events::session_id::parse(record.key);
  auto asked = events::decode_command(record.value ? std::string_view{*record.value} : std::string_view{""});
  if (parked_.contains(record.key)) {
    park(entry,
         events::make_error(events::errc::invalid_record, "an earlier command of this session is parked"));
    return true;
  }
  if (!asked || !id) {
    park(entry, asked ? events::make_error(events::errc::invalid_record, "the key is not a session id")
                      : asked.error());
    return true;
  }
  if (sessions_.find(*id) != nullptr || sessions_.has_ended(*id)) {
    auto offset = entry.offset;
    ledger_.take();
    ledger_.done(offset, std::nullopt); // a repeat: its events are in the log
    return true;
  }
  if (!parts_.open_limit->try_enter())
    return false;
  ++entered_;
  accept(*id, entry, std::move(*asked));
  return true;
}

void partition_owner_state::park(const command_ledger::entry& entry, const caf::error& reason) {
  const auto& record = entry.record();
  parts_.logger->error("a command cannot be read and goes to the dead letters",
                       {{"partition", to_string(partition_)},
                        {"offset", to_string(entry.offset)},
                        {"error", events::describe(reason)}});
  if (!record.key.empty())
    parked_.insert(record.key);
  auto offset = entry.offset;
  auto letter = dead_letter_of(record, events::topics::commands, reason, parts_.settings.group);
  ledger_.take();
  append(std::move(letter), appended_kind::dead_letter, {}, offset);
}

void partition_owner_state::accept(const events::session_id& id, const command_ledger::entry& entry,
                                   events::message<events::session::command> asked) {
  auto offset = entry.offset;
  ledger_.take();
  open_session fresh;
  fresh.command = asked.head.id;
  fresh.correlation = asked.head.correlationid;
  fresh.traceparent = asked.head.traceparent;
  auto& session = sessions_.open(id, std::move(fresh));
  // It happened when the edge was asked, not when this process came to it.
  auto asked_at = asked.head.time;
  const auto& request = std::get<events::session::request_recommendation>(asked.body);
  for (const auto& happened : events::session::decide(session.state, request, asked_at))
    append_event(id, session, happened, asked_at, offset);
}

// Ends a session that is open: with the engine's picks, or, past its deadline,
// without. Only once its request is known to be in the log, so that no stream has an
// end without a beginning. Leaves it open while there is no catalog yet; the tick
// comes again.
void partition_owner_state::conclude(const events::session_id& id, open_session& session) {
  auto edition = parts_.catalog->newest();
  if (session.ending || !session.requested)
    return;
  auto now = parts_.clock->now();
  std::vector<events::session::event> ended;
  if (now > session.state.deadline) {
    ended = decide(
      session.state,
      events::session::fail_recommendation{std::string{to_string(events::errc::deadline_exceeded)},
                                           "no recommendation could be made before the request's deadline"},
      now);
  } else if (edition) {
    auto found = edition->engine->recommend(
      session.state.preferences, static_cast<std::size_t>(session.state.max_results), year_of(now));
    ended = decide(session.state,
                   events::session::complete_recommendation{
                     std::move(found.matches), std::move(found.relaxations), std::move(found.notes),
                     "heuristic", false, edition->catalog->version()},
                   now);
  }
  for (const auto& happened : ended) {
    session.ending = true;
    append_event(id, session, happened, now, {});
  }
}

// -- committing ---------------------------------------------------------------

// Says whether there was anything new to commit.
bool partition_owner_state::commit() {
  auto low = acknowledged_;
  for (auto other : {sessions_.lowest_requested(), ledger_.lowest_event()})
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
  for (auto& [id, session] : sessions_.all())
    conclude(id, session);
  if (ledger_.front() != nullptr)
    take_up();
  send_outbox();
  if (commit() || sessions_.size() > 0 || ledger_.size() > 0)
    schedule_tick();
}

// -- the end ------------------------------------------------------------------

void partition_owner_state::hand_off() {
  owned_to_the_end_ = std::exchange(phase_, phase::handing_off) == phase::owning;
  hand_off_appended_ = !owned_to_the_end_; // without a claim of its own there is nothing to say
  history_.reset();
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
    return append_partition_event(
      events::partition::partition_handed_off{parts_.settings.owner},
      [me = caf::actor_cast<partition_owner>(self_),
       generation = generation_](caf::expected<log_position> where) {
        caf::anon_send(me, record_appended{generation, appended_kind::hand_off, {}, {}, std::move(where)});
      });
  }
  if (owned_to_the_end_)
    commit();
  consumer_->release(partition_);
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
    [self](const hand_off_partition&) { self->state.hand_off(); },
  };
}

} // namespace sonicmatch::actors
