#include "actors/heuristic/folding.hpp"
#include "actors/heuristic/vocabulary.hpp"
#include "actors/heuristic/wishes.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::genre;
using events::catalog::use_case;
using events::session::preferences;

namespace {

double weight_of(const wishes& w, genre which) {
  return w.genres[static_cast<std::size_t>(which)];
}

double weight_of(const wishes& w, use_case which) {
  return w.use_cases[static_cast<std::size_t>(which)];
}

double weight_of(const wishes& w, quality which) {
  return w.qualities[static_cast<std::size_t>(which)];
}

} // namespace

TEST_CASE("a word is the same in any case, with any separator and accent") {
  CHECK(fold("  Hip-Hop_& R'n'B ") == "hip hop and rnb");
  CHECK(fold_together("BEYONC\xC3\x89") == "beyonce");
  for (const auto* text : {"hip-hop", "Hip Hop", "HIP_HOP", "hiphop", "hip.hop"}) {
    INFO(text);
    REQUIRE(genre_called(text) != nullptr);
    CHECK(genre_called(text)->first == genre::hip_hop);
  }
}

TEST_CASE("the catalog's own words mean themselves") {
  for (std::size_t i = 0; i < genre_count; ++i) {
    const auto* word = genre_called(names(genre{})[i]);
    REQUIRE(word != nullptr);
    CHECK(word->first == static_cast<genre>(i));
  }
  for (std::size_t i = 0; i < use_case_count; ++i) {
    const auto* word = use_called(names(use_case{})[i]);
    REQUIRE(word != nullptr);
    CHECK(word->first == static_cast<use_case>(i));
  }
}

TEST_CASE("what people call their music is understood") {
  using pair = std::pair<const char*, genre>;
  for (auto [text, expected] :
       {pair{"shoegaze", genre::indie}, pair{"R&B", genre::rnb}, pair{"Drum & Bass", genre::electronic},
        pair{"film scores", genre::soundtrack}, pair{"opera", genre::classical}, pair{"K-Pop", genre::pop},
        pair{"heavy metal", genre::metal}, pair{"singer-songwriter", genre::acoustic},
        pair{"audiobooks", genre::vocal}, pair{"melodic death metal", genre::metal},
        pair{"japanese jazz", genre::jazz}}) {
    INFO(text);
    REQUIRE(genre_called(text) != nullptr);
    CHECK(genre_called(text)->first == expected);
  }
}

TEST_CASE("what people call their use is understood") {
  using pair = std::pair<const char*, use_case>;
  for (auto [text, expected] :
       {pair{"mixing", use_case::studio}, pair{"Mastering", use_case::studio},
        pair{"gym", use_case::exercise}, pair{"flights", use_case::travel},
        pair{"work-from-home", use_case::office}, pair{"FPS", use_case::gaming},
        pair{"home_listening", use_case::critical_listening}, pair{"meetings", use_case::office},
        pair{"gaming at home", use_case::gaming}, pair{"everyday", use_case::casual}}) {
    INFO(text);
    REQUIRE(use_called(text) != nullptr);
    CHECK(use_called(text)->first == expected);
  }
}

TEST_CASE("an unknown word does not count, and the person is told") {
  preferences wanted;
  wanted.genres = {"shoegazzze", "rock"};
  wanted.primary_use_case = "juggling";
  wanted.listening_environment = "the moon";
  auto understood = understand(wanted);
  CHECK(understood.genres_sum == 1);
  CHECK(weight_of(understood, genre::rock) == 1);
  CHECK_FALSE(understood.use_case_said);
  REQUIRE(understood.notes.size() == 3);
  CHECK(understood.notes[0]
        == "The genre “shoegazzze” is not one this engine knows, so it did not count; perhaps you meant "
           "shoegaze.");
  CHECK(understood.notes[1].find("juggling") != std::string::npos);
  CHECK(understood.notes[2].find("the moon") != std::string::npos);
}

TEST_CASE("what is quoted back carries no markup and no control characters") {
  CHECK(quotable("<b>dream\x01 pop</b>`*") == "bdream pop/b");
  CHECK(quotable(std::string(200, 'x')).size() == 40);
  CHECK(quotable("caf\xC3\xA9") == "caf\xC3\xA9");
}

TEST_CASE("artists count as their genres, at less weight than a genre that was named") {
  preferences wanted;
  wanted.favorite_artists = {"pink floyd", "Beatles", "Nobody Anybody Knows"};
  auto understood = understand(wanted);
  CHECK(weight_of(understood, genre::rock) > 0);
  CHECK(weight_of(understood, genre::rock) < 1);
  REQUIRE(understood.notes.size() == 1);
  CHECK(understood.notes[0]
        == "This engine has no genre on file for Nobody Anybody Knows, so that artist did not count.");
}

TEST_CASE("tracks are said not to be used") {
  preferences wanted;
  wanted.favorite_tracks = {"Time"};
  auto understood = understand(wanted);
  REQUIRE(understood.notes.size() == 1);
  CHECK(understood.notes[0].find("tracks are not used") != std::string::npos);
}

TEST_CASE("a commute asks for wireless noise cancelling when nothing else is said") {
  preferences wanted;
  wanted.listening_environment = "public_transport";
  auto understood = understand(wanted);
  CHECK(weight_of(understood, quality::anc) > 0.5);
  CHECK(weight_of(understood, quality::wireless) > 0.5);
  CHECK(weight_of(understood, use_case::commuting) > 0);
}

TEST_CASE("what is required is no longer weighed, and its opposite is not asked for") {
  preferences wanted;
  wanted.primary_use_case = "critical_listening";
  CHECK(weight_of(understand(wanted), quality::wired) > 0);
  wanted.requirements.wireless = true;
  CHECK(weight_of(understand(wanted), quality::wired) == 0);
  CHECK(weight_of(understand(wanted), quality::wireless) == 0);
}
