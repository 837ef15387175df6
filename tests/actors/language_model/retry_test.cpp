#include "actors/language_model/retry.hpp"

#include "tests/actors/language_model/wire_samples.hpp"

#include <limits>
#include <optional>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;

namespace {

std::optional<std::chrono::milliseconds> asked_by(std::vector<std::pair<std::string, std::string>> headers) {
  return lm::asked_wait(answered(429, "", std::move(headers)), sample_now);
}

std::optional<std::chrono::milliseconds> asked_by(std::string retry_after) {
  return asked_by({{"retry-after", std::move(retry_after)}});
}

} // namespace

TEST_CASE("waits are those of the providers' SDKs", "[language_model][retry]") {
  struct row {
    int remaining;
    std::string retry_after;
    double seconds;
  };
  const std::vector<row> table{
    {3, "20", 20},
    {3, "0", 0.5},
    {3, "-10", 0.5},
    {3, "60", 60},
    {3, "61", 0.5},
    {3, "Fri, 29 Sep 2023 16:26:57 GMT", 20},
    {3, "Fri, 29 Sep 2023 16:26:37 GMT", 0.5},
    {3, "Fri, 29 Sep 2023 16:26:27 GMT", 0.5},
    {3, "Fri, 29 Sep 2023 16:27:37 GMT", 60},
    {3, "Fri, 29 Sep 2023 16:27:38 GMT", 0.5},
    {3, "99999999999999999999999999999999999", 0.5},
    {3, "Zun, 29 Sep 2023 16:26:27 GMT", 0.5},
    {3, "tomorrow", 0.5},
    {3, "", 0.5},
    {2, "", 1},
    {1, "", 2},
    {-1100, "", 8},
  };
  for (const auto& [remaining, retry_after, seconds] : table)
    for (auto chance : {0.0, 0.5, 1.0}) {
      CAPTURE(remaining, retry_after, chance);
      auto wait = lm::retry_wait(remaining, 3, asked_by(retry_after), chance);
      CHECK(std::chrono::duration<double>{wait}.count() == Approx(seconds).epsilon(0.25));
    }
}

TEST_CASE("each backoff is twice the one before, up to eight seconds, less up to a quarter",
          "[language_model][retry]") {
  const std::vector<std::chrono::milliseconds> full{500ms, 1s, 2s, 4s, 8s, 8s, 8s};
  for (std::size_t made = 0; made < full.size(); ++made) {
    auto remaining = 6 - static_cast<int>(made);
    CHECK(lm::retry_wait(remaining, 6, std::nullopt, 0) == full[made]);
    CHECK(lm::retry_wait(remaining, 6, std::nullopt, 1) == full[made] * 3 / 4);
  }
  CHECK(lm::retry_wait(std::numeric_limits<int>::min(), std::numeric_limits<int>::max(), std::nullopt, 0)
        == 8s);
  CHECK(lm::retry_wait(7, 6, std::nullopt, 0) == 500ms); // more left than there were
}

TEST_CASE("what is asked for is waited for only within a minute, and not shortened by chance",
          "[language_model][retry]") {
  CHECK(lm::retry_wait(3, 3, 1ms, 1) == 1ms);
  CHECK(lm::retry_wait(3, 3, lm::retry_after_max, 1) == 60s);
  CHECK(lm::retry_wait(3, 3, lm::retry_after_max + 1ms, 0) == 500ms);
  CHECK(lm::retry_wait(3, 3, 0ms, 0) == 500ms);
  CHECK(lm::retry_wait(3, 3, -1ms, 0) == 500ms);
}

TEST_CASE("retry-after-ms goes before retry-after, if it can be read", "[language_model][retry]") {
  CHECK(asked_by({{"retry-after", "20"}, {"retry-after-ms", "1500"}}) == 1'500ms);
  CHECK(asked_by({{"retry-after", "20"}, {"retry-after-ms", "soon"}}) == 20s);
  CHECK(asked_by({{"retry-after", "20"}, {"retry-after-ms", ""}}) == 20s);
  CHECK(asked_by({{"retry-after-ms", "-3"}}) == -3ms);
  CHECK_FALSE(asked_by(std::vector<std::pair<std::string, std::string>>{}));
}

TEST_CASE("what is asked for is read as it is, within bounds", "[language_model][retry]") {
  CHECK(asked_by("61") == 61s);
  CHECK(asked_by(" 2 ") == 2s);
  CHECK(asked_by("0.25") == 250ms);
  CHECK(asked_by("0.0001") == 1ms); // up, never down to no wait at all
  CHECK(asked_by("1e30") == std::chrono::milliseconds{1'000'000'000'000});
  CHECK(asked_by("-1e30") == std::chrono::milliseconds{-1'000'000'000'000});
  CHECK(asked_by("Fri, 29 Sep 2023 16:26:57 GMT") == 20s);
  CHECK(asked_by("Fri, 29 Sep 2023 16:26:27 GMT") == -10s);
  CHECK(asked_by("Thu, 29 Feb 2024 00:00:00 GMT").value() > 24h);
}

TEST_CASE("what cannot be read asks for nothing", "[language_model][retry]") {
  for (const auto* text : {"",
                           " ",
                           "nan",
                           "inf",
                           "-inf",
                           "1e999",
                           "20 s",
                           "20,",
                           "0x10",
                           "Fri, 29 Sep 2023",
                           "Fri, 31 Sep 2023 16:26:57 GMT",
                           "Fri, 00 Sep 2023 16:26:57 GMT",
                           "Fri, 29 Zep 2023 16:26:57 GMT",
                           "Fri, 29 Sep 2023 24:00:00 GMT",
                           "Fri, 29 Sep 2023 16:60:00 GMT",
                           "Fri, 29 Sep 2023 16:26:61 GMT",
                           "Fri, 29 Sep 2023 16-26-57 GMT",
                           "Fri, 29 Sep -023 16:26:57 GMT",
                           "Fri, 29 Sep 2023 16:26:57 CET",
                           "Fri; 29 Sep 2023 16:26:57 GMT",
                           "Thu, 29 Feb 2023 00:00:00 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(asked_by(text));
  }
}
