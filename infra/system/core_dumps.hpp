#pragma once

namespace sonicmatch::infra {

/// Has the system write no core file of this process, and no other process of its user
/// read its memory, whatever the limits it was started with: for a process that handles
/// secrets only to say whether they are there. Returns whether it could be done.
[[nodiscard]] bool forbid_core_dumps();

} // namespace sonicmatch::infra
