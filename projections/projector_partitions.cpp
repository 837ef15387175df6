#include "events/error.hpp"
#include "projections/projector_state.hpp"

#include <algorithm>

/// A projector's part in rebalances, and where it begins to read.
namespace sonicmatch::projections {

namespace {

const checkpoint* find(const stored_progress& progress, partition_id partition) {
  auto found = std::find_if(progress.checkpoints.begin(), progress.checkpoints.end(),
                            [&](const auto& each) { return each.partition == partition; });
  return found == progress.checkpoints.end() ? nullptr : &*found;
}

std::shared_ptr<const session_set> parked_in(const stored_progress& progress, partition_id partition) {
  session_set out;
  for (const auto& each : progress.parked)
    if (each.partition == partition)
      out.insert(each.id);
  return out.empty() ? nullptr : std::make_shared<const session_set>(std::move(out));
}

} // namespace

void projector_state::take_on(const std::vector<ports::assignment>& given) {
  for (const auto& each : given) {
    owned_partition fresh;
    fresh.at.partition = each.partition;
    owned.insert_or_assign(each.partition, std::move(fresh));
  }
  load_wanted = load_wanted || !given.empty();
  proceed();
}

void projector_state::let_go(const std::vector<partition_id>& taken, bool lost) {
  for (auto partition : taken) {
    auto found = owned.find(partition);
    auto being_written = doing == activity::writing
                         && std::any_of(current.begin(), current.end(),
                                        [&](const auto& each) { return each->partition == partition; });
    if (found != owned.end() && being_written && !lost) {
      found->second.leaving = true;
      continue;
    }
    owned.erase(partition);
    if (!lost)
      release(partition);
  }
  forget_unwanted();
}

void projector_state::release(partition_id partition) {
  if (consumer)
    consumer->release(partition);
}

void projector_state::load() {
  doing = activity::loading;
  load_wanted = false;
  self->request(writer, caf::infinite, load_progress{})
    .then([this](const progress_loaded& loaded) { on_loaded(loaded.result); },
          [this](const caf::error& error) { end(error); });
}

void projector_state::on_loaded(const caf::expected<stored_progress>& result) {
  doing = activity::idle;
  if (!result) {
    load_wanted = true;
    back_off(result.error());
    return;
  }
  auto changed = false;
  for (auto& [partition, each] : owned) {
    if (each.leaving)
      continue;
    changed = reconcile(each, find(*result, partition)) || changed;
    each.at.parked = parked_in(*result, partition);
  }
  if (reload_after_conflict && !changed) {
    back_off(events::make_error(events::errc::checkpoint_conflict, "the checkpoints are as expected"));
    return;
  }
  reload_after_conflict = false;
  recovered();
  proceed();
}

bool projector_state::reconcile(owned_partition& each, const checkpoint* stored) {
  auto next = stored ? stored->next : log_offset{};
  auto begins = !each.begun;
  auto rewinds = each.begun && next < each.at.next;
  if (!begins && !rewinds && each.at.stored == (stored ? std::optional{next} : std::nullopt))
    return false;
  each.at.stored = stored ? std::optional{next} : std::nullopt;
  each.at.next = next;
  each.at.claim = stored ? stored->claim : std::nullopt;
  if (rewinds) {
    // The store lost what it had, as after the restore of a backup.
    each.rewound_from = each.expected;
    each.begun = false;
    forget_unwanted();
    ports_->log.warning(
      "a projection goes back, because its store did",
      {{"projection", model.name}, {"partition", to_string(each.at.partition)}, {"offset", to_string(next)}});
  }
  if (begins || rewinds) {
    each.begun = true;
    each.expected = next;
    consumer->start(each.at.partition, next);
  }
  return true;
}

} // namespace sonicmatch::projections
