#include "tests/simulation/seeded_bugs.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>
#include <iostream>

using namespace sonicmatch::tests::simulation;

namespace {

constexpr std::uint64_t seeds_in_ci = 1'000;
/// A seeded bug must show within so many seeds.
constexpr std::uint64_t seeds_per_bug = 60;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text ? std::stoull(text) : otherwise;
}

std::string listed(const outcome& of) {
  std::string out;
  for (const auto& each : of.violations)
    out += "\n  " + each;
  return out;
}

/// The end of the story is where to look first; all of it comes with SONICMATCH_SEED.
std::string last_lines(const std::string& trace, std::size_t count = 60) {
  auto at = trace.size();
  for (std::size_t lines = 0; at > 0 && lines <= count; --at)
    lines += trace[at - 1] == '\n' ? 1 : 0;
  return trace.substr(at);
}

void report(std::uint64_t seed) {
  run_options options;
  options.traces = true;
  auto again = run(seed, options);
  auto everything = std::getenv("SONICMATCH_SEED") != nullptr;
  std::cout << "seed " << seed << (everything ? "\n" : " ends like this:\n")
            << (everything ? again.trace : last_lines(again.trace)) << "violations of seed " << seed << ":"
            << listed(again) << "\n";
}

} // namespace

TEST_CASE("every accepted session ends once and the read models equal the fold, whatever crashes") {
  auto chosen = number_from_environment("SONICMATCH_SEED", 0);
  auto first = chosen ? chosen : 1;
  auto last = chosen ? chosen : number_from_environment("SONICMATCH_SEEDS", seeds_in_ci);
  std::size_t requests = 0, confirmed = 0, repeats = 0, feedback = 0, erasures = 0, crashes = 0;
  std::vector<std::uint64_t> wrong;
  for (auto seed = first; seed <= last; ++seed) {
    auto result = run(seed);
    requests += result.requests;
    confirmed += result.confirmed;
    repeats += result.repeats;
    feedback += result.feedback;
    erasures += result.erasures;
    crashes += result.crashes;
    if (!result.violations.empty())
      wrong.push_back(seed);
  }
  std::cout << last - first + 1 << " seeds: " << requests << " requests, " << confirmed << " confirmed, "
            << repeats << " repeats, " << feedback << " feedbacks, " << erasures << " erasures, " << crashes
            << " crashes, " << wrong.size() << " seeds with violations\n";
  for (std::size_t i = 0; i < wrong.size() && i < 3; ++i)
    report(wrong[i]);
  if (chosen && wrong.empty())
    report(chosen);
  CHECK(wrong == std::vector<std::uint64_t>{});
  CHECK(confirmed > 0);
  CHECK((chosen || repeats > 0));
  CHECK((chosen || feedback > 0));
  CHECK((chosen || erasures > 0));
}

TEST_CASE("the same seed gives the same run, to the byte") {
  run_options options;
  options.traces = true;
  for (std::uint64_t seed : {7, 8, 9, 10}) {
    auto once = run(seed, options);
    auto again = run(seed, options);
    REQUIRE(!once.trace.empty());
    REQUIRE(once.trace == again.trace);
    REQUIRE(run(seed).io_points == once.io_points); // watching changes nothing
  }
}

TEST_CASE("the checker finds every seeded bug") {
  for (const auto& bug :
       {delivery_told_too_early(), commands_committed_too_early(), claims_ignored(), no_conflict_clause(),
        rows_after_the_checkpoint(), dead_letters_dropped(), erasures_forgotten(), feedback_dropped(),
        secrets_that_differ(), request_hashes_lost(), replies_misfiled()})
    DYNAMIC_SECTION(bug.sentence) {
      run_options with_bug{bug.change, bug.wrappers, false};
      std::uint64_t seed = 1;
      for (; seed <= seeds_per_bug; ++seed)
        // A bug has shown when the same seed is right without it.
        if (!run(seed, with_bug).violations.empty() && run(seed, {bug.change, {}, false}).violations.empty())
          break;
      INFO("seeds tried: " << seed);
      CHECK(seed <= seeds_per_bug);
    }
}
