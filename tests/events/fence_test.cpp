#include "events/fence.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch::events;

TEST_CASE("a decision under the newest claim is effective", "[events][fence]") {
  claim_fence fence;
  fence.claimed({10});
  CHECK(fence.admits(log_offset{10}));
  CHECK(fence.admits(log_offset{10}));
  CHECK(fence.newest() == log_offset{10});
}

TEST_CASE("a decision under an older claim is void", "[events][fence]") {
  claim_fence fence;
  fence.claimed({10});
  fence.claimed({20});
  CHECK_FALSE(fence.admits(log_offset{10}));
  CHECK(fence.admits(log_offset{20}));
}

TEST_CASE("a claim seen again does not go back", "[events][fence]") {
  claim_fence fence{log_offset{20}};
  fence.claimed({10});
  CHECK(fence.newest() == log_offset{20});
  CHECK_FALSE(fence.admits(log_offset{10}));
}

TEST_CASE("a decision without a claim is void", "[events][fence]") {
  claim_fence fence;
  CHECK_FALSE(fence.admits(std::nullopt));
  fence.claimed({10});
  CHECK_FALSE(fence.admits(std::nullopt));
}

TEST_CASE("a claim whose record retention has removed is known by what carries it", "[events][fence]") {
  claim_fence fence;
  CHECK(fence.admits(log_offset{30}));
  CHECK(fence.newest() == log_offset{30});
  CHECK_FALSE(fence.admits(log_offset{29}));
}

TEST_CASE("a fence goes on from the claim it was kept with", "[events][fence]") {
  claim_fence before;
  before.claimed({10});
  claim_fence after{before.newest()};
  CHECK_FALSE(after.admits(log_offset{9}));
  CHECK(after.admits(log_offset{10}));
}
