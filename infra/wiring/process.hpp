#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/health_board.hpp"
#include "actors/language_model/gateway_board.hpp"
#include "actors/language_model/provider.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "http/request_metrics.hpp"
#include "infra/configuration/configuration.hpp"
#include "infra/kafka/producer.hpp"
#include "infra/kafka/settings.hpp"
#include "infra/postgres/settings.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <optional>

namespace sonicmatch::infra {

/// What all roles of one process share. Made before them, outlives them.
struct process_parts {
  infra::configuration configuration;
  kafka::settings kafka;
  postgres::settings postgres;
  std::string name; ///< of this process, for people: host and process id, or INSTANCE_ID
  std::shared_ptr<actors::ports::logger> logger;
  std::shared_ptr<actors::ports::clock> clock;
  std::shared_ptr<actors::ports::entropy> entropy;
  std::shared_ptr<actors::health_board> health;
  std::shared_ptr<actors::catalog_view> catalog;
  std::shared_ptr<kafka::producer> producer;
  std::shared_ptr<actors::ports::log_reader> reader;
  std::shared_ptr<actors::ports::log_reader> patient_reader; ///< fewer requests, some milliseconds later
  std::shared_ptr<actors::ports::group_membership> membership;
  std::shared_ptr<actors::ports::group_membership> patient_membership;
  std::shared_ptr<actors::ports::group_membership> leisurely_membership; ///< up to a fifth of a second later
  /// The language model to be asked; nothing when the heuristic engine recommends.
  std::optional<actors::language_model::provider_settings> model;
  std::shared_ptr<actors::language_model::gateway_board> model_board;
  std::shared_ptr<http::request_metrics> requests; ///< of the edge, for the admin port
  caf::actor_system* system = nullptr;
};

/// Kafka's and PostgreSQL's settings out of the configuration.
[[nodiscard]] kafka::settings kafka_settings_of(const configuration& values);

/// The same for who waits for a session's end, and not for its beginning: an end is at
/// once what the broker waits for, smaller records come along or 10 ms later.
[[nodiscard]] kafka::settings attentive(kafka::settings values);

/// The same for readers whom nobody waits for, the projections above all: they let
/// the broker collect records for up to 20 ms, which spares it, and PostgreSQL, most
/// of the requests under load.
[[nodiscard]] kafka::settings patient(kafka::settings values);

/// The same for read models that are seldom looked at.
[[nodiscard]] kafka::settings leisurely(kafka::settings values);
[[nodiscard]] postgres::settings postgres_settings_of(const configuration& values);

/// INSTANCE_ID, or host name and process id.
[[nodiscard]] std::string process_name_of(const configuration& values);

} // namespace sonicmatch::infra
