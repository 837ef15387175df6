#include "infra/wiring/language_model.hpp"

#include "actors/language_model/gateway.hpp"
#include "infra/llm/curl_client.hpp"
#include "infra/llm/model_table.hpp"
#include "infra/postgres/spending_reader.hpp"

#include <caf/all.hpp>

#include <cmath>

namespace sonicmatch::infra {

namespace {

namespace language_model = actors::language_model;

/// Answers kept for CACHE_TTL_QUERY, so many bytes at most.
constexpr std::size_t answer_cache_bytes_max = 16u << 20;

std::string without_slash_at_its_end(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

language_model::gateway_settings gateway_settings_of(const configuration& values) {
  language_model::gateway_settings out;
  out.in_flight_max = values.llm_max_concurrency;
  out.queue_max = values.llm_queue_max;
  out.budget_per_day = {std::llround(values.llm_budget_usd_per_day * 1e6)};
  out.cache = {values.cache_ttl_query, answer_cache_bytes_max};
  out.partition_count = static_cast<std::int32_t>(values.kafka_partitions);
  return out;
}

/// Asks in a thread of its own, which a question at a start or during an outage is worth.
auto spending_finder(caf::actor_system& system, const postgres::settings& where) {
  return [&system, where](events::timestamp since,
                          std::function<void(caf::expected<actors::ports::spending_reader::spending>)> done) {
    system.spawn<caf::detached>([where, since, done = std::move(done)](caf::event_based_actor*) {
      done(postgres::make_spending_reader(where)->find_spending(since));
    });
  };
}

} // namespace

caf::expected<std::optional<language_model::provider_settings>>
language_model_of(const configuration& values, events::timestamp now, actors::ports::logger& logger) {
  std::optional<language_model::provider_settings> out;
  if (values.llm_provider == "none") {
    logger.info("LLM_PROVIDER is none: the heuristic engine recommends");
    return out;
  }
  auto is_anthropic = values.llm_provider == "anthropic";
  const auto& key = is_anthropic ? values.anthropic_api_key : values.openai_api_key;
  if (key.empty() && values.llm_base_url.empty()) {
    logger.info(is_anthropic ? "without ANTHROPIC_API_KEY or LLM_BASE_URL the heuristic engine recommends"
                             : "without OPENAI_API_KEY or LLM_BASE_URL the heuristic engine recommends");
    return out;
  }
  auto table = llm::load_model_table(values.llm_models_file);
  if (!table)
    return std::move(table.error());
  auto provider =
    is_anthropic ? language_model::provider_name::anthropic : language_model::provider_name::openai;
  auto& settings = out.emplace();
  settings.model = llm::find_model(*table, provider, values.llm_model);
  settings.base_url = without_slash_at_its_end(!values.llm_base_url.empty() ? values.llm_base_url
                                               : is_anthropic               ? "https://api.anthropic.com"
                                                                            : "https://api.openai.com");
  settings.key = key;
  settings.tokens_max = static_cast<int>(values.llm_max_tokens);
  settings.temperature = values.llm_temperature;
  for (const auto& warning : llm::warnings_about(settings.model, now))
    logger.warning(warning);
  if (values.llm_budget_usd_per_day > 0 && !settings.model.prices)
    logger.warning("LLM_BUDGET_USD_PER_DAY cannot be kept: the model's prices are unknown");
  return out;
}

language_model_role::language_model_role(const process_parts& parts)
  : prompts_(std::make_shared<language_model::prompt_book>(language_model::make_provider(*parts.model)))
  , entropy_(parts.entropy) {
  const auto& values = parts.configuration;
  policy_.retries_max = static_cast<int>(values.llm_max_retries);
  policy_.timeout = values.llm_timeout;
  llm::curl_settings transport;
  transport.connections_max = values.llm_max_concurrency + 16;
  language_model::gateway_parts gateway;
  gateway.settings = gateway_settings_of(values);
  gateway.provider = prompts_->shared_provider();
  gateway.client = llm::make_curl_client(std::move(transport));
  gateway.clock = parts.clock;
  gateway.logger = parts.logger;
  gateway.health = parts.health;
  gateway.board = parts.model_board;
  gateway.reader = parts.patient_reader;
  gateway.find_spending = spending_finder(*parts.system, parts.postgres);
  gateway_ = parts.system->spawn(language_model::language_model_gateway_actor, std::move(gateway));
}

actors::model_access language_model_role::access() const {
  return {gateway_, prompts_, entropy_, policy_};
}

void language_model_role::cancel_calls() {
  caf::anon_send(gateway_, actors::cancel_calls{});
}

language_model_role::~language_model_role() {
  caf::anon_send_exit(gateway_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
