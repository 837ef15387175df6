#include "infra/wiring/recommender_role.hpp"

#include "events/envelope.hpp"

#include <future>

namespace sonicmatch::infra {

namespace {

/// For the calls that were cut off to be recorded as such.
constexpr std::chrono::milliseconds recording_patience{1'000};

} // namespace

recommender_role::recommender_role(const process_parts& parts)
  : logger_(parts.logger) {
  actors::recommender_settings settings;
  settings.owner = parts.name;
  auto group = settings.group;
  actors::recommender_parts work{std::move(settings),
                                 parts.producer,
                                 parts.reader,
                                 parts.clock,
                                 parts.logger,
                                 parts.catalog,
                                 std::make_shared<actors::admission>(parts.configuration.open_sessions_max),
                                 parts.health};
  if (parts.model) {
    model_ = std::make_unique<language_model_role>(parts);
    work.model = model_->access();
  }
  recommender_ = parts.system->spawn(actors::recommender_actor, std::move(work));
  consumer_ = parts.membership->join(group, std::string{events::topics::commands},
                                     actors::sink_of(recommender_, parts.logger));
  caf::anon_send(recommender_, actors::group_joined{consumer_});
}

void recommender_role::stop(std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience - recording_patience;
  consumer_->leave();
  auto idle = std::make_shared<std::promise<void>>();
  auto is_idle = idle->get_future();
  caf::anon_send(recommender_, actors::await_owners{[idle] { idle->set_value(); }});
  if (is_idle.wait_until(deadline) == std::future_status::ready)
    return;
  logger_->warning("calls of the language model were still under way when the time to stop was over");
  if (model_)
    model_->cancel_calls();
  is_idle.wait_for(recording_patience);
}

recommender_role::~recommender_role() {
  caf::anon_send_exit(recommender_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
