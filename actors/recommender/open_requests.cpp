#include "actors/recommender/open_requests.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

namespace explanation = events::explanation;
namespace journal = events::language_model;
namespace session = events::session;
using events::is_of;

/// Whose stream a record belongs to: the header says it where it is not the key's.
std::optional<events::stream_id> stream_of(const ports::log_record& record) {
  auto other = record.header_value(events::headers::stream);
  return events::stream_id::parse(other.empty() ? std::string_view{record.key} : other);
}

bool is_fact(std::string_view type) {
  return is_of<journal::language_model_reply_recorded>(type)
         || is_of<journal::language_model_call_failed>(type);
}

bool is_end(std::string_view type) {
  return is_of<session::recommendation_completed>(type) || is_of<session::recommendation_failed>(type)
         || is_of<explanation::explanation_completed>(type) || is_of<explanation::explanation_failed>(type)
         || is_of<events::feedback::feedback_recorded>(type);
}

} // namespace

// -- a request ------------------------------------------------------------------

events::stream_version open_request::version() const {
  return std::visit([](const auto& each) { return each.version; }, state);
}

events::timestamp open_request::deadline() const {
  return std::visit([](const auto& each) { return each.deadline; }, state);
}

events::timestamp open_request::requested_at() const {
  return std::visit([](const auto& each) { return each.requested_at; }, state);
}

const journal::call_journal& open_request::calls() const {
  return std::visit(
    [](const auto& each) -> const auto& { return each.calls; }, state);
}

void open_request::apply(const session::event& happened, events::stream_version at, events::timestamp time) {
  auto& current = std::get<session::state>(state);
  current = evolve(std::move(current), happened, at, time);
}

void open_request::apply(const explanation::event& happened, events::stream_version at,
                         events::timestamp time) {
  auto& current = std::get<explanation::state>(state);
  current = evolve(std::move(current), happened, at, time);
}

void open_request::apply(const journal::language_model_call_started& happened, events::stream_version at) {
  std::visit([&](auto& current) { current = evolve(std::move(current), happened, at); }, state);
}

void open_request::apply(const journal::fact& happened) {
  std::visit([&](auto& current) { current = evolve(std::move(current), happened); }, state);
}

// -- all of a partition -----------------------------------------------------------

std::optional<events::call_id> open_requests::replay(const ports::log_record& record,
                                                     events::claim_fence& fence) {
  auto type = record.header_value(events::headers::type);
  if (is_of<events::partition::partition_claimed>(type)) {
    fence.claimed(record.offset);
    return std::nullopt;
  }
  if (!record.value)
    return std::nullopt;
  if (is_fact(type)) // it was paid for, whoever wrote it
    return replay_fact(record);
  if (is_of<session::session_erased>(type))
    replay_erasure(record);
  else if (is_of<events::partition::partition_handed_off>(type))
    replay_hand_off(record);
  else if (fence.admits(events::parse_offset(record.header_value(events::headers::claim))))
    replay_decision(record);
  return std::nullopt;
}

void open_requests::replay_decision(const ports::log_record& record) {
  auto type = record.header_value(events::headers::type);
  auto id = stream_of(record);
  if (!id || !events::session_id::parse(record.key))
    return;
  if (is_end(type)) {
    close(*id);
    return;
  }
  if (has_ended(*id) || is_erased(*events::session_id::parse(record.key)))
    return;
  auto decoded = events::decode_event(*record.value);
  if (!decoded || !decoded->head.sequence || !decoded->head.causationid)
    return;
  const auto& head = decoded->head;
  events::stream_version version{*head.sequence};
  if (const auto* called = std::get_if<journal::event>(&decoded->body)) {
    const auto* started = std::get_if<journal::language_model_call_started>(called);
    auto* request = find(*id);
    if (started == nullptr || request == nullptr)
      return;
    request->apply(*started, version);
    request->is_awaited = false;
    return;
  }
  open_request fresh;
  fresh.command = *head.causationid;
  fresh.correlation = head.correlationid;
  fresh.traceparent = head.traceparent;
  fresh.origin = head.origin();
  if (const auto* of_session = std::get_if<session::event>(&decoded->body)) {
    fresh.apply(*of_session, version, head.time);
  } else if (const auto* of_explanation = std::get_if<explanation::event>(&decoded->body)) {
    fresh.state = explanation::state{};
    fresh.apply(*of_explanation, version, head.time);
  } else {
    return;
  }
  replay_opening(record, *id, std::move(fresh));
}

void open_requests::replay_opening(const ports::log_record& record, const events::stream_id& id,
                                   open_request fresh) {
  fresh.session = *events::session_id::parse(record.key);
  fresh.requested = record.offset;
  open(id, std::move(fresh));
}

std::optional<events::call_id> open_requests::replay_fact(const ports::log_record& record) {
  auto id = stream_of(record);
  auto decoded = events::decode_event(*record.value);
  const auto* called = decoded ? std::get_if<journal::event>(&decoded->body) : nullptr;
  if (!id || called == nullptr)
    return std::nullopt;
  std::optional<journal::fact> outcome;
  if (const auto* replied = std::get_if<journal::language_model_reply_recorded>(called))
    outcome = *replied;
  else if (const auto* failed = std::get_if<journal::language_model_call_failed>(called))
    outcome = *failed;
  else
    return std::nullopt;
  if (auto* request = find(*id)) {
    request->apply(*outcome);
    const auto* newest = request->calls().newest();
    if (newest != nullptr && newest->outcome)
      request->is_awaited = false;
  }
  return call_of(*outcome);
}

void open_requests::replay_hand_off(const ports::log_record& record) {
  auto decoded = events::decode_event(*record.value);
  const auto* of_partition = decoded ? std::get_if<events::partition::event>(&decoded->body) : nullptr;
  const auto* handed_off =
    of_partition ? std::get_if<events::partition::partition_handed_off>(of_partition) : nullptr;
  if (handed_off == nullptr || handed_off->calls.empty())
    return;
  for (auto& [id, request] : open_) {
    const auto* newest = request.calls().newest();
    auto is_listed =
      newest != nullptr
      && std::find(handed_off->calls.begin(), handed_off->calls.end(), newest->id) != handed_off->calls.end();
    // Whoever hands off after this one does not know of it, and changes nothing about it.
    if (is_listed && !newest->outcome)
      request.is_awaited = true;
  }
}

void open_requests::replay_erasure(const ports::log_record& record) {
  auto session = events::session_id::parse(record.key);
  if (session && events::decode_event(*record.value))
    erase(*session);
}

open_request& open_requests::open(const events::stream_id& id, open_request fresh) {
  return open_.try_emplace(id, std::move(fresh)).first->second;
}

bool open_requests::close(const events::stream_id& id) {
  ended_.insert(id);
  return open_.erase(id) > 0;
}

void open_requests::erase(const events::session_id& session) {
  erased_.insert(session);
  std::erase_if(open_,
                [&](const auto& each) { return each.second.session == session && !each.second.ending; });
}

open_request* open_requests::find(const events::stream_id& id) {
  auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

std::optional<log_offset> open_requests::lowest_requested() const {
  std::optional<log_offset> out;
  for (const auto& [id, request] : open_)
    if (request.requested && (!out || *request.requested < *out))
      out = request.requested;
  return out;
}

bool open_requests::any_awaited() const {
  return std::any_of(open_.begin(), open_.end(), [](const auto& each) { return each.second.is_awaited; });
}

} // namespace sonicmatch::actors
