#include "actors/edge/tails.hpp"

#include "events/codec.hpp"
#include "events/envelope.hpp"
#include "events/partition/events.hpp"

namespace sonicmatch::actors {

log_tails::partition_tail& log_tails::at(tailed topic, partition_id partition) {
  auto& tails = topic == tailed::events ? events_ : commands_;
  auto index = static_cast<std::size_t>(partition.value);
  if (tails.size() <= index)
    tails.resize(index + 1);
  return tails[index];
}

void log_tails::start(tailed topic, partition_id partition, log_offset next, std::optional<log_offset> claim,
                      subscription reading) {
  auto& fresh = at(topic, partition);
  fresh.next = next;
  fresh.fence = events::claim_fence{claim};
  fresh.reading = std::move(reading);
}

bool log_tails::admit(tailed topic, const ports::log_record& record) {
  auto& tail = at(topic, record.partition);
  if (record.offset < tail.next)
    return false;
  tail.next = record.offset.next();
  if (topic == tailed::commands)
    return true;
  auto type = record.header_value(events::headers::type);
  if (type == events::partition::partition_claimed::type_name) {
    tail.fence.claimed(record.offset);
    return false;
  }
  if (type == events::partition::partition_handed_off::type_name)
    return false;
  if (events::is_of<events::session::session_erased>(type))
    return true; // a fact: it holds, whoever wrote it
  return tail.fence.admits(events::parse_offset(record.header_value(events::headers::claim)));
}

void log_tails::reached(tailed topic, partition_id partition, log_offset next) {
  auto& tail = at(topic, partition);
  if (next > tail.next)
    tail.next = next;
  if (!tail.at_end_once) {
    tail.at_end_once = true;
    ++at_end_once_;
  }
}

bool log_tails::has_reached(tailed topic, partition_id partition, log_offset end) const {
  const auto& tails = topic == tailed::events ? events_ : commands_;
  auto index = static_cast<std::size_t>(partition.value);
  return index < tails.size() && tails[index].next >= end;
}

} // namespace sonicmatch::actors
