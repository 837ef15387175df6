#include "actors/edge/explanation_draft.hpp"

#include "events/error.hpp"
#include "events/record/reader.hpp"
#include "events/session/document.hpp"

#include <algorithm>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

namespace {

events::session::preferences wishes_behind(const events::session::match& best) {
  events::session::preferences out;
  constexpr auto known = names(events::catalog::genre{});
  for (auto each : best.headphone.genres)
    out.genres.emplace_back(known[static_cast<std::size_t>(each)]);
  if (out.genres.empty())
    out.budget_max = best.headphone.price_usd;
  return out;
}

} // namespace

caf::expected<events::explanation::request_explanation>
draft_explanation(std::string_view session_document, const events::headphone_id& headphone) {
  using events::session::document;
  events::record::violations wrong;
  auto session =
    events::record::read<document>(session_document, wrong, events::record::unknown_fields::ignore);
  if (!session)
    return make_error(errc::invalid_record, wrong.front().pointer + " " + wrong.front().detail);
  if (session->status != events::session::document_status::complete || !session->matches)
    return make_error(errc::not_complete, "The session is not complete; only its picks can be explained.");
  auto& matches = *session->matches;
  if (std::none_of(matches.begin(), matches.end(),
                   [&](const auto& each) { return each.headphone.id == headphone; }))
    return make_error(errc::not_a_match, "The headphone is not among the session's matches.");
  events::explanation::request_explanation out;
  out.headphone = headphone;
  out.preferences = session->preferences ? std::move(*session->preferences) : wishes_behind(matches.front());
  out.matches = std::move(matches);
  return out;
}

events::headphone_id headphone_named(std::string_view id_or_slug) {
  if (auto id = events::headphone_id::parse(id_or_slug))
    return *id;
  return events::headphone_id_of(id_or_slug);
}

} // namespace sonicmatch::actors
