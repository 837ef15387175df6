#include "actors/edge/explanation_cache.hpp"

#include "events/codec.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors {

namespace {

explanation_answer rendered(const events::explanation::document& document,
                            const std::optional<events::user_id>& owner) {
  return {document.session, document.headphone_id,
          document.id,      std::make_shared<const std::string>(events::record::to_json(document)),
          document.status,  document.degraded.value_or(false),
          document.error,   owner};
}

} // namespace

caf::expected<explanation_answer> explanation_of(std::string_view value) {
  auto decoded = events::decode_event(value);
  if (!decoded)
    return std::move(decoded.error());
  auto* happened = std::get_if<events::explanation::event>(&decoded->body);
  auto session = events::session_id::parse(decoded->head.partitionkey);
  if (happened == nullptr || !session || !is_terminal(*happened))
    return events::make_error(events::errc::invalid_record, decoded->head.type + " ends no explanation");
  return rendered(events::explanation::document_of(*session, std::move(*happened), decoded->head.time),
                  decoded->head.userid);
}

explanation_answer pending_explanation(const explained_pick& pick, const events::explanation_id& id,
                                       const std::optional<events::user_id>& owner,
                                       events::timestamp created_at) {
  events::explanation::document document;
  document.session = pick.session;
  document.id = id;
  document.headphone_id = pick.headphone;
  document.created_at = created_at;
  return rendered(document, owner);
}

std::size_t explanation_cache::size_of(const explanation_answer& held) noexcept {
  constexpr std::size_t bookkeeping = sizeof(explanation_answer) + 128;
  return bookkeeping + held.document->capacity();
}

void explanation_cache::remove(answers::iterator old) {
  bytes_ -= size_of(*old);
  by_pick_.erase(pick_of(*old));
  newest_first_.erase(old);
}

void explanation_cache::put(explanation_answer answer) {
  auto pick = pick_of(answer);
  if (auto known = by_pick_.find(pick); known != by_pick_.end())
    remove(known->second);
  bytes_ += size_of(answer);
  newest_first_.push_front(std::move(answer));
  by_pick_.emplace(pick, newest_first_.begin());
  while (bytes_ > bytes_max_)
    remove(std::prev(newest_first_.end()));
}

void explanation_cache::forget(const events::session_id& session) {
  for (auto at = newest_first_.begin(); at != newest_first_.end();)
    if (auto each = at++; each->session == session)
      remove(each);
}

std::optional<explanation_answer> explanation_cache::find(const explained_pick& pick) {
  auto known = by_pick_.find(pick);
  if (known == by_pick_.end())
    return std::nullopt;
  newest_first_.splice(newest_first_.begin(), newest_first_, known->second);
  return *known->second;
}

} // namespace sonicmatch::actors
