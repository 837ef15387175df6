#include "actors/heuristic/vocabulary.hpp"
#include "actors/heuristic/word_index.hpp"

namespace sonicmatch::actors::heuristic {

namespace {

using enum events::catalog::use_case;
using q = quality;

/// The catalog's own words first, then what people call what they do.
constexpr auto table = std::to_array<use_word>({
  {"critical listening", "critical listening", critical_listening},
  {"gaming", "gaming", gaming},
  {"commuting", "commuting", commuting},
  {"studio", "studio work", studio},
  {"casual", "everyday listening", casual},
  {"exercise", "exercise", exercise},
  {"office", "the office", office},
  {"travel", "travel", travel},
  // listening at home
  {"home listening", "listening at home", critical_listening, 0.6, casual, 0.4, {}, true},
  {"home", "listening at home", critical_listening, 0.5, casual, 0.5, {}, true},
  {"listening", "listening", casual, 0.6, critical_listening, 0.4, {}, true},
  {"music", "listening", casual, 0.6, critical_listening, 0.4, {}, true},
  {"music listening", "listening", casual, 0.6, critical_listening, 0.4, {}, true},
  {"audiophile", "critical listening", critical_listening},
  {"audiophile listening", "critical listening", critical_listening},
  {"hi fi", "critical listening", critical_listening},
  {"hifi", "critical listening", critical_listening},
  {"analytical listening", "analytical listening", critical_listening},
  {"serious listening", "critical listening", critical_listening},
  {"focused listening", "focused listening", critical_listening},
  {"vinyl", "vinyl", critical_listening, 0.8, casual, 0.2},
  {"relaxing", "relaxing", casual, 0.7, critical_listening, 0.3},
  {"everyday", "everyday use", casual, 1, commuting, 0.3, {}, true},
  {"everyday listening", "everyday listening", casual, 1, commuting, 0.2, {}, true},
  {"everyday use", "everyday use", casual, 1, commuting, 0.3, {}, true},
  {"daily", "everyday use", casual, 1, commuting, 0.3, {}, true},
  {"daily use", "everyday use", casual, 1, commuting, 0.3, {}, true},
  {"general", "general use", casual, 1, commuting, 0.2, {}, true},
  {"general use", "general use", casual, 1, commuting, 0.2, {}, true},
  {"all round", "all-round use", casual, 1, commuting, 0.3, {}, true},
  {"all purpose", "all-round use", casual, 1, commuting, 0.3, {}, true},
  {"casual listening", "casual listening", casual},
  {"background", "background listening", casual},
  {"movies", "films", casual, 0.7, gaming, 0.3, {{{q::soundstage, 0.4}}}},
  {"films", "films", casual, 0.7, gaming, 0.3, {{{q::soundstage, 0.4}}}},
  {"tv", "television", casual, 0.8, gaming, 0.2, {{{q::soundstage, 0.3}}}},
  {"netflix", "films", casual, 0.8, gaming, 0.2, {{{q::soundstage, 0.3}}}},
  {"podcasts", "podcasts", casual, 0.7, commuting, 0.3},
  {"audiobooks", "audiobooks", casual, 0.7, commuting, 0.3},
  {"sleep", "falling asleep", casual, 1, casual, 0, {{{q::isolation, 0.5}, {q::portability, 0.8}}}},
  {"sleeping", "falling asleep", casual, 1, casual, 0, {{{q::isolation, 0.5}, {q::portability, 0.8}}}},
  // making music
  {"studio work", "studio work", studio},
  {"studio monitoring", "monitoring", studio},
  {"monitoring", "monitoring", studio},
  {"mixing", "mixing", studio, 1, critical_listening, 0.3, {{{q::openness, 0.3}, {q::accuracy, 0.3}}}},
  {"mastering", "mastering", studio, 1, critical_listening, 0.5, {{{q::openness, 0.4}, {q::accuracy, 0.4}}}},
  {"recording", "recording", studio, 1, studio, 0, {{{q::isolation, 0.6}, {q::quiet, 0.6}}}},
  {"tracking", "tracking", studio, 1, studio, 0, {{{q::isolation, 0.6}, {q::quiet, 0.6}}}},
  {"production", "production", studio},
  {"music production", "music production", studio},
  {"producing", "production", studio},
  {"beat making", "making beats", studio},
  {"podcasting", "podcasting", studio, 1, studio, 0, {{{q::isolation, 0.4}, {q::quiet, 0.6}}}},
  {"editing", "editing", studio},
  {"video editing", "video editing", studio},
  {"dj", "DJ work", studio, 1, casual, 0, {{{q::isolation, 0.8}, {q::quiet, 0.4}}}},
  {"djing", "DJ work", studio, 1, casual, 0, {{{q::isolation, 0.8}, {q::quiet, 0.4}}}},
  {"stage", "the stage", studio, 1, studio, 0, {{{q::isolation, 1}, {q::portability, 0.6}}}},
  {"live", "the stage", studio, 1, studio, 0, {{{q::isolation, 1}, {q::portability, 0.6}}}, true},
  {"musician", "making music", studio},
  {"practice", "practising", studio, 0.7, casual, 0.3},
  {"instrument", "practising", studio, 0.7, casual, 0.3},
  {"guitar", "practising", studio, 0.7, casual, 0.3},
  // play
  {"games", "gaming", gaming},
  {"video games", "gaming", gaming},
  {"pc gaming", "PC gaming", gaming},
  {"console", "console gaming", gaming},
  {"competitive gaming",
   "competitive gaming",
   gaming,
   1,
   gaming,
   0,
   {{{q::soundstage, 0.6}, {q::detail, 0.3}}}},
  {"fps", "shooters", gaming, 1, gaming, 0, {{{q::soundstage, 0.6}, {q::detail, 0.3}}}},
  {"shooters", "shooters", gaming, 1, gaming, 0, {{{q::soundstage, 0.6}, {q::detail, 0.3}}}},
  {"esports", "esports", gaming, 1, gaming, 0, {{{q::microphone, 0.5}, {q::detail, 0.3}}}},
  {"streaming", "streaming", gaming, 0.7, studio, 0.3, {{{q::microphone, 0.3}}}, true},
  {"discord", "voice chat", gaming, 0.7, office, 0.3, {{{q::microphone, 0.8}}}},
  {"voice chat", "voice chat", gaming, 0.6, office, 0.4, {{{q::microphone, 0.8}}}},
  {"vr", "VR", gaming},
  // on the move
  {"commute", "the commute", commuting},
  {"commuter", "commuting", commuting},
  {"public transport", "public transport", commuting},
  {"train", "train rides", commuting, 0.7, travel, 0.5},
  {"subway", "the subway", commuting},
  {"metro", "the metro", commuting},
  {"bus", "bus rides", commuting},
  {"on the go", "listening on the go", commuting, 0.8, casual, 0.3},
  {"portable", "listening on the go", commuting, 0.8, casual, 0.3, {{{q::portability, 0.4}}}},
  {"walking", "walks", commuting, 0.6, exercise, 0.3},
  {"outdoors", "listening outdoors", commuting, 0.5, exercise, 0.4},
  {"noise cancelling", "keeping noise out", commuting, 0.7, travel, 0.7, {{{q::anc, 1}}}},
  {"noise canceling", "keeping noise out", commuting, 0.7, travel, 0.7, {{{q::anc, 1}}}},
  {"flights", "flights", travel},
  {"flight", "flights", travel},
  {"flying", "flying", travel},
  {"plane", "flights", travel},
  {"airplane", "flights", travel},
  {"air travel", "air travel", travel},
  {"travelling", "travelling", travel},
  {"traveling", "travel", travel},
  // work
  {"work", "work", office},
  {"working", "work", office},
  {"work from home", "working from home", office, 1, casual, 0.2, {{{q::microphone, 0.4}}}},
  {"home office", "the home office", office, 1, casual, 0.2, {{{q::microphone, 0.3}}}},
  {"remote work", "remote work", office, 1, casual, 0.2, {{{q::microphone, 0.4}}}},
  {"calls", "calls", office, 1, office, 0, {{{q::microphone, 1}}}},
  {"phone calls", "calls", office, 1, commuting, 0.2, {{{q::microphone, 1}}}},
  {"video calls", "video calls", office, 1, office, 0, {{{q::microphone, 1}}}},
  {"meetings", "meetings", office, 1, office, 0, {{{q::microphone, 1}}}},
  {"zoom", "video calls", office, 1, office, 0, {{{q::microphone, 1}}}},
  {"teams", "video calls", office, 1, office, 0, {{{q::microphone, 1}}}},
  {"study", "studying", office, 0.8, casual, 0.4, {{{q::isolation, 0.3}}}},
  {"studying", "studying", office, 0.8, casual, 0.4, {{{q::isolation, 0.3}}}},
  {"school", "school", casual, 0.6, office, 0.4, {{{q::quiet, 0.4}}}},
  {"student", "studying", office, 0.6, casual, 0.5, {{{q::isolation, 0.3}}}},
  {"kids", "children", casual, 1, casual, 0, {{{q::lightness, 0.4}}}},
  {"children", "children", casual, 1, casual, 0, {{{q::lightness, 0.4}}}},
  {"focus", "concentrating", office, 0.8, casual, 0.3, {{{q::anc, 0.4}}}},
  {"coding", "programming", office, 0.8, casual, 0.3},
  {"programming", "programming", office, 0.8, casual, 0.3},
  // sport
  {"gym", "the gym", exercise},
  {"workout", "workouts", exercise},
  {"workouts", "workouts", exercise},
  {"working out", "working out", exercise},
  {"running", "running", exercise, 1, exercise, 0, {{{q::hold, 0.4}, {q::lightness, 0.2}}}},
  {"jogging", "jogging", exercise, 1, exercise, 0, {{{q::hold, 0.4}, {q::lightness, 0.2}}}},
  {"cycling", "cycling", exercise, 1, exercise, 0, {{{q::hold, 0.3}, {q::openness, 0.6}}}},
  {"hiking", "hiking", exercise, 0.7, casual, 0.3, {{{q::openness, 0.3}}}},
  {"sport", "sport", exercise},
  {"sports", "sport", exercise},
  {"fitness", "fitness", exercise},
  {"training", "training", exercise},
});

const word_index<use_word>& words() {
  static const word_index<use_word> index{table};
  return index;
}

} // namespace

const use_word* use_called(std::string_view text) {
  return words().find_within(text, true);
}

const use_word* use_near(std::string_view text) {
  return words().nearest(text);
}

} // namespace sonicmatch::actors::heuristic
