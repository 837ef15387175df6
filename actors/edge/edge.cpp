#include "actors/edge/edge.hpp"

#include "actors/ownership.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

#include <algorithm>
#include <charconv>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

namespace {

constexpr std::chrono::milliseconds start_retry{500};
constexpr std::chrono::milliseconds committed_timeout{5'000};
/// They watch for minutes, so nothing has to be punctual.
constexpr std::chrono::milliseconds watchers_tick_interval{1'000};

/// Nothing for a fact: it has no place among the stream's versions.
std::optional<events::stream_version> sequence_of(const ports::log_record& record) {
  auto text = record.header_value(events::headers::sequence);
  events::stream_version out;
  if (std::from_chars(text.data(), text.data() + text.size(), out.value).ec != std::errc{})
    return std::nullopt;
  return out;
}

bool ends_session(std::string_view type) {
  return events::is_of<events::session::recommendation_completed>(type)
         || events::is_of<events::session::recommendation_failed>(type);
}

} // namespace

void edge_state::begin(edge_parts parts) {
  parts_ = std::move(parts);
  desk_.emplace(explanation_desk::limits{parts_.settings.explanation_bytes_max, parts_.settings.waiting_max});
  watchers_.emplace(parts_.settings.watching);
  parts_.health->expect("tails", "waiting for Kafka");
}

void edge_state::begin_tailing() {
  parts_.health->report("tails", false, "waiting for the sessions read model");
  load_progress_until_there();
}

// -- starting ---------------------------------------------------------------

void edge_state::load_progress_until_there() {
  auto retry = [this](const caf::error& reason) {
    parts_.logger->warning("the edge cannot ask the sessions read model how far it is; trying again",
                           {{"error", events::describe(reason)}});
    parts_.health->report("tails", false, "waiting for PostgreSQL: " + events::describe(reason));
    retry_progress_ = true;
    schedule_tick(start_retry);
  };
  self_->request(parts_.store, caf::infinite, load_progress{})
    .then(
      [this, retry](const progress_loaded& loaded) {
        if (loaded.result)
          start_event_tails(*loaded.result);
        else
          retry(loaded.result.error());
      },
      retry);
}

ports::log_reader::sink edge_state::sink_of(tailed topic) {
  auto me = caf::actor_cast<edge>(self_);
  return {[me, topic](ports::batch_ptr batch) {
            caf::anon_send(me, tail_batch{topic, std::move(batch)});
          },
          [me, topic](partition_id partition, log_offset next) {
            caf::anon_send(me, tail_reached_end{topic, partition, next});
          },
          [logger = parts_.logger](const caf::error& reason) {
            logger->warning("an edge's tail has trouble", {{"error", events::describe(reason)}});
          }};
}

void edge_state::start_event_tails(const std::vector<ports::session_reader::progress>& progress) {
  tails_started_ = true;
  for (partition_id p; p.value < parts_.settings.partition_count; p = p.next()) {
    ports::session_reader::progress from{p, {}, std::nullopt};
    for (const auto& known : progress)
      if (known.partition == p)
        from = known;
    tails_.start(
      tailed::events, p, from.next, from.claim,
      parts_.reader->follow(std::string{events::topics::events}, p, from.next, sink_of(tailed::events)));
  }
  parts_.health->report("tails", false, "reading up to the log's end");
  ask_for_committed();
}

void edge_state::ask_for_committed() {
  parts_.reader->find_committed(
    parts_.settings.recommender_group, std::string{events::topics::commands}, parts_.settings.partition_count,
    committed_timeout,
    [me = caf::actor_cast<edge>(self_)](caf::expected<std::vector<std::optional<log_offset>>> offsets) {
      caf::anon_send(me, committed_found{std::move(offsets)});
    });
}

// A command before the recommenders' committed offset is an event already; the
// ones after it are known from here on, whichever edge issued them.
void edge_state::start_commands_tails(const committed_found& found) {
  if (!found.offsets) {
    parts_.logger->warning("the edge cannot ask Kafka what the recommenders have committed; trying again",
                           {{"error", events::describe(found.offsets.error())}});
    retry_committed_ = true;
    return schedule_tick(start_retry);
  }
  auto& reader = parts_.issued_reader ? *parts_.issued_reader : *parts_.reader;
  for (partition_id p; p.value < parts_.settings.partition_count; p = p.next()) {
    auto from = (*found.offsets)[static_cast<std::size_t>(p.value)].value_or(log_offset{});
    tails_.start(tailed::commands, p, from, std::nullopt,
                 reader.follow(std::string{events::topics::commands}, p, from, sink_of(tailed::commands)));
  }
  // An end of the events that was found before may be older than what is committed.
  for (auto& [number, sought] : searches_) {
    sought.events_end.reset();
    find_end(number, tailed::events,
             events::partition_of(to_string(sought.id), parts_.settings.partition_count));
  }
}

// -- tails ------------------------------------------------------------------

void edge_state::read(const tail_batch& arrived) {
  for (const auto& record : arrived.batch->records) {
    if (!tails_.admit(arrived.topic, record))
      continue;
    if (arrived.topic == tailed::events)
      read_event(record);
    else
      read_command(record);
  }
  continue_searches();
}

void edge_state::read_command(const ports::log_record& record) {
  auto id = events::session_id::parse(record.key);
  auto type = record.header_value(events::headers::type);
  if (!id || !record.header_value(events::headers::stream).empty()
      || events::is_of<events::session::erase_session>(type))
    return; // to explain a pick of a session issues none, nor does feedback, or an erasure
  // Perhaps a repeat for a session that ended long ago, so the read model is asked first.
  auto origin = origin_of(record);
  parts_.cache->put_issued_elsewhere(*id, origin, record.time, parts_.clock->now());
  waiting_.seen(*id, origin);
}

void edge_state::reached_end(const tail_reached_end& at) {
  auto before = tails_.caught_up(parts_.settings.partition_count);
  tails_.reached(at.topic, at.partition, at.next);
  if (!before && tails_.caught_up(parts_.settings.partition_count))
    parts_.health->report("tails", true, "reading the log as it grows");
  continue_searches();
}

void edge_state::read_event(const ports::log_record& record) {
  if (!record.header_value(events::headers::stream).empty())
    return read_explanation_event(record);
  if (events::is_of<events::session::session_erased>(record.header_value(events::headers::type)))
    return read_erasure(record);
  auto id = events::session_id::parse(record.key);
  auto version = sequence_of(record);
  if (!id || !version || !record.value)
    return;
  log_position position{record.partition, record.offset};
  if (waiting_.is_open(*id))
    waiting_.seen(*id, origin_of(record));
  auto ends = ends_session(record.header_value(events::headers::type));
  auto is_watched = watchers_->any_of(*id);
  if (!is_watched && !(ends && waiting_.awaits_end_of(*id)))
    return parts_.cache->put_event(*id, *version, *record.value, position, parts_.clock->now());
  auto answer = answer_of(*record.value, position);
  if (!answer) {
    parts_.logger->error("an event of a session that is waited for cannot be read",
                         {{"session_id", record.key}, {"error", events::describe(answer.error())}});
    return; // its deadline answers it; the projection parks it
  }
  parts_.cache->put_answer(*id, *answer, parts_.clock->now());
  if (is_watched)
    watchers_->tell(*answer, record.time);
  if (ends)
    waiting_.ended(*answer);
  finish_drain_when_idle();
}

// -- deadlines and the end --------------------------------------------------

void edge_state::schedule_tick(std::chrono::milliseconds delay) {
  if (std::exchange(tick_scheduled_, true))
    return;
  self_->delayed_send(self_, delay, edge_tick{});
}

void edge_state::tick() {
  tick_scheduled_ = false;
  if (std::exchange(retry_progress_, false) && !draining_)
    load_progress_until_there();
  if (std::exchange(retry_committed_, false) && !draining_)
    ask_for_committed();
  auto now = parts_.clock->now();
  waiting_.expire(now, [this, now](const events::session_id& id) { return parts_.cache->find(id, now); });
  watchers_->expire(now);
  expire_searches(now);
  desk_->expire(now);
  deliveries_.expire(now);
  if (waiting_.size() > 0 || !searches_.empty() || !desk_->is_idle() || deliveries_.size() > 0)
    schedule_tick(tick_interval);
  else if (watchers_->size() > 0)
    schedule_tick(watchers_tick_interval);
  finish_drain_when_idle();
}

void edge_state::drain(const drain_edge& asked) {
  draining_ = true;
  drained_ = asked.drained;
  answer_by_ = parts_.clock->now() + asked.patience;
  waiting_.hasten(answer_by_);
  watchers_->end();
  desk_->hasten(answer_by_);
  deliveries_.hasten(answer_by_);
  finish_drain_when_idle();
}

void edge_state::finish_drain_when_idle() {
  if (draining_ && drained_ && waiting_.size() == 0 && searches_.empty() && explaining_ == 0
      && deliveries_.size() == 0)
    std::exchange(drained_, nullptr)();
}

edge::behavior_type edge_actor(edge::stateful_pointer<edge_state> self, edge_parts parts) {
  self->state.begin(std::move(parts));
  return {
    [self](const begin_tailing&) { self->state.begin_tailing(); },
    [self](const submit_recommendation& asked) { self->state.submit(asked); },
    [self](const find_session& asked) { self->state.find(asked); },
    [self](const watch_session& asked) { self->state.watch(asked); },
    [self](const unwatch_session& gone) { self->state.unwatch(gone); },
    [self](const submit_explanation& asked) { self->state.explain(asked); },
    [self](const submit_feedback& asked) { self->state.take_feedback(asked); },
    [self](const erase_session& asked) { self->state.erase(asked); },
    [self](const tail_batch& arrived) { self->state.read(arrived); },
    [self](const tail_reached_end& at) { self->state.reached_end(at); },
    [self](const committed_found& found) { self->state.start_commands_tails(found); },
    [self](const command_delivered& report) { self->state.delivered(report); },
    [self](const explanation_delivered& report) { self->state.delivered(report); },
    [self](const brief_delivered& report) { self->state.delivered(report); },
    [self](const log_end_found& found) { self->state.end_found(found); },
    [self](const edge_tick&) { self->state.tick(); },
    [self](const drain_edge& asked) { self->state.drain(asked); },
  };
}

} // namespace sonicmatch::actors
