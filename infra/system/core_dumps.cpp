#include "infra/system/core_dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace sonicmatch::infra {

bool forbid_core_dumps() {
  // The limit alone does not hold for a core pattern that is a program (core(5)); not
  // being dumpable does.
  rlimit none{0, 0};
  return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

} // namespace sonicmatch::infra
