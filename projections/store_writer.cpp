#include "events/error.hpp"
#include "projections/projector.hpp"

#include <algorithm>

namespace sonicmatch::projections {

namespace {

/// Owner of the store; its handlers are the only ones to call it.
struct store_writer_state {
  read_model model;
  std::unique_ptr<read_model_store> store;

  batch_outcome write(const batch& work) {
    auto folded = fold(model, work);
    batch_outcome out;
    out.poisoned = std::move(folded.poisoned);
    if (!out.poisoned.empty() && work.policy == failure_policy::fail) {
      out.error = out.poisoned.front().error;
      return out;
    }
    if (work.reports_poison)
      for (const auto& each : out.poisoned)
        if (!is_reported(work, *each.record))
          out.unreported.push_back(each);
    if (!out.unreported.empty())
      return out;
    if (!folded.to_apply.advances.empty())
      out.error = store->apply(folded.to_apply);
    if (!out.error) {
      out.after = std::move(folded.after);
      out.applied = work.records.size();
    }
    return out;
  }

  static bool is_reported(const batch& work, const actors::ports::log_record& record) {
    events::log_position at{record.partition, record.offset};
    return std::find(work.reported.begin(), work.reported.end(), at) != work.reported.end();
  }
};

store_writer::behavior_type run_store_writer(store_writer::stateful_pointer<store_writer_state> self,
                                             const std::shared_ptr<store_writer_state>& given) {
  self->state = std::move(*given);
  return {
    [self](const load_progress&) { return progress_loaded{self->state.store->load(self->state.model.name)}; },
    [self](const write_batch& request) { return self->state.write(*request.work); },
    [self](leave_group& request) {
      request.consumer->leave();
      request.consumer.reset();
      self->quit();
    },
  };
}

} // namespace

store_writer spawn_store_writer(caf::actor_system& system, read_model model,
                                std::unique_ptr<read_model_store> store, bool detached) {
  // Through a shared_ptr because CAF copies what an actor is spawned with.
  auto given = std::make_shared<store_writer_state>(store_writer_state{std::move(model), std::move(store)});
  return detached ? system.spawn<caf::detached>(run_store_writer, given)
                  : system.spawn(run_store_writer, given);
}

} // namespace sonicmatch::projections
