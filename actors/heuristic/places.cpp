#include "actors/heuristic/vocabulary.hpp"
#include "actors/heuristic/word_index.hpp"

namespace sonicmatch::actors::heuristic {

namespace {

using enum events::catalog::use_case;
using q = quality;

constexpr quality_wishes quiet_home{{{q::openness, 0.5}, {q::soundstage, 0.2}, {q::full_size, 0.3}}};
constexpr quality_wishes shared_home{{{q::quiet, 1.0}, {q::isolation, 0.4}, {q::full_size, 0.2}}};
constexpr quality_wishes noisy_home{{{q::isolation, 1.0}, {q::anc, 0.4}, {q::quiet, 0.3}}};
constexpr quality_wishes own_office{{{q::quiet, 0.4}, {q::isolation, 0.3}, {q::microphone, 0.3}}};
constexpr quality_wishes shared_office{
  {{q::quiet, 0.8}, {q::isolation, 0.6}, {q::anc, 0.7}, {q::microphone, 0.4}, {q::wireless, 0.3}}};
constexpr quality_wishes transport{
  {{q::anc, 1.0}, {q::isolation, 0.7}, {q::wireless, 0.8}, {q::quiet, 0.5}, {q::portability, 0.3}}};
constexpr quality_wishes cabin{
  {{q::anc, 1.2}, {q::isolation, 0.6}, {q::wireless, 0.5}, {q::endurance, 0.5}, {q::quiet, 0.3}}};
constexpr quality_wishes open_air{{{q::wireless, 0.8}, {q::portability, 0.5}, {q::lightness, 0.2}}};
constexpr quality_wishes sports_hall{
  {{q::hold, 1.0}, {q::wireless, 0.9}, {q::isolation, 0.3}, {q::lightness, 0.3}}};
constexpr quality_wishes sound_booth{{{q::wired, 0.8}, {q::accuracy, 0.3}, {q::full_size, 0.3}}};
constexpr quality_wishes reading_room{{{q::quiet, 1.2}, {q::isolation, 0.5}, {q::anc, 0.3}}};
constexpr quality_wishes coffee_house{
  {{q::anc, 0.8}, {q::isolation, 0.6}, {q::wireless, 0.5}, {q::quiet, 0.4}, {q::portability, 0.2}}};

constexpr auto table = std::to_array<place_word>({
  {"home quiet", "in a quiet home", quiet_home},
  {"quiet home", "in a quiet home", quiet_home},
  {"quiet", "in a quiet room", quiet_home},
  {"quiet room", "in a quiet room", quiet_home},
  {"home", "at home", {{{q::openness, 0.2}, {q::full_size, 0.3}}}},
  {"living room", "in the living room", {{{q::openness, 0.2}, {q::full_size, 0.3}}}},
  {"listening room", "in a quiet room", quiet_home},
  {"home shared", "in a shared home", shared_home},
  {"shared home", "in a shared home", shared_home},
  {"shared", "in a shared room", shared_home},
  {"shared room", "in a shared room", shared_home},
  {"family", "in a shared home", shared_home},
  {"dorm", "in a dorm", shared_home},
  {"bedroom", "in the bedroom", {{{q::quiet, 0.5}, {q::full_size, 0.1}}}},
  {"bed", "in bed", {{{q::quiet, 0.5}, {q::lightness, 0.4}}}},
  {"home noisy", "in a noisy home", noisy_home},
  {"noisy home", "in a noisy home", noisy_home},
  {"noisy", "where it is noisy", noisy_home},
  {"loud", "where it is loud", noisy_home},
  {"office", "in the office", own_office, office, 0.5},
  {"private office", "in your own office", own_office, office, 0.5},
  {"home office", "in the home office", {{{q::microphone, 0.4}, {q::full_size, 0.2}}}, office, 0.5},
  {"quiet office", "in a quiet office", own_office, office, 0.5},
  {"noisy office", "in a noisy office", shared_office, office, 0.6},
  {"open office", "in an open office", shared_office, office, 0.6},
  {"open plan", "in an open-plan office", shared_office, office, 0.6},
  {"open plan office", "in an open-plan office", shared_office, office, 0.6},
  {"shared office", "in a shared office", shared_office, office, 0.6},
  {"coworking", "in a coworking space", shared_office, office, 0.6},
  {"work", "at work", own_office, office, 0.5},
  {"workplace", "at work", own_office, office, 0.5},
  {"commute", "on the commute", transport, commuting, 0.7},
  {"commuting", "on the commute", transport, commuting, 0.7},
  {"public transport", "on public transport", transport, commuting, 0.7},
  {"public transit", "on public transit", transport, commuting, 0.7},
  {"transit", "on public transit", transport, commuting, 0.7},
  {"transport", "on public transport", transport, commuting, 0.7},
  {"train", "on the train", transport, commuting, 0.7},
  {"subway", "on the subway", transport, commuting, 0.7},
  {"metro", "on the metro", transport, commuting, 0.7},
  {"bus", "on the bus", transport, commuting, 0.7},
  {"on the go", "on the go", transport, commuting, 0.5},
  {"street", "on the street", open_air, commuting, 0.5},
  {"city", "in the city", transport, commuting, 0.5},
  {"outdoor", "outdoors", open_air, casual, 0.3},
  {"outdoors", "outdoors", open_air, casual, 0.3},
  {"outside", "outdoors", open_air, casual, 0.3},
  {"park", "in the park", open_air, casual, 0.3},
  {"gym", "in the gym", sports_hall, exercise, 0.8},
  {"fitness studio", "in the gym", sports_hall, exercise, 0.8},
  {"travel", "on journeys", cabin, travel, 0.7},
  {"travelling", "on journeys", cabin, travel, 0.7},
  {"traveling", "on journeys", cabin, travel, 0.7},
  {"plane", "on the plane", cabin, travel, 0.8},
  {"airplane", "on the plane", cabin, travel, 0.8},
  {"aeroplane", "on the plane", cabin, travel, 0.8},
  {"flight", "on flights", cabin, travel, 0.8},
  {"flights", "on flights", cabin, travel, 0.8},
  {"airport", "at airports", cabin, travel, 0.7},
  {"studio", "in the studio", sound_booth, studio, 0.7},
  {"home studio", "in a home studio", sound_booth, studio, 0.7},
  {"recording studio", "in the studio", sound_booth, studio, 0.7},
  {"stage", "on stage", {{{q::isolation, 1.0}, {q::portability, 0.6}}}, studio, 0.5},
  {"library", "in the library", reading_room},
  {"classroom", "in class", reading_room},
  {"school", "at school", reading_room},
  {"cafe", "in cafés", coffee_house},
  {"coffee shop", "in coffee shops", coffee_house},
  {"public", "in public", coffee_house},
});

const word_index<place_word>& words() {
  static const word_index<place_word> index{table};
  return index;
}

} // namespace

const place_word* place_called(std::string_view text) {
  return words().find_within(text, false);
}

const place_word* place_near(std::string_view text) {
  return words().nearest(text);
}

} // namespace sonicmatch::actors::heuristic
