#include "actors/heuristic/traits.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::back;
using events::catalog::confidence;
using events::catalog::driver;
using events::catalog::form_factor;
using events::catalog::genre;
using events::catalog::headphone;
using events::catalog::use_case;
using q = quality;

constexpr std::size_t at(q what) {
  return static_cast<std::size_t>(what);
}

/// How far a headphone praised for the one serves the other: symmetric, and less
/// than the least a tag of its own is worth.
template <class Tag>
struct kinship {
  Tag one;
  Tag other;
  double degree;
};

constexpr auto kindred_genres = std::to_array<kinship<genre>>({
  {genre::classical, genre::jazz, 0.4},
  {genre::classical, genre::acoustic, 0.5},
  {genre::classical, genre::soundtrack, 0.5},
  {genre::jazz, genre::acoustic, 0.5},
  {genre::jazz, genre::vocal, 0.4},
  {genre::acoustic, genre::vocal, 0.5},
  {genre::acoustic, genre::indie, 0.4},
  {genre::rock, genre::metal, 0.5},
  {genre::rock, genre::indie, 0.6},
  {genre::pop, genre::rnb, 0.4},
  {genre::pop, genre::electronic, 0.4},
  {genre::pop, genre::vocal, 0.3},
  {genre::pop, genre::indie, 0.4},
  {genre::hip_hop, genre::rnb, 0.5},
  {genre::hip_hop, genre::electronic, 0.5},
  {genre::rnb, genre::electronic, 0.3},
  {genre::rnb, genre::vocal, 0.3},
  {genre::electronic, genre::soundtrack, 0.2},
});

constexpr auto kindred_uses = std::to_array<kinship<use_case>>({
  {use_case::critical_listening, use_case::studio, 0.65},
  {use_case::critical_listening, use_case::casual, 0.35},
  {use_case::critical_listening, use_case::gaming, 0.2},
  {use_case::commuting, use_case::travel, 0.75},
  {use_case::commuting, use_case::office, 0.5},
  {use_case::commuting, use_case::casual, 0.3},
  {use_case::travel, use_case::office, 0.5},
  {use_case::office, use_case::casual, 0.3},
});

/// What serves each use case well, in the order of the use cases; weights sum to 1.
constexpr std::array<quality_wishes, use_case_count> served_by{{
  {{{q::accuracy, 0.35}, {q::detail, 0.40}, {q::soundstage, 0.25}}},
  {{{q::soundstage, 0.45}, {q::detail, 0.30}, {q::accuracy, 0.15}, {q::lightness, 0.10}}},
  {{{q::anc, 0.45}, {q::isolation, 0.25}, {q::endurance, 0.10}, {q::detail, 0.20}}},
  {{{q::accuracy, 0.45}, {q::detail, 0.45}, {q::lightness, 0.10}}},
  {{{q::accuracy, 0.35}, {q::detail, 0.35}, {q::lightness, 0.30}}},
  {{{q::hold, 0.60}, {q::lightness, 0.15}, {q::endurance, 0.25}}},
  {{{q::anc, 0.35}, {q::microphone, 0.30}, {q::lightness, 0.15}, {q::endurance, 0.20}}},
  {{{q::anc, 0.50}, {q::endurance, 0.20}, {q::detail, 0.20}, {q::isolation, 0.10}}},
}};

double clamp01(double value) {
  return std::clamp(value, 0.0, 1.0);
}

bool tagged(const headphone& h, use_case wanted) {
  return std::find(h.use_cases.begin(), h.use_cases.end(), wanted) != h.use_cases.end();
}

double isolation_of(const headphone& h) {
  if (h.back == back::open)
    return h.anc ? 0.3 : 0.0;
  if (h.back == back::semi_open)
    return 0.2;
  if (h.anc)
    return 1.0;
  double form = h.form_factor == form_factor::in_ear     ? 0.8
                : h.form_factor == form_factor::over_ear ? 0.6
                                                         : 0.5;
  return clamp01(form + 0.8 * (isolation_grade(h) - 0.75));
}

