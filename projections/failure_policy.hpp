#pragma once

#include <cstdint>

namespace sonicmatch::projections {

/// What a projection does about a record it can never apply: one that cannot be
/// read, or whose rows the store refuses. Trouble of the store itself is none of
/// this: it is waited for, in order, and nothing is left out.
enum class failure_policy : std::uint8_t {
  fail,           ///< stop the projector; somebody must look before it goes on
  skip,           ///< leave the record out, say so, go on
  retry_then_park ///< try it alone, then park its session: what follows it is left out too
};

} // namespace sonicmatch::projections
