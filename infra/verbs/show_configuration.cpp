#include "infra/verbs/verbs.hpp"

#include <iostream>

namespace sonicmatch::infra {

int show_configuration(const configured& effective) {
  for (const auto& each : effective.shown)
    std::cout << "# " << each.description << " (" << each.origin << ")\n"
              << each.name << '=' << each.value << "\n\n";
  return 0;
}

} // namespace sonicmatch::infra
