#include "actors/language_model/explanation.hpp"

#include "actors/language_model/comparison.hpp"
#include "actors/language_model/plain_text.hpp"
#include "actors/language_model/prompt.hpp"
#include "actors/language_model/reply_form.hpp"
#include "actors/language_model/reply_reader.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors::language_model {

namespace {

using events::explanation::comparison_point;
using events::record::write;
using events::record::write_text;
using events::session::match;

/// What the events allow at most; held here too, since a prompt costs by its length.
constexpr std::size_t explanation_bytes_max = 4'000;
constexpr std::size_t item_bytes_max = 400;
constexpr std::size_t items_max = 10;
constexpr std::size_t others_max = 10;
constexpr std::size_t points_max = 3 * others_max;
constexpr std::size_t point_bytes_max = 600;

void make_data(std::vector<std::string>& texts) {
  if (texts.size() > items_max)
    texts.resize(items_max);
  for (auto& each : texts)
    each = as_data(each, item_bytes_max);
}

/// The pick as a model is shown it: a model's or the heuristic's texts, which may quote
/// the person, are data like the wishes.
match shown_pick(match pick) {
  pick.explanation = as_data(pick.explanation, explanation_bytes_max);
  make_data(pick.personalized_pros);
  make_data(pick.personalized_cons);
  make_data(pick.match_highlights);
  return pick;
}

void write_others(std::string& out, const std::vector<match>& matches,
                  const events::headphone_id& explained) {
  std::size_t count = 0;
  for (const auto& each : matches) {
    if (each.headphone.id == explained || count == others_max)
      continue;
    out += count++ == 0 ? R"({"rank":)" : R"(,{"rank":)";
    write(out, each.rank);
    out += R"(,"name":)";
    write_text(out, name_of(each.headphone));
    out += R"(,"price_usd":)";
    write(out, each.headphone.price_usd);
    out += R"(,"overall_score":)";
    write(out, each.overall_score);
    out += '}';
  }
}

void write_points(std::string& out, const std::vector<comparison_point>& points) {
  for (std::size_t i = 0; i < points.size() && i < points_max; ++i) {
    out += i == 0 ? R"({"other":)" : R"(,{"other":)";
    write_text(out, points[i].other_name);
    out += R"(,"aspect":)";
    write(out, points[i].aspect);
    out += R"(,"detail":)";
    write_text(out, as_data(points[i].detail, point_bytes_max));
    out += '}';
  }
}

} // namespace

std::string explanation_question(const events::session::preferences& wanted,
                                 const std::vector<match>& matches, const events::headphone_id& explained,
                                 const std::vector<comparison_point>& points) {
  std::string out = R"({"wishes":)";
  out.reserve(8'192);
  write(out, shown_wishes(wanted));
  const auto* pick = find_pick(matches, explained);
  out += R"(,"explain":)";
  write_text(out, pick == nullptr ? std::string_view{} : std::string_view{pick->headphone.slug});
  out += R"(,"pick":)";
  if (pick == nullptr)
    out += "null";
  else
    write(out, shown_pick(*pick));
  out += R"(,"others":[)";
  write_others(out, matches, explained);
  out += R"(],"comparison":[)";
  write_points(out, points);
  return out + "]}";
}

checked_explanation check_explanation(std::string_view reply_text, stop_reason stopped) {
  checked_explanation out;
  reason_list wrong;
  form::detailed_text said;
  auto root = find_object(reply_text, stopped, wrong);
  if (root && read_form(*root, "", said, wrong))
    out.text = std::move(said.detailed_explanation);
  else
    out.reasons = wrong.take();
  return out;
}

} // namespace sonicmatch::actors::language_model
