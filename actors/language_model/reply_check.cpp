#include "actors/language_model/reply_check.hpp"

#include "actors/heuristic/scoring.hpp"
#include "actors/language_model/plain_text.hpp"
#include "actors/language_model/reply_form.hpp"
#include "actors/language_model/reply_reader.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

namespace {

using events::session::match;
using heuristic::candidate;
using simdjson::SUCCESS;

/// The candidate of that slug, in whatever case it is written; nullptr when there is none.
const candidate* find_candidate(std::span<const candidate> candidates, std::string_view slug) noexcept {
  auto is_same = [](char of_catalog, char written) {
    return of_catalog == (written >= 'A' && written <= 'Z' ? written - 'A' + 'a' : written);
  };
  for (const auto& each : candidates)
    if (std::equal(each.headphone->slug.begin(), each.headphone->slug.end(), slug.begin(), slug.end(),
                   is_same))
      return &each;
  return nullptr;
}

bool holds(const std::vector<match>& all, const std::string& slug) noexcept {
  return std::any_of(all.begin(), all.end(), [&](const match& each) { return each.headphone.slug == slug; });
}

match match_of(form::pick&& said, const events::catalog::headphone_view& headphone) {
  const auto& parts = said.scores;
  auto scores = heuristic::rounded({said.overall_score, parts.genre_match, parts.sound_profile,
                                    parts.use_case, parts.budget, parts.feature_match});
  return {.headphone = headphone,
          .overall_score = scores.overall,
          .scores = scores,
          .explanation = std::move(said.explanation),
          .personalized_pros = std::move(said.personalized_pros),
          .personalized_cons = std::move(said.personalized_cons),
          .match_highlights = std::move(said.match_highlights)};
}

/// A field that may stand there once; nothing when it does not, or twice.
std::optional<simdjson::dom::element> only(simdjson::dom::object object, std::string_view name) {
  std::optional<simdjson::dom::element> out;
  for (auto [key, value] : object) {
    if (key != name)
      continue;
    if (out)
      return std::nullopt;
    out = value;
  }
  return out;
}

/// Notes that are not fit to be shown are no reason to ask again.
std::vector<std::string> usable_notes(std::optional<simdjson::dom::element> said) {
  std::vector<std::string> out;
  simdjson::dom::array items;
  if (!said || said->get_array().get(items) != SUCCESS)
    return out;
  for (auto item : items) {
    std::string_view text;
    if (out.size() == form::notes_max || item.get_string().get(text) != SUCCESS)
      break;
    if (text.size() > form::note_bytes_max || !fault_in(text).empty())
      continue;
    if (auto note = in_one_line(text); !note.empty())
      out.push_back(std::move(note));
  }
  return out;
}

class reply_checker {
public:
  reply_checker(const events::catalog::snapshot& catalog, std::span<const candidate> candidates)
    : catalog_{catalog}
    , candidates_{candidates} {}

  void take(simdjson::dom::array picks, reason_list& wrong) {
    std::size_t place = 0;
    for (auto each : picks)
      take(each, "/matches/" + std::to_string(place++), wrong);
  }

  /// The best of what was taken, ranked.
  [[nodiscard]] std::vector<match> best(std::size_t results) && {
    std::stable_sort(accepted_.begin(), accepted_.end(),
                     [](const match& a, const match& b) { return a.overall_score > b.overall_score; });
    if (accepted_.size() > results)
      accepted_.erase(accepted_.begin() + static_cast<std::ptrdiff_t>(results), accepted_.end());
    int rank = 0;
    for (auto& each : accepted_)
      each.rank = ++rank;
    return std::move(accepted_);
  }

private:
  void take(simdjson::dom::element from, const std::string& path, reason_list& wrong) {
    form::pick said;
    auto is_well_formed = read_form(from, path, said, wrong);
    if (said.headphone.empty())
      return; // and the reason is there
    const auto* chosen = find_candidate(candidates_, said.headphone);
    if (chosen == nullptr)
      return wrong.add(path + "/headphone", echo_of(said.headphone) + " is not one of the candidates");
    if (holds(accepted_, chosen->headphone->slug))
      return wrong.add(path + "/headphone", echo_of(said.headphone) + " is there twice");
    if (is_well_formed)
      accepted_.push_back(match_of(std::move(said), catalog_.views()[chosen->index]));
  }

  const events::catalog::snapshot& catalog_;
  std::span<const candidate> candidates_;
  std::vector<match> accepted_;
};

std::string shortfall(std::size_t accepted, std::size_t results) {
  return "Of the matches " + std::to_string(accepted) + " can be used, and " + std::to_string(results)
         + " are wanted.";
}

} // namespace

checked_reply check_recommendation(std::string_view reply_text, stop_reason stopped,
                                   const events::catalog::snapshot& catalog,
                                   std::span<const heuristic::candidate> candidates, std::size_t results) {
  checked_reply out;
  reason_list wrong;
  auto root = find_object(reply_text, stopped, wrong);
  if (!root) {
    out.reasons = wrong.take();
    return out;
  }
  simdjson::dom::object answer;
  simdjson::dom::array picks;
  auto is_object = root->get_object().get(answer) == SUCCESS; // find_object() gives nothing else
  auto matches = is_object ? only(answer, "matches") : std::nullopt;
  reply_checker checker{catalog, candidates};
  if (matches && matches->get_array().get(picks) == SUCCESS) {
    checker.take(picks, wrong);
    out.notes = usable_notes(only(answer, "notes"));
  } else {
    wrong.add("/matches", "must be there, once, as an array");
  }
  out.accepted = std::move(checker).best(results);
  if (out.accepted.size() < results)
    out.reasons = wrong.take(shortfall(out.accepted.size(), results));
  return out;
}

} // namespace sonicmatch::actors::language_model
