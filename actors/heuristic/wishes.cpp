#include "actors/heuristic/wishes.hpp"

#include "actors/heuristic/folding.hpp"
#include "actors/heuristic/habits.hpp"

#include <algorithm>
#include <numeric>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::genre;
using events::catalog::use_case;
using events::session::preferences;
using q = quality;

constexpr double artist_weight = 0.35;
constexpr double secondary_use_weight = 0.4;
constexpr double requirement_weight = 0.4;
constexpr std::size_t notes_max = 12;

constexpr std::size_t at(q what) {
  return static_cast<std::size_t>(what);
}
constexpr std::size_t at(genre what) {
  return static_cast<std::size_t>(what);
}
constexpr std::size_t at(use_case what) {
  return static_cast<std::size_t>(what);
}

void add(quality_weights& to, const quality_wishes& from, double weight) {
  for (const auto& wish : from)
    to[at(wish.what)] += weight * wish.weight;
}

/// A sentence about a word that is in no table, with the likely one if there is any.
std::string unknown_word(std::string_view kind, std::string_view typed, std::string_view near) {
  std::string note = "The ";
  note += kind;
  note += " “";
  note += quotable(typed);
  note += "” is not one this engine knows, so it did not count";
  if (!near.empty()) {
    note += "; perhaps you meant ";
    note += near;
  }
  note += '.';
  return note;
}

void note(wishes& out, std::string text) {
  if (out.notes.size() < notes_max)
    out.notes.push_back(std::move(text));
}

void read_genres(const preferences& wanted, wishes& out) {
  for (const auto& text : wanted.genres) {
    const auto* word = genre_called(text);
    if (word == nullptr) {
      const auto* near = out.notes.size() < 3 ? genre_near(text) : nullptr;
      note(out, unknown_word("genre", text, near == nullptr ? std::string_view{} : near->shown));
      continue;
    }
    if (std::find(out.genre_words.begin(), out.genre_words.end(), word) != out.genre_words.end())
      continue;
    out.genre_words.push_back(word);
    out.genres[at(word->first)] += 1;
    out.genres[at(word->second)] += word->second_weight;
  }
}

void read_artists(const preferences& wanted, wishes& out) {
  std::string unknown;
  std::size_t unknown_count = 0;
  for (const auto& name : wanted.favorite_artists) {
    const auto* artist = artist_called(name);
    if (artist == nullptr) {
      if (++unknown_count <= 3)
        unknown += (unknown.empty() ? "" : ", ") + quotable(name);
      continue;
    }
    out.artist_words.push_back(artist);
    out.artist_names.push_back(name);
    out.genres[at(artist->first)] += artist_weight;
    out.genres[at(artist->second)] += artist_weight * artist->second_weight;
  }
  if (unknown_count > 3)
    unknown += " and " + std::to_string(unknown_count - 3) + " more";
  if (unknown_count > 0)
    note(out, "This engine has no genre on file for " + unknown + ", so "
                + (unknown_count == 1 ? "that artist" : "those artists") + " did not count.");
  if (!wanted.favorite_tracks.empty())
    note(out, "Favourite tracks are not used by this engine; name their genres or artists instead.");
}

void read_use(const use_word& word, double weight, wishes& out) {
  out.use_cases[at(word.first)] += weight * word.first_weight;
  out.use_cases[at(word.second)] += weight * word.second_weight;
  add(out.qualities, word.also, weight);
}

void read_uses(const preferences& wanted, wishes& out) {
  auto understood = [&](const std::string& text) {
    const auto* word = use_called(text);
    if (word == nullptr) {
      const auto* near = use_near(text);
      note(out, unknown_word("use case", text, near == nullptr ? std::string_view{} : near->shown));
    }
    return word;
  };
  if (wanted.primary_use_case && (out.primary = understood(*wanted.primary_use_case)) != nullptr)
    read_use(*out.primary, 1, out);
  for (const auto& text : wanted.secondary_use_cases)
    if (const auto* word = understood(text);
        word != nullptr && word != out.primary
        && std::find(out.secondaries.begin(), out.secondaries.end(), word) == out.secondaries.end()) {
      out.secondaries.push_back(word);
      read_use(*word, secondary_use_weight, out);
    }
}

void read_place(const preferences& wanted, wishes& out) {
  if (!wanted.listening_environment)
    return;
  out.place = place_called(*wanted.listening_environment);
  if (out.place == nullptr) {
    const auto* near = place_near(*wanted.listening_environment);
    note(out, unknown_word("listening environment", *wanted.listening_environment,
                           near == nullptr ? std::string_view{} : near->word));
    return;
  }
  add(out.qualities, out.place->asks, 1);
  bool no_use_said = out.primary == nullptr && out.secondaries.empty();
  if (no_use_said)
    out.use_cases[at(out.place->implied)] += out.place->implied_weight;
}

