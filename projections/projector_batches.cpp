#include "events/error.hpp"
#include "projections/projector_state.hpp"

#include <algorithm>

/// A projector's batches: collecting, writing, and what becomes of them.
namespace sonicmatch::projections {

namespace {

std::size_t size_of(const record_ref& record) {
  return record->value ? record->value->size() : 0;
}

} // namespace

void projector_state::collect(const ports::batch_ptr& given) {
  if (stopping)
    return;
  for (std::size_t i = 0; i < given->records.size(); ++i) {
    const auto& record = given->records[i];
    auto found = owned.find(record.partition);
    if (found == owned.end() || !found->second.begun || found->second.leaving)
      continue;
    auto& from = found->second;
    if (record.offset < from.expected || (from.rewound_from && record.offset >= *from.rewound_from))
      continue;
    from.rewound_from.reset();
    from.expected = record.offset.next();
    pending.push_back({given, i});
    pending_bytes += size_of(pending.back());
  }
  proceed();
}

void projector_state::proceed() {
  if (doing != activity::idle || ended)
    return;
  if (load_wanted) {
    load();
    return;
  }
  forget_unwanted();
  if (current.empty() && may_write_now())
    fill_batch();
  if (!current.empty())
    write();
}

bool projector_state::may_write_now() {
  if (pending.empty())
    return false;
  if (pending.size() >= limit || pending_bytes >= settings.batch_bytes_max)
    return true;
  if (!last_write)
    return true;
  auto due = *last_write + settings.batch_delay;
  auto now = self->clock().now();
  if (now >= due)
    return true;
  if (!alarm_set) {
    alarm_set = true;
    self->delayed_send(self, due - now, write_due{});
  }
  return false;
}

void projector_state::fill_batch() {
  std::size_t bytes = 0;
  while (!pending.empty() && current.size() < limit
         && (current.empty() || bytes < settings.batch_bytes_max)) {
    bytes += size_of(pending.front());
    pending_bytes -= size_of(pending.front());
    current.push_back(std::move(pending.front()));
    pending.pop_front();
  }
  last_write = self->clock().now();
  refused.reset();
}

void projector_state::write() {
  auto work = std::make_shared<batch>();
  work->records = current;
  for (const auto& [partition, each] : owned)
    if (std::any_of(current.begin(), current.end(),
                    [&](const auto& record) { return record->partition == partition; }))
      work->before.push_back(each.at);
  work->policy = settings.on_poison;
  work->reports_poison = settings.reports_poison;
  work->reported = reported;
  work->refused = refused;
  doing = activity::writing;
  self->request(writer, caf::infinite, write_batch{std::move(work)})
    .then([this](const batch_outcome& outcome) { on_written(outcome); },
          [this](const caf::error& error) { end(error); });
}

void projector_state::on_written(const batch_outcome& outcome) {
  doing = activity::idle;
  auto code = events::code_of(outcome.error);
  if (!outcome.unreported.empty())
    report(outcome.unreported);
  else if (!outcome.error)
    on_applied(outcome);
  else if (!outcome.poisoned.empty() && settings.on_poison == failure_policy::fail)
    end(outcome.error);
  else if (code == events::errc::checkpoint_conflict)
    load_wanted = reload_after_conflict = true;
  else if (code == events::errc::store_rejected && !refused)
    on_refused(outcome.error);
  else
    back_off(outcome.error);
  std::erase_if(owned, [this](const auto& each) {
    if (each.second.leaving)
      release(each.first);
    return each.second.leaving;
  });
  if (stopping)
    end({});
  proceed();
}

void projector_state::on_applied(const batch_outcome& outcome) {
  for (const auto& after : outcome.after) {
    auto found = owned.find(after.partition);
    if (found == owned.end() || !found->second.begun)
      continue; // lost meanwhile
    found->second.at = after;
    consumer->commit(after.partition, after.next, {});
  }
  for (const auto& each : outcome.poisoned)
    ports_->log.error("a projection gave a record up", {{"projection", model.name},
                                                        {"partition", to_string(each.record->partition)},
                                                        {"offset", to_string(each.record->offset)},
                                                        {"session_id", each.record->key.substr(0, 64)},
                                                        {"error", events::describe(each.error)}});
  std::erase_if(reported, [this](const auto& each) {
    auto found = owned.find(each.partition);
    return found == owned.end() || each.offset < found->second.at.next;
  });
  applied += outcome.applied;
  poisoned += outcome.poisoned.size();
  ++batches;
  current.clear();
  refused.reset();
  limit = std::min(limit * 2, settings.batch_records_max);
  recovered();
}

/// Some row's values were refused: finds out which by halves.
void projector_state::on_refused(const caf::error& error) {
  if (current.size() == 1) {
    refused = poison{current.front(), error};
    return;
  }
  limit = current.size() / 2;
  while (current.size() > limit) {
    pending_bytes += size_of(current.back());
    pending.push_front(std::move(current.back()));
    current.pop_back();
  }
}

/// Drops the records of partitions that are not this projector's any more.
void projector_state::forget_unwanted() {
  std::erase_if(current, [this](const auto& each) { return !wants(each); });
  std::erase_if(pending, [this](const auto& each) {
    auto goes = !wants(each);
    if (goes)
      pending_bytes -= size_of(each);
    return goes;
  });
}

bool projector_state::wants(const record_ref& record) const {
  auto found = owned.find(record->partition);
  return found != owned.end() && found->second.begun && !found->second.leaving;
}

} // namespace sonicmatch::projections
