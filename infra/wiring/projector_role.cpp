#include "infra/wiring/projector_role.hpp"

#include "actors/dead_letters.hpp"
#include "infra/postgres/read_model_store.hpp"
#include "projections/read_model.hpp"

#include <sys/resource.h>

namespace sonicmatch::infra {

namespace {

/// A store whose thread gives way to those that somebody waits for: a batch keeps a core
/// busy for tens of milliseconds, and nobody waits for read models.
class background_store final : public projections::read_model_store {
public:
  explicit background_store(std::unique_ptr<projections::read_model_store> store)
    : store_(std::move(store)) {}

  caf::expected<projections::stored_progress> load(std::string_view projection) override {
    setpriority(PRIO_PROCESS, 0, niceness); // of the calling thread alone, on Linux
    return store_->load(projection);
  }
  caf::error apply(const projections::changes& batch) override {
    return store_->apply(batch);
  }

private:
  static constexpr int niceness = 5;

  std::unique_ptr<projections::read_model_store> store_;
};

} // namespace

projector_role::projector_role(const process_parts& parts)
  : system_(*parts.system) {
  using projections::read_model;
  for (auto make_model : {projections::sessions::model, projections::matches::model,
                          projections::explanations::model, projections::feedback::model,
                          projections::language_model_calls::model, projections::headphones::model}) {
    auto model = make_model();
    projections::projector_settings settings;
    // All but the headphones read the same records; the sessions report the unreadable ones.
    settings.reports_poison =
      model.name == projections::sessions::model().name || model.topic == events::topics::catalog;
    writers_.push_back(projections::spawn_store_writer(
      system_, model, std::make_unique<background_store>(postgres::make_read_model_store(parts.postgres))));
    // An edge answers from what it has read itself; these are for later, and for analysts.
    auto is_for_later = model.name == projections::explanations::model().name
                        || model.name == projections::feedback::model().name
                        || model.name == projections::language_model_calls::model().name;
    auto& membership = is_for_later ? *parts.leisurely_membership : *parts.patient_membership;
    projectors_.push_back(projections::spawn_projector(
      system_, model, settings, {membership, *parts.producer, *parts.logger}, writers_.back()));
  }
}

void projector_role::stop(std::chrono::milliseconds patience) {
  caf::scoped_actor self{system_};
  for (const auto& each : projectors_) {
    self->monitor(each);
    caf::anon_send(each, projections::stop_projector{});
  }
  auto deadline = std::chrono::steady_clock::now() + patience;
  std::size_t ended = 0;
  while (ended < projectors_.size() && std::chrono::steady_clock::now() < deadline)
    self->receive([&](const caf::down_msg&) { ++ended; },
                  caf::after(std::chrono::milliseconds{100}) >> [] {});
}

projector_role::~projector_role() {
  for (const auto& each : projectors_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  for (const auto& each : writers_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
