#include "infra/system/system_ports.hpp"

#include <cstdio>
#include <cstdlib>
#include <sys/random.h>

namespace sonicmatch::infra {

events::timestamp system_clock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::array<std::uint8_t, 10> system_entropy::draw() {
  std::array<std::uint8_t, 10> out;
  // Up to 256 bytes are never cut short by a signal (getrandom(2)).
  if (getrandom(out.data(), out.size(), 0) != static_cast<ssize_t>(out.size())) {
    std::fputs("the kernel's random generator failed; ids would be guessable, so the process ends\n", stderr);
    std::abort();
  }
  return out;
}

} // namespace sonicmatch::infra
