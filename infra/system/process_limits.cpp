#include "infra/system/process_limits.hpp"

#include <malloc.h>
#include <sys/resource.h>

namespace sonicmatch::infra {

namespace {

/// Two cores rarely have more than as many threads in malloc at once.
constexpr int malloc_arenas = 4;

} // namespace

std::size_t raise_open_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 0;
  auto before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

void share_malloc_arenas() {
#ifdef M_ARENA_MAX // glibc's
  mallopt(M_ARENA_MAX, malloc_arenas);
#endif
}

} // namespace sonicmatch::infra
