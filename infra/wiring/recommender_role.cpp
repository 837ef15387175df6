#include "infra/wiring/recommender_role.hpp"

#include "events/envelope.hpp"

namespace sonicmatch::infra {

recommender_role::recommender_role(const process_parts& parts) {
  actors::recommender_settings settings;
  settings.owner = parts.name;
  auto group = settings.group;
  recommender_ = parts.system->spawn(
    actors::recommender_actor,
    actors::recommender_parts{
      std::move(settings), parts.producer, parts.reader, parts.clock, parts.logger, parts.catalog,
      std::make_shared<actors::admission>(parts.configuration.open_sessions_max), parts.health});
  consumer_ = parts.membership->join(group, std::string{events::topics::commands},
                                     actors::sink_of(recommender_, parts.logger));
  caf::anon_send(recommender_, actors::group_joined{consumer_});
}

void recommender_role::stop() {
  consumer_->leave();
}

recommender_role::~recommender_role() {
  caf::anon_send_exit(recommender_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
