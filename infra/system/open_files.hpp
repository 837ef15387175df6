#pragma once

#include <cstddef>

namespace sonicmatch::infra {

/// Lets the process open as many files and sockets as the system allows it to, which
/// is often more than it begins with. Returns how many.
std::size_t raise_open_file_limit();

} // namespace sonicmatch::infra
