#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/ports/logger.hpp"
#include "events/catalog/events.hpp"

namespace sonicmatch::actors {

struct catalog_parts {
  std::shared_ptr<ports::log_reader> reader;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<catalog_view> view;
  std::shared_ptr<health_board> health;
};

/// Folds the catalog topic and publishes a new edition each time it stands at
/// the topic's end with something changed: never half of what is there at a start,
/// and of a seed under way at most a moment's part. One per process; scheduled. A record it cannot read is
/// logged and left out.
class catalog_keeper_state {
public:
  explicit catalog_keeper_state(catalog_keeper::pointer self)
    : self_(self) {}

  void begin(catalog_parts parts);
  void read(const catalog_batch& arrived);
  void publish(log_offset next);

private:
  void apply(const ports::log_record& record);

  catalog_keeper::pointer self_;
  catalog_parts parts_;
  events::catalog::state listed_;
  std::unique_ptr<ports::log_reader::subscription> reading_;
  bool changed_ = false;
};

catalog_keeper::behavior_type
catalog_keeper_actor(catalog_keeper::stateful_pointer<catalog_keeper_state> self, catalog_parts parts);

} // namespace sonicmatch::actors