/// What is required is no longer a wish: every candidate has it, and what
/// contradicts it is not asked for.
void settle_requirements(const preferences& wanted, wishes& out) {
  const auto& required = wanted.requirements;
  auto settle = [&](std::initializer_list<quality> settled) {
    for (auto what : settled)
      out.qualities[at(what)] = 0;
    out.requirements_weight += requirement_weight;
  };
  if (required.wireless) {
    settle({q::wireless, q::wired});
    if (*required.wireless) // hardly any wireless headphone is open, and that is known to who asks
      out.qualities[at(q::openness)] = 0;
  }
  if (required.anc)
    settle({q::anc});
  if (required.back)
    settle({q::openness, q::quiet});
  if (required.microphone)
    settle({q::microphone});
  if (!required.types.empty())
    settle({q::full_size, q::portability});
  // Open and wired are what a quiet room suggests, not what a commuter wants.
  auto& asked = out.qualities;
  asked[at(q::openness)] =
    std::max(0.0, asked[at(q::openness)] - asked[at(q::quiet)] - asked[at(q::isolation)]);
  asked[at(q::wired)] = std::max(0.0, asked[at(q::wired)] - asked[at(q::wireless)]);
}

void ask_for_use_cases(wishes& out) {
  for (std::size_t i = 0; i < use_case_count; ++i)
    add(out.qualities, asked_by(static_cast<use_case>(i)), out.use_cases[i]);
}

/// Who names no use case is shown headphones for many uses rather than
/// specialists, and full-size ones before earbuds if no type was named.
void assume_all_round_use(wishes& out) {
  out.use_case_said = std::any_of(out.use_cases.begin(), out.use_cases.end(), [](double x) { return x > 0; });
  if (out.use_case_said)
    return;
  out.use_cases[at(use_case::casual)] = 0.7;
  out.use_cases[at(use_case::critical_listening)] = 0.3;
  out.qualities[at(q::full_size)] += 0.3;
}

/// How much of a stated wish must be there for the best mark. Mids vary by a decibel
/// or two only, and who asks for 0.8 of them wants them clear, not 2 dB loud.
constexpr std::array<double, 3> share_of_balance{0.7, 0.35, 0.6};

/// A balance that was asked for: as good as it gets from that share of the way
/// between neutral and the wish up to the wish itself.
sound_wish stated_balance(double value, double share) {
  constexpr double tolerance = 0.03;
  double weight = 0.45 + 1.1 * std::abs(value - 0.5);
  double towards = 0.5 + share * (value - 0.5);
  return {std::min(value, towards) - tolerance, std::max(value, towards) + tolerance, weight, true};
}

/// At least so much; more is never worse. Under neutral it is no wish at all.
sound_wish stated_least(double value) {
  return {value, 1, value < 0.5 ? 0.0 : 0.3 + 1.2 * (value - 0.5), true};
}

void read_sound(const preferences& wanted, wishes& out) {
  constexpr double tolerance = 0.12;
  constexpr double balance_weight = 0.30;
  constexpr double least_weight = 0.18;
  auto habit = habit_of(out);
  constexpr double on_target = 0.5;
  const std::array<double, sound_dimension_count> habits{habit.bass, on_target, on_target, habit.soundstage,
                                                         habit.detail};
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    auto which = static_cast<sound_dimension>(i);
    bool balance = which <= sound_dimension::treble;
    if (const auto& value = stated_value(wanted.sound_preferences, which)) {
      out.sound[i] = balance ? stated_balance(*value, share_of_balance[i]) : stated_least(*value);
      out.sound_stated = true;
    } else {
      out.sound[i] = balance ? sound_wish{habits[i] - tolerance, habits[i] + tolerance, balance_weight, false}
                             : sound_wish{habits[i], 1, least_weight, false};
    }
  }
}

} // namespace

const std::optional<double>& stated_value(const events::session::sound_preferences& sound,
                                          sound_dimension which) noexcept {
  switch (which) {
  case sound_dimension::bass:
    return sound.bass;
  case sound_dimension::mids:
    return sound.mids;
  case sound_dimension::treble:
    return sound.treble;
  case sound_dimension::soundstage:
    return sound.soundstage;
  case sound_dimension::detail:
    break;
  }
  return sound.detail;
}

wishes understand(const preferences& wanted) {
  wishes out;
  read_genres(wanted, out);
  read_artists(wanted, out);
  read_uses(wanted, out);
  read_place(wanted, out);
  ask_for_use_cases(out);
  assume_all_round_use(out);
  settle_requirements(wanted, out);
  out.genres_sum = std::accumulate(out.genres.begin(), out.genres.end(), 0.0);
  out.use_cases_sum = std::accumulate(out.use_cases.begin(), out.use_cases.end(), 0.0);
  read_sound(wanted, out);
  return out;
}

} // namespace sonicmatch::actors::heuristic
