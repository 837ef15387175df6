#include "infra/system/core_dumps.hpp"
#include "tests/support/catch.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sonicmatch;

namespace {

enum outcome : int { forbidden = 10, refused, limit_left, dumpable_left };

/// What forbid_core_dumps() does to a process; this one is to stay as it is.
outcome forbid_and_look() {
  if (!infra::forbid_core_dumps())
    return refused;
  rlimit left{1, 1};
  if (getrlimit(RLIMIT_CORE, &left) != 0 || left.rlim_cur != 0 || left.rlim_max != 0)
    return limit_left;
  return prctl(PR_GET_DUMPABLE) == 0 ? forbidden : dumpable_left;
}

} // namespace

TEST_CASE("core dumps are forbidden by the limit, for good, and by the process itself", "[infra][system]") {
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    ::_exit(forbid_and_look());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == forbidden);
}
