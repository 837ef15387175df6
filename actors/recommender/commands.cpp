// From commands to open requests.

#include "actors/dead_letters.hpp"
#include "actors/recommender/partition_owner.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

namespace {

/// The stream that a command opens: the session, or the explanation or feedback of one.
events::stream_id stream_of(const events::log_command& asked, const events::session_id& session) {
  if (const auto* of_explanation = std::get_if<events::explanation::command>(&asked))
    return {std::get<events::explanation::request_explanation>(*of_explanation).id.value};
  if (const auto* of_feedback = std::get_if<events::feedback::command>(&asked))
    return {std::get<events::feedback::record_feedback>(*of_feedback).id.value};
  return {session.value};
}

bool erases(const events::log_command& asked) {
  const auto* of_session = std::get_if<events::session::command>(&asked);
  return of_session != nullptr && std::holds_alternative<events::session::erase_session>(*of_session);
}

/// What a command opens, but for its state.
open_request request_of(const events::session_id& session, const events::envelope& head) {
  open_request out;
  out.session = session;
  out.command = head.id;
  out.correlation = head.correlationid;
  out.traceparent = head.traceparent;
  out.origin = head.origin();
  return out;
}

} // namespace

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
      break; // the process has as many open requests as it may; the tick tries again
  send_outbox();
  schedule_tick();
}

bool partition_owner_state::take_command(const command_ledger::entry& entry) {
  const auto& record = entry.record();
  auto session = events::session_id::parse(record.key);
  auto asked = events::decode_command(record.value ? std::string_view{*record.value} : std::string_view{""});
  if (asked && session && erases(asked->body)) { // it needs nothing of what came before it
    erase(request_of(*session, asked->head), entry, *asked);
    return true;
  }
  if (parked_.contains(record.key)) {
    park(entry,
         events::make_error(events::errc::invalid_record, "an earlier command of this session is parked"));
    return true;
  }
  if (!asked || !session) {
    park(entry, asked ? events::make_error(events::errc::invalid_record, "the key is not a session id")
                      : asked.error());
    return true;
  }
  auto id = stream_of(asked->body, *session);
  if (requests_.find(id) != nullptr || requests_.has_ended(id) || requests_.is_erased(*session)) {
    auto offset = entry.offset;
    ledger_.take();
    ledger_.done(offset, std::nullopt); // a repeat: its events are in the log; or all is erased
    return true;
  }
  if (std::holds_alternative<events::feedback::command>(asked->body)) {
    record_feedback(request_of(*session, asked->head), entry, *asked);
    return true;
  }
  if (!parts_.open_limit->try_enter())
    return false;
  ++entered_;
  accept(id, entry, std::move(*asked));
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
  append(std::move(letter), {generation_, appended_kind::dead_letter, {}, offset, log_position{}, {}});
}

void partition_owner_state::accept(const events::stream_id& id, const command_ledger::entry& entry,
                                   events::message<events::log_command> asked) {
  auto offset = entry.offset;
  auto fresh = request_of(*events::session_id::parse(entry.record().key), asked.head);
  ledger_.take();
  // It happened when the edge was asked, not when this process came to it.
  auto asked_at = asked.head.time;
  if (const auto* of_session = std::get_if<events::session::command>(&asked.body)) {
    auto& request = requests_.open(id, std::move(fresh));
    const auto& wanted = std::get<events::session::request_recommendation>(*of_session);
    for (const auto& happened : decide(std::get<events::session::state>(request.state), wanted, asked_at))
      append_event(id, request, happened, asked_at, offset);
    return;
  }
  fresh.state = events::explanation::state{};
  auto& request = requests_.open(id, std::move(fresh));
  const auto& wanted =
    std::get<events::explanation::request_explanation>(std::get<events::explanation::command>(asked.body));
  for (const auto& happened : decide(std::get<events::explanation::state>(request.state), wanted))
    append_event(id, request, happened, asked_at, offset);
}

} // namespace sonicmatch::actors
