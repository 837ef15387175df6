// The edge's search for sessions that it does not know.

#include "actors/edge/edge.hpp"
#include "actors/ownership.hpp"
#include "events/envelope.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

void edge_state::find(const find_session& asked) {
  if (asked.to_watch && watchers_->is_full())
    return asked.answer(make_error(errc::overloaded, "too many watch sessions"));
  auto now = parts_.clock->now();
  if (auto known = parts_.cache->find(asked.id, now))
    return asked.answer(std::move(*known));
  search_for(asked);
}

void edge_state::search_for(const find_session& asked) {
  auto now = parts_.clock->now();
  if (parts_.cache->is_erased(asked.id))
    return asked.answer(erased_session());
  if (searches_.size() >= parts_.settings.waiting_max)
    return asked.answer(make_error(errc::overloaded, "too many searches are waiting"));
  auto number = search_count_++;
  searches_.emplace(number, search{asked.id, asked.answer, now + parts_.settings.search_timeout, {}, {}});
  auto partition = events::partition_of(to_string(asked.id), parts_.settings.partition_count);
  find_end(number, tailed::events, partition);
  find_end(number, tailed::commands, partition);
  schedule_tick(tick_interval);
}

void edge_state::find_end(std::uint64_t number, tailed topic, partition_id partition) {
  auto name = topic == tailed::events ? events::topics::events : events::topics::commands;
  parts_.reader->find_end(std::string{name}, partition, parts_.settings.search_timeout,
                          [me = caf::actor_cast<edge>(self_), number, topic](caf::expected<log_offset> end) {
                            caf::anon_send(me, log_end_found{number, topic, std::move(end)});
                          });
}

void edge_state::end_found(const log_end_found& found) {
  auto known = searches_.find(found.search);
  if (known == searches_.end())
    return;
  if (!found.end)
    return load_from_store(known->first, known->second); // Kafka is away; PostgreSQL may know it
  auto& end = found.topic == tailed::events ? known->second.events_end : known->second.commands_end;
  end = *found.end;
  continue_searches();
}

void edge_state::continue_searches() {
  if (searches_.empty())
    return;
  std::vector<std::uint64_t> ready;
  for (const auto& [number, sought] : searches_) {
    auto partition = events::partition_of(to_string(sought.id), parts_.settings.partition_count);
    if (!sought.loading && sought.events_end && sought.commands_end
        && tails_.has_reached(tailed::events, partition, *sought.events_end)
        && tails_.has_reached(tailed::commands, partition, *sought.commands_end))
      ready.push_back(number);
  }
  for (auto number : ready)
    load_from_store(number, searches_.at(number));
}

void edge_state::load_from_store(std::uint64_t number, search& sought) {
  if (auto known = parts_.cache->find(sought.id, parts_.clock->now()))
    return end_search(number, std::move(*known));
  if (std::exchange(sought.loading, true))
    return;
  self_->request(parts_.store, caf::infinite, load_session{sought.id})
    .then(
      [this, number](const session_loaded& loaded) {
        auto known = searches_.find(number);
        if (known == searches_.end())
          return;
        if (!loaded.result && events::code_of(loaded.result.error()) == errc::erased)
          parts_.cache->put_erased(known->second.id);
        if (!loaded.result)
          return end_search(number, issued_or(known->second.id, loaded.result.error()));
        if (!*loaded.result) {
          auto read_all = known->second.events_end && known->second.commands_end;
          auto reason = read_all
                          ? no_such_session()
                          : make_error(errc::log_unavailable, "the log cannot be asked for the session");
          return end_search(number, issued_or(known->second.id, std::move(reason)));
        }
        const auto& stored = **loaded.result;
        session_answer answer{known->second.id, std::make_shared<const std::string>(stored.document),
                              stored.version,   stored.terminal,
                              stored.origin,    stored.created_at};
        parts_.cache->put_answer(known->second.id, answer, parts_.clock->now());
        end_search(number, std::move(answer));
      },
      [this, number](const caf::error& reason) { end_search(number, reason); });
}

/// Pending, for a session whose command this edge has seen; else the error.
caf::expected<session_answer> edge_state::issued_or(const events::session_id& id, caf::error reason) const {
  if (auto known = parts_.cache->find_issued(id))
    return std::move(*known);
  return reason;
}

void edge_state::end_search(std::uint64_t number, caf::expected<session_answer> answer) {
  auto known = searches_.find(number);
  if (known == searches_.end())
    return;
  if (answer && parts_.cache->is_erased(known->second.id)) // meanwhile; the read model will learn of it
    answer = erased_session();
  auto respond = std::move(known->second.answer);
  searches_.erase(known);
  respond(std::move(answer));
  finish_drain_when_idle();
}

void edge_state::expire_searches(events::timestamp now) {
  std::vector<std::uint64_t> late;
  for (const auto& [number, sought] : searches_)
    if (sought.give_up_at <= now)
      late.push_back(number);
  for (auto number : late)
    end_search(number, issued_or(searches_.at(number).id,
                                 make_error(errc::deadline_exceeded,
                                            "the log could not be read up to the request in time")));
}

} // namespace sonicmatch::actors