double lightness_of(const headphone& h) {
  if (h.form_factor == form_factor::in_ear)
    return 0.95;
  if (!h.weight_g)
    return 0.55;
  return clamp01(1.0 - (*h.weight_g - 170.0) / 300.0);
}

/// Hours on a scale of what the form allows: 10 to 60 for headphones, 3 to 9 for buds.
double endurance_of(const headphone& h) {
  if (!h.wireless)
    return 0.6;
  if (!h.battery_hours)
    return 0.45;
  if (h.form_factor == form_factor::in_ear || h.driver == driver::bone_conduction)
    return clamp01((*h.battery_hours - 3.0) / 6.0);
  return clamp01(std::log(*h.battery_hours / 10.0) / std::log(6.0));
}

double hold_of(const headphone& h) {
  if (h.driver == driver::bone_conduction)
    return 1.0;
  double sporty = tagged(h, use_case::exercise) ? 0.25 : 0.0;
  if (h.form_factor == form_factor::in_ear)
    return (h.wireless ? 0.7 : 0.4) + sporty;
  return (h.form_factor == form_factor::on_ear ? 0.3 : 0.1) + sporty;
}

double portability_of(const headphone& h) {
  if (h.form_factor == form_factor::in_ear)
    return 1.0;
  if (h.form_factor == form_factor::on_ear)
    return 0.7;
  if (h.wireless)
    return 0.5;
  return h.back == back::closed ? 0.3 : 0.1;
}

/// How closely the measured response follows its target: 1 at a standard
/// deviation of 0.8 dB or less, one half at 2.8 dB.
double accuracy_of(const headphone& h) {
  if (h.measured.confidence == confidence::low)
    return 0.4;
  double beyond = std::max(0.0, h.measured.error_std_db - 0.8) / 2.0;
  return 1.0 / (1.0 + beyond * beyond);
}

quality_weights qualities_of(const headphone& h) {
  quality_weights out{};
  out[at(q::wireless)] = h.wireless ? 1 : 0;
  out[at(q::wired)] = h.wireless ? 0 : 1;
  out[at(q::anc)] = anc_grade(h);
  out[at(q::isolation)] = isolation_of(h);
  out[at(q::quiet)] = h.back == back::closed ? 1 : h.back == back::semi_open ? 0.35 : 0;
  out[at(q::openness)] = h.back == back::open ? 1 : h.back == back::semi_open ? 0.5 : 0;
  out[at(q::microphone)] = microphone_grade(h);
  out[at(q::lightness)] = lightness_of(h);
  out[at(q::endurance)] = endurance_of(h);
  out[at(q::hold)] = hold_of(h);
  out[at(q::portability)] = portability_of(h);
  out[at(q::full_size)] = h.form_factor == form_factor::over_ear ? 1
                          : h.form_factor == form_factor::on_ear ? 0.6
                                                                 : 0.1;
  out[at(q::accuracy)] = accuracy_of(h);
  out[at(q::soundstage)] = clamp01(h.sound_signature.soundstage);
  out[at(q::detail)] = clamp01(h.sound_signature.detail);
  return out;
}

/// What being named for something is worth by its place in the catalog's list:
/// the first is what the headphone is known for.
double worth_of_place(std::size_t place) {
  constexpr std::array worth{1.0, 0.94, 0.88, 0.82};
  return worth[std::min(place, worth.size() - 1)];
}

/// For each word of the vocabulary the worth of its tag, or of the best kindred tag.
template <std::size_t Count, class Tag, std::size_t Kindred>
std::array<double, Count> tag_fit(const std::vector<Tag>& tags,
                                  const std::array<kinship<Tag>, Kindred>& kin) {
  std::array<double, Count> fit{};
  auto raise = [&](Tag which, double to) {
    auto& now = fit[static_cast<std::size_t>(which)];
    now = std::max(now, to);
  };
  for (std::size_t i = 0; i < tags.size(); ++i) {
    auto worth = worth_of_place(i);
    raise(tags[i], worth);
    for (const auto& pair : kin) {
      if (pair.one == tags[i])
        raise(pair.other, worth * pair.degree);
      if (pair.other == tags[i])
        raise(pair.one, worth * pair.degree);
    }
  }
  return fit;
}

