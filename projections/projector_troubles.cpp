#include "actors/dead_letters.hpp"
#include "events/error.hpp"
#include "projections/projector_state.hpp"

#include <algorithm>

/// A projector's beginning and end, and what it does when something does not answer.
namespace sonicmatch::projections {

void projector_state::begin(projector::pointer actor, const read_model& what, const projector_settings& how,
                            const projector_ports& through, const store_writer& with) {
  self = actor;
  model = what;
  settings = how;
  ports_.emplace(through);
  writer = with;
  limit = settings.batch_records_max;
  backoff = settings.backoff_min;
  link = std::make_shared<group_link>();
}

projector_state::~projector_state() {
  if (!consumer)
    return;
  // Once this is set, the group's callbacks release by themselves; what they have
  // sent here before is answered now.
  link->ended = true;
  for (const auto& [partition, each] : owned)
    consumer->release(partition);
  caf::anon_send(writer, leave_group{std::move(consumer)});
}

void projector_state::end(const caf::error& reason) {
  if (reason)
    ports_->log.error("a projection has stopped",
                      {{"projection", model.name}, {"error", events::describe(reason)}});
  ended = true;
  self->quit(reason);
}

void projector_state::report(const std::vector<poison>& unreported) {
  doing = activity::reporting;
  reports_awaited = unreported.size();
  report_error = {};
  projector handle{self};
  for (const auto& each : unreported) {
    events::log_position origin{each.record->partition, each.record->offset};
    ports_->producer.append(
      actors::dead_letter_of(*each.record, model.topic, each.error, group_of(model), refused ? 2 : 1),
      [handle, origin](const caf::expected<events::log_position>& where) {
        caf::anon_send(handle, dead_letter_delivered{origin, where ? caf::error{} : where.error()});
      });
  }
}

void projector_state::on_reported(const dead_letter_delivered& delivery) {
  if (doing != activity::reporting || reports_awaited == 0)
    return;
  if (delivery.error && events::retriable(events::code_of(delivery.error))) {
    report_error = delivery.error;
  } else {
    reported.push_back(delivery.origin);
    if (delivery.error)
      ports_->log.error("a dead letter was refused for good; its bytes are only where they were",
                        {{"projection", model.name},
                         {"partition", to_string(delivery.origin.partition)},
                         {"offset", to_string(delivery.origin.offset)},
                         {"error", events::describe(delivery.error)}});
  }
  if (--reports_awaited > 0)
    return;
  doing = activity::idle;
  if (report_error)
    back_off(report_error);
  proceed();
}

/// Waits, longer each time; says so once.
void projector_state::back_off(const caf::error& error) {
  doing = activity::backing_off;
  if (trouble.empty()) {
    trouble_since = self->clock().now();
    ports_->log.warning("a projection waits",
                        {{"projection", model.name}, {"error", events::describe(error)}});
  }
  trouble = events::describe(error);
  self->delayed_send(self, backoff, try_again{});
  backoff = std::min(backoff * 2, settings.backoff_max);
}

void projector_state::recovered() {
  backoff = settings.backoff_min;
  if (trouble.empty())
    return;
  trouble.clear();
  auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(self->clock().now() - trouble_since);
  ports_->log.info("a projection goes on",
                   {{"projection", model.name}, {"waited_ms", std::to_string(waited.count())}});
}

projector_status projector_state::status() const {
  auto begun = std::count_if(owned.begin(), owned.end(), [](const auto& each) { return each.second.begun; });
  return {
    model.name, static_cast<std::size_t>(begun), pending.size() + current.size(), applied, batches, poisoned,
    trouble};
}

} // namespace sonicmatch::projections
