#include "projections/projector.hpp"

#include "events/error.hpp"
#include "projections/projector_state.hpp"

namespace sonicmatch::projections {

namespace {

/// What a projector is spawned with. Shared, because CAF copies arguments.
struct beginnings {
  read_model model;
  projector_settings settings;
  projector_ports through;
  store_writer writer;
};

ports::group_consumer::sink sink_to(const projector& actor, const std::shared_ptr<group_link>& link) {
  ports::group_consumer::sink out;
  out.on_assigned = [actor](std::vector<ports::assignment> given) {
    caf::anon_send(actor, partitions_given{std::move(given)});
  };
  out.on_revoked = [actor, link](const std::vector<partition_id>& taken, bool lost) {
    if (!link->ended) {
      caf::anon_send(actor, partitions_taken{taken, lost});
    } else if (auto* consumer = link->consumer.load()) {
      for (auto partition : taken)
        consumer->release(partition);
    }
  };
  out.on_batch = [actor](ports::batch_ptr records) {
    caf::anon_send(actor, records_read{std::move(records)});
  };
  out.on_error = [actor](caf::error error) { caf::anon_send(actor, reading_troubled{std::move(error)}); };
  return out;
}

projector::behavior_type run_projector(projector::stateful_pointer<projector_state> self,
                                       const std::shared_ptr<const beginnings>& with) {
  auto& state = self->state;
  state.begin(self, with->model, with->settings, with->through, with->writer);
  state.consumer = with->through.membership.join(group_of(with->model), with->model.topic,
                                                 sink_to(projector{self}, state.link));
  state.link->consumer = state.consumer.get();
  return {
    [&state](const partitions_given& given) { state.take_on(given.partitions); },
    [&state](const partitions_taken& taken) { state.let_go(taken.partitions, taken.lost); },
    [&state](const records_read& read) { state.collect(read.records); },
    [&state](const reading_troubled& told) {
      state.ports_->log.warning("the reader of a projection is in trouble",
                                {{"projection", state.model.name}, {"error", events::describe(told.error)}});
    },
    [&state](const dead_letter_delivered& delivery) { state.on_reported(delivery); },
    [&state](const write_due&) {
      state.alarm_set = false;
      state.proceed();
    },
    [&state](const try_again&) {
      state.doing = activity::idle;
      state.proceed();
    },
    [&state](const describe_projector&) { return state.status(); },
    [&state](const stop_projector&) {
      state.stopping = true;
      if (state.doing != activity::writing)
        state.end({});
    },
  };
}

} // namespace

std::string group_of(const read_model& model) {
  return "sonicmatch.projection." + model.name;
}

projector spawn_projector(caf::actor_system& system, read_model model, projector_settings settings,
                          projector_ports through, store_writer writer) {
  return system.spawn(run_projector, std::make_shared<const beginnings>(
                                       beginnings{std::move(model), settings, through, std::move(writer)}));
}

} // namespace sonicmatch::projections
