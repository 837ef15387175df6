#include "actors/recommender/command_ledger.hpp"

#include <algorithm>

namespace sonicmatch::actors {

void command_ledger::add(ports::batch_ptr batch, std::uint32_t index) {
  auto offset = batch->records[index].offset;
  auto newest = entries_.empty() ? watermark_ : entries_.back().offset.next();
  if (offset >= newest)
    entries_.push_back({offset, std::move(batch), index, false, false, std::nullopt});
}

const command_ledger::entry* command_ledger::front() const noexcept {
  return next_ < entries_.size() ? &entries_[next_] : nullptr;
}

void command_ledger::take() {
  entries_[next_].taken = true;
  while (next_ < entries_.size() && entries_[next_].taken)
    ++next_;
}

void command_ledger::done(log_offset offset, std::optional<log_offset> event) {
  auto found = std::lower_bound(entries_.begin(), entries_.end(), offset,
                                [](const entry& each, log_offset wanted) { return each.offset < wanted; });
  if (found == entries_.end() || found->offset != offset || found->done)
    return;
  found->done = true;
  found->event = event;
  found->batch.reset();
  while (!entries_.empty() && entries_.front().done) {
    watermark_ = entries_.front().offset.next();
    entries_.pop_front();
    --next_;
  }
}

void command_ledger::rewind() {
  for (auto& each : entries_)
    each.taken = each.done;
  next_ = 0;
  while (next_ < entries_.size() && entries_[next_].taken)
    ++next_;
}

std::optional<log_offset> command_ledger::lowest_event() const noexcept {
  std::optional<log_offset> out;
  for (const auto& each : entries_)
    if (each.event && (!out || *each.event < *out))
      out = each.event;
  return out;
}

} // namespace sonicmatch::actors
