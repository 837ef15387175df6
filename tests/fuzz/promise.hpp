#pragma once

#include <cstdio>
#include <cstdlib>

namespace sonicmatch::tests {

/// Ends the program when a promise is broken: libFuzzer then keeps the input.
inline void promise(bool is_kept, const char* what) {
  if (is_kept)
    return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

} // namespace sonicmatch::tests