/// Half for being named for it, half for what it brings.
std::array<double, use_case_count> use_case_fit_of(const headphone& h, const quality_weights& qualities) {
  auto fit = tag_fit<use_case_count>(h.use_cases, kindred_uses);
  for (std::size_t i = 0; i < use_case_count; ++i) {
    double served = 0;
    for (const auto& by : served_by[i])
      served += by.weight * qualities[at(by.what)];
    fit[i] = 0.5 * fit[i] + 0.5 * served;
  }
  return fit;
}

/// Headline models, those that many have thought worth measuring, and those that
/// are called a reference.
double renown_of(const headphone& h) {
  double sources = h.measured.cross_source ? h.measured.cross_source->n_sources : 1;
  return 0.46 * (h.core ? 1 : 0) + 0.44 * sources / (sources + 3.0) + 0.10 * (acclaimed(h) ? 1 : 0);
}

/// Later models of the same line, form and connection at a like price, newer or of unknown age.
void count_successors(std::vector<traits>& all, const std::vector<model_line>& lines) {
  constexpr double like_price = 1.7;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < all.size(); ++j) {
      const auto& older = *all[i].headphone;
      const auto& newer = *all[j].headphone;
      auto ratio = all[j].list_price / all[i].list_price;
      if (lines[j].number > lines[i].number && all[i].line == all[j].line
          && older.form_factor == newer.form_factor && older.wireless == newer.wireless
          && older.release_year <= newer.release_year && ratio <= like_price && ratio >= 1 / like_price)
        ++all[i].successors;
    }
}

} // namespace

model_line line_of(std::string_view slug) {
  constexpr std::array<std::string_view, 4> roman{"i", "ii", "iii", "iv"};
  model_line out;
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t start = 0; start < slug.size();) {
    if (slug[start] == '-') {
      ++start;
      continue;
    }
    auto end = start + 1;
    while (end < slug.size() && slug[end] != '-' && is_digit(slug[end]) == is_digit(slug[start]))
      ++end;
    auto part = slug.substr(start, end - start);
    start = end;
    auto numeral = std::find(roman.begin(), roman.end(), part);
    if (numeral != roman.end())
      out.number = static_cast<int>(numeral - roman.begin()) + 1;
    else if (part.size() == 1 && is_digit(part.front()))
      out.number = part.front() - '0';
    else if (part != "gen" && part != "mk" && part != "version")
      out.name += (out.name.empty() ? "" : " ") + std::string{part};
  }
  return out;
}

std::vector<traits> traits_of(const std::vector<headphone>& all) {
  std::vector<traits> out(all.size());
  std::vector<model_line> lines(all.size());
  std::unordered_map<std::string, std::uint32_t> numbers;
  auto number_of = [&](const std::string& name) {
    return numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& h = all[i];
    auto& t = out[i];
    const auto& s = h.sound_signature;
    lines[i] = line_of(h.slug);
    t.headphone = &h;
    t.price = events::dollars(h.price_usd);
    t.list_price = events::dollars(h.msrp_usd);
    t.qualities = qualities_of(h);
    t.genre_fit = tag_fit<genre_count>(h.genres, kindred_genres);
    t.use_case_fit = use_case_fit_of(h, t.qualities);
    t.sound = {s.bass, s.mids, s.treble, s.soundstage, s.detail};
    t.sound_is_certain = h.measured.confidence == confidence::normal;
    for (const auto& pro : h.pros)
      t.topics_of_pros.push_back(topics_of(pro));
    for (const auto& con : h.cons)
      t.topics_of_cons.push_back(topics_of(con));
    t.renown = renown_of(h);
    t.past_its_time = past_its_time(h);
    t.line = number_of("line " + lines[i].name);
    t.brand = number_of("brand " + h.brand);
  }
  count_successors(out, lines);
  return out;
}

} // namespace sonicmatch::actors::heuristic
