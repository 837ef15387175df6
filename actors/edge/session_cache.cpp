#include "actors/edge/session_cache.hpp"

#include "events/codec.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "events/session/document.hpp"

namespace sonicmatch::actors {

namespace {

using called = events::language_model::language_model_call_started;

session_answer rendered(const events::session::document& document, const events::stream_origin& origin) {
  auto terminal = document.status == events::session::document_status::complete
                  || document.status == events::session::document_status::error;
  return {document.id,      std::make_shared<const std::string>(events::record::to_json(document)),
          document.version, terminal,
          origin,           document.created_at};
}

} // namespace

caf::expected<session_answer> answer_of(std::string_view value, const log_position& position) {
  auto decoded = events::decode_event(value);
  if (!decoded)
    return std::move(decoded.error());
  auto id = events::session_id::parse(decoded->head.subject);
  if (id && decoded->head.sequence && decoded->head.subject == decoded->head.partitionkey) {
    events::stream_version version{*decoded->head.sequence};
    if (auto* happened = std::get_if<events::session::event>(&decoded->body))
      return rendered(
        events::session::document_of(*id, std::move(*happened), version, decoded->head.time, position),
        decoded->head.origin());
    if (auto* call = std::get_if<events::language_model::event>(&decoded->body))
      if (auto* started = std::get_if<called>(call))
        return rendered(events::session::document_of(*id, *started, version, position),
                        decoded->head.origin());
  }
  return events::make_error(events::errc::invalid_record, decoded->head.type + " is of no session");
}

caf::error erased_session() {
  return events::make_error(events::errc::erased, "No session has this id.");
}

session_answer pending_answer(const events::session_id& id, const events::stream_origin& origin,
                              events::timestamp created_at) {
  events::session::document document;
  document.id = id;
  document.created_at = created_at;
  return rendered(document, origin);
}

session_cache::session_cache(limits bounds)
  : bounds_(bounds)
  , erased_(bounds.erased_max) {}

std::size_t session_cache::size_of(const entry& held) noexcept {
  constexpr std::size_t bookkeeping = sizeof(entry) + 64;
  return bookkeeping + held.value.capacity() + (held.answer.document ? held.answer.document->capacity() : 0);
}

void session_cache::remove(entries::iterator old) {
  bytes_ -= size_of(*old);
  by_id_.erase(old->id);
  newest_first_.erase(old);
}

void session_cache::put(entry fresh) {
  std::lock_guard guard{mutex_};
  if (erased_.contains(fresh.id))
    return;
  if (auto known = by_id_.find(fresh.id); known != by_id_.end()) {
    const auto& held = *known->second;
    if (fresh.version < held.version || (fresh.version == held.version && !held.is_doubtful))
      return;
    if (fresh.version == held.version && fresh.version == events::stream_version{}) {
      fresh.created_at = held.created_at;
      fresh.origin = held.origin;
    }
    remove(known->second);
  }
  auto oldest_allowed = fresh.put_at - bounds_.age_max;
  bytes_ += size_of(fresh);
  newest_first_.push_front(std::move(fresh));
  by_id_.emplace(newest_first_.front().id, newest_first_.begin());
  while (!newest_first_.empty() && newest_first_.back().put_at < oldest_allowed)
    remove(std::prev(newest_first_.end()));
  remove_what_is_too_much();
}

void session_cache::remove_what_is_too_much() {
  while (bytes_ > bounds_.bytes_max)
    remove(std::prev(newest_first_.end()));
}

void session_cache::put_issued(const events::session_id& id, const events::stream_origin& origin,
                               events::timestamp created_at, events::timestamp now) {
  entry fresh;
  fresh.id = id;
  fresh.put_at = now;
  fresh.created_at = created_at;
  fresh.origin = origin;
  put(std::move(fresh));
}

void session_cache::put_issued_elsewhere(const events::session_id& id, const events::stream_origin& origin,
                                         events::timestamp created_at, events::timestamp now) {
  entry fresh;
  fresh.id = id;
  fresh.put_at = now;
  fresh.created_at = created_at;
  fresh.origin = origin;
  fresh.is_doubtful = true;
  put(std::move(fresh));
}

void session_cache::put_event(const events::session_id& id, events::stream_version version, std::string value,
                              const log_position& position, events::timestamp now) {
  entry fresh;
  fresh.id = id;
  fresh.version = version;
  fresh.put_at = now;
  fresh.value = std::move(value);
  fresh.position = position;
  put(std::move(fresh));
}

void session_cache::put_answer(const events::session_id& id, session_answer answer, events::timestamp now) {
  entry fresh;
  fresh.id = id;
  fresh.version = answer.version;
  fresh.put_at = now;
  fresh.answer = std::move(answer);
  put(std::move(fresh));
}

void session_cache::put_erased(const events::session_id& id) {
  std::lock_guard guard{mutex_};
  erased_.insert(id);
  if (auto known = by_id_.find(id); known != by_id_.end())
    remove(known->second);
}

bool session_cache::is_erased(const events::session_id& id) const {
  std::lock_guard guard{mutex_};
  return erased_.contains(id);
}

std::optional<session_answer> session_cache::find(const events::session_id& id, events::timestamp now) {
  std::lock_guard guard{mutex_};
  auto known = by_id_.find(id);
  if (known == by_id_.end())
    return std::nullopt;
  auto& held = *known->second;
  if (held.put_at + bounds_.age_max < now) {
    remove(known->second);
    return std::nullopt;
  }
  if (held.is_doubtful)
    return std::nullopt;
  if (held.answer.document)
    return held.answer;
  auto answer = held.value.empty() ? pending_answer(id, held.origin, held.created_at)
                                   : answer_of(held.value, held.position);
  if (!answer) {
    remove(known->second); // the read model, which parks what it cannot read, is asked instead
    return std::nullopt;
  }
  bytes_ -= size_of(held);
  std::string{}.swap(held.value); // an assignment would keep the buffer
  held.answer = *answer;
  bytes_ += size_of(held);
  remove_what_is_too_much(); // perhaps this very one
  return std::move(*answer);
}

std::optional<session_answer> session_cache::find_issued(const events::session_id& id) const {
  std::lock_guard guard{mutex_};
  auto known = by_id_.find(id);
  if (known == by_id_.end() || known->second->version != events::stream_version{})
    return std::nullopt;
  return pending_answer(id, known->second->origin, known->second->created_at);
}

std::size_t session_cache::bytes() const {
  std::lock_guard guard{mutex_};
  return bytes_;
}

} // namespace sonicmatch::actors
