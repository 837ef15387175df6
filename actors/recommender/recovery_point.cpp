#include "actors/recommender/recovery_point.hpp"

#include "events/record/reader.hpp"

namespace sonicmatch::actors {

recovery_point parse_recovery_point(std::string_view metadata) {
  events::record::violations ignored;
  auto read = events::record::read<recovery_point>(metadata, ignored, events::record::unknown_fields::ignore);
  return read.value_or(recovery_point{});
}

} // namespace sonicmatch::actors
