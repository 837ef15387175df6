#include "actors/catalog/catalog_keeper.hpp"

#include "events/codec.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

void catalog_keeper_state::begin(catalog_parts parts) {
  parts_ = std::move(parts);
  parts_.health->expect("catalog", "reading the catalog topic");
  auto me = caf::actor_cast<catalog_keeper>(self_);
  reading_ = parts_.reader->follow(
    std::string{events::topics::catalog}, {}, {},
    {[me](ports::batch_ptr batch) { caf::anon_send(me, catalog_batch{std::move(batch)}); },
     [me](partition_id, log_offset next) { caf::anon_send(me, catalog_reached_end{next}); },
     [logger = parts_.logger](const caf::error& reason) {
       logger->warning("reading the catalog has trouble", {{"error", events::describe(reason)}});
     }});
}

void catalog_keeper_state::read(const catalog_batch& arrived) {
  for (const auto& record : arrived.batch->records)
    apply(record);
}

void catalog_keeper_state::apply(const ports::log_record& record) {
  if (!record.value) {
    if (auto id = events::headphone_id::parse(record.key))
      changed_ = listed_.erase(*id) > 0 || changed_;
    return;
  }
  auto decoded = events::decode_catalog_event(*record.value);
  if (!decoded) {
    parts_.logger->error("a record of the catalog cannot be read and is left out",
                         {{"offset", to_string(record.offset)},
                          {"key", record.key},
                          {"error", events::describe(decoded.error())}});
    return;
  }
  events::catalog::evolve(listed_, std::move(decoded->body));
  changed_ = true;
}

void catalog_keeper_state::publish(log_offset next) {
  if (!std::exchange(changed_, false) && parts_.view->newest())
    return;
  std::vector<events::catalog::headphone> listed;
  listed.reserve(listed_.size());
  for (const auto& [id, each] : listed_)
    listed.push_back(each);
  parts_.view->publish(std::make_shared<const events::catalog::snapshot>(std::move(listed), next.value));
  auto count = std::to_string(listed_.size());
  parts_.logger->info("the catalog is loaded", {{"headphones", count}, {"version", to_string(next)}});
  if (listed_.empty())
    parts_.health->report("catalog", false, "the catalog is empty: run sonicmatch seed");
  else
    parts_.health->report("catalog", true, count + " headphones");
}

catalog_keeper::behavior_type
catalog_keeper_actor(catalog_keeper::stateful_pointer<catalog_keeper_state> self, catalog_parts parts) {
  self->state.begin(std::move(parts));
  return {
    [self](const catalog_batch& arrived) { self->state.read(arrived); },
    [self](const catalog_reached_end& at) { self->state.publish(at.next); },
  };
}

} // namespace sonicmatch::actors
