#pragma once

#include <cstddef>

/// What the system lets a process have, and what it should make of it.
namespace sonicmatch::infra {

/// Lets the process open as many files and sockets as the system allows it to, which
/// is often more than it begins with. Returns how many.
std::size_t raise_open_file_limit();

/// Has malloc share a few arenas between all threads: there are some fifty, most of them
/// idle, and an arena for each keeps a tenth of the memory in pieces nobody uses. To be
/// called before threads are started.
void share_malloc_arenas();

} // namespace sonicmatch::infra
