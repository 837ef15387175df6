#include "actors/heuristic/editorial.hpp"

#include "actors/heuristic/folding.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::headphone;

struct topic_word {
  std::string_view stem; ///< the beginning of a folded word
  topics about;
};

constexpr auto topic_words = std::to_array<topic_word>({
  {"bass", topic::bass},        {"sub", topic::bass},         {"low", topic::bass},
  {"lows", topic::bass},        {"boom", topic::bass},        {"mudd", topic::bass},
  {"punch", topic::bass},       {"thump", topic::bass},       {"treble", topic::treble},
  {"bright", topic::treble},    {"piercing", topic::treble},  {"sharp", topic::treble},
  {"glare", topic::treble},     {"dark", topic::treble},      {"mid", topic::mids},
  {"mids", topic::mids},        {"midrange", topic::mids},    {"vocal", topic::mids},
  {"voices", topic::mids},      {"stage", topic::stage},      {"staging", topic::stage},
  {"spacious", topic::stage},   {"roomy", topic::stage},      {"airy", topic::stage},
  {"imaging", topic::stage},    {"detail", topic::detail},    {"resol", topic::detail},
  {"clarity", topic::detail},   {"anc", topic::anc},          {"noise", topic::anc},
  {"cancelling", topic::anc},   {"isolat", topic::isolation}, {"leak", topic::isolation},
  {"mic", topic::microphone},   {"mics", topic::microphone},  {"microphone", topic::microphone},
  {"call", topic::microphone},  {"boom", topic::microphone},  {"battery", topic::battery},
  {"hour", topic::battery},     {"charge", topic::battery},   {"light", topic::weight},
  {"heavy", topic::weight},     {"feather", topic::weight},   {"weight", topic::weight},
  {"bulky", topic::weight},     {"kilo", topic::weight},      {"price", topic::price},
  {"pric", topic::price},       {"cheap", topic::price},      {"value", topic::price},
  {"expensive", topic::price},  {"costly", topic::price},     {"afford", topic::price},
  {"money", topic::price},      {"budget", topic::price},     {"cable", topic::cable},
  {"cord", topic::cable},       {"wired", topic::cable},      {"bluetooth", topic::cable},
  {"discontinued", topic::age}, {"superseded", topic::age},   {"replaced", topic::age},
  {"older", topic::age},        {"dated", topic::age},        {"secure", topic::fit},
  {"hooks", topic::fit},        {"stable", topic::fit},       {"stays", topic::fit},
  {"neutral", topic::tuning},   {"balanced", topic::tuning},  {"tuning", topic::tuning},
  {"tuned", topic::tuning},     {"harman", topic::tuning},    {"even", topic::tuning},
  {"amp", topic::power},        {"amplifier", topic::power},  {"power", topic::power},
  {"drive", topic::power},      {"volume", topic::power},     {"impedance", topic::power},
});

/// Calls `with` for every folded word of `phrase`.
template <class With>
void each_word(const std::string& folded, With with) {
  for (std::size_t at = 0; at < folded.size();) {
    auto end = std::min(folded.find(' ', at), folded.size());
    with(std::string_view{folded}.substr(at, end - at));
    at = end + 1;
  }
}

bool has_any(const std::string& folded, std::span<const std::string_view> words) {
  bool found = false;
  each_word(folded, [&](std::string_view word) {
    found = found || std::find(words.begin(), words.end(), word) != words.end();
  });
  return found;
}

constexpr std::array<std::string_view, 11> praise{"best",        "class",     "top",       "superb",
                                                  "exceptional", "excellent", "benchmark", "outstanding",
                                                  "powerful",    "strong",    "great"};
/// Praise for the money is not praise among all.
constexpr std::array<std::string_view, 10> reservation{"price", "affordable", "cheap", "tight",   "under",
                                                       "size",  "little",     "less",  "hundred", "day"};

/// Grades what pros and cons say about `about`.
double grade(const headphone& h, topics about) {
  constexpr double unsaid = 0.75;
  constexpr double praised = 1.0;
  constexpr double mentioned = 0.85;
  constexpr double doubted = 0.55;
  double best = unsaid;
  for (const auto& pro : h.pros) {
    if ((topics_of(pro) & about) == 0)
      continue;
    auto folded = fold(pro);
    if (!has_any(folded, reservation))
      best = std::max(best, has_any(folded, praise) ? praised : mentioned);
  }
  for (const auto& con : h.cons)
    if ((topics_of(con) & about) != 0)
      best = best > unsaid ? unsaid : doubted;
  return best;
}

} // namespace

topics topics_of(std::string_view phrase) {
  topics found = 0;
  each_word(fold(phrase), [&](std::string_view word) {
    for (const auto& known : topic_words) {
      // Three letters are a word of their own, longer stems may go on.
      bool same = known.stem.size() <= 3 ? word == known.stem : word.starts_with(known.stem);
      if (same)
        found |= known.about;
    }
  });
  return found;
}

double anc_grade(const headphone& h) {
  return h.anc ? grade(h, topic::anc) : 0;
}

double microphone_grade(const headphone& h) {
  return h.microphone ? grade(h, topic::microphone) : 0;
}

double isolation_grade(const headphone& h) {
  return h.back == events::catalog::back::closed ? grade(h, topic::isolation) : 0;
}

bool acclaimed(const headphone& h) {
  constexpr std::array<std::string_view, 9> words{"reference", "benchmark", "staple",      "classic", "best",
                                                  "leading",   "workhorse", "astonishing", "superb"};
  return std::any_of(h.pros.begin(), h.pros.end(),
                     [&](const auto& pro) { return has_any(fold(pro), words); });
}

bool past_its_time(const headphone& h) {
  constexpr std::array<std::string_view, 3> words{"discontinued", "superseded", "replaced"};
  return std::any_of(h.cons.begin(), h.cons.end(), [&](const auto& con) {
    auto folded = fold(con);
    return has_any(folded, words) || folded == "hard to find" || folded.ends_with("left the market");
  });
}

} // namespace sonicmatch::actors::heuristic
