#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <unordered_map>

namespace sonicmatch::projections::matches {

namespace {

match_row row_of(events::session::match from) {
  return {from.rank,
          from.headphone.id,
          from.scores,
          std::move(from.explanation),
          std::move(from.personalized_pros),
          std::move(from.personalized_cons),
          std::move(from.match_highlights)};
}

using ended = events::session::recommendation_completed;

class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence& fence) override {
    auto read = read_session_record(record, fence, events::is_of<ended>);
    if (!read)
      return read.error();
    if (*read && std::holds_alternative<erasure>((*read)->body))
      erased_.push_back((*read)->session);
    auto* decision = *read ? std::get_if<session_decision>(&(*read)->body) : nullptr;
    auto* happened = decision ? std::get_if<events::session::event>(&decision->body) : nullptr;
    if (auto* completed = happened ? std::get_if<ended>(happened) : nullptr)
      take((*read)->session, decision->version, std::move(completed->matches));
    return caf::none;
  }

  row_set finish() override {
    return std::move(sessions_);
  }

private:
  void take(const events::session_id& session, events::stream_version version,
            std::vector<events::session::match> matches) {
    auto [known, is_new] = places_.try_emplace(session, sessions_.size());
    if (is_new)
      sessions_.push_back({session, {}, {}});
    auto& current = sessions_[known->second];
    if (version <= current.version)
      return;
    current.version = version;
    current.rows.clear();
    current.rows.reserve(matches.size());
    for (auto& each : matches)
      current.rows.push_back(row_of(std::move(each)));
  }

  std::vector<session_matches> sessions_;
  std::unordered_map<events::session_id, std::size_t> places_;
};

} // namespace

read_model model() {
  return {"matches", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }};
}

} // namespace sonicmatch::projections::matches
