#pragma once

#include "infra/configuration/configuration.hpp"

#include <string_view>
#include <tuple>

/// Every setting, declared once. For configuration.cpp only.
namespace sonicmatch::infra {

/// One setting. `allowed` lists the words a text (or each item of a list) may be;
/// empty allows any. Numbers are bounded by minimum and maximum; times are in the
/// unit of their member and may carry a suffix: 500ms, 60s, 5m.
template <class Member>
struct setting {
  std::string_view name;
  Member configuration::*member;
  std::string_view fallback;
  std::string_view description;
  double minimum = 0;
  double maximum = 1e9;
  std::string_view allowed{};
  bool secret = false;
};

inline constexpr auto settings = std::tuple{
  setting<std::string>{"KAFKA_BROKERS", &configuration::kafka_brokers, "127.0.0.1:19092",
                       "where Kafka is: host:port, comma-separated"},
  setting<std::string>{"DATABASE_URL",
                       &configuration::database_url,
                       "postgresql://sonicmatch@127.0.0.1:15432/sonicmatch",
                       "where PostgreSQL is",
                       0,
                       0,
                       {},
                       true},
  setting<std::string>{"HTTP_HOST", &configuration::http_host, "127.0.0.1",
                       "the address the edge listens on, and every process's admin port"},
  setting<std::uint16_t>{"HTTP_PORT", &configuration::http_port, "8000", "the edge's port", 0, 65535},
  setting<std::uint16_t>{"ADMIN_PORT", &configuration::admin_port, "8001",
                         "the port of health and metrics for operators, in every process", 0, 65535},
  setting<std::uint32_t>{"HTTP_THREADS", &configuration::http_threads, "2", "I/O threads of the edge", 1, 64},
  setting<std::string>{"TLS_CERTIFICATE_FILE", &configuration::tls_certificate_file, "",
                       "the edge's certificate and its chain, PEM; with TLS_KEY_FILE: HTTPS instead of HTTP"},
  setting<std::string>{"TLS_KEY_FILE", &configuration::tls_key_file, "",
                       "the certificate's private key, PEM, without a passphrase"},
  setting<std::uint32_t>{"ACTOR_THREADS", &configuration::actor_threads, "2", "threads that run the actors",
                         1, 64},
  setting<std::vector<std::string>>{"CORS_ORIGINS", &configuration::cors_origins, "http://localhost:3000",
                                    "origins that browsers may call from, comma-separated"},
  setting<std::vector<http::ip_network>>{
    "TRUSTED_PROXIES", &configuration::trusted_proxies, "",
    "addresses and networks (10.0.0.0/8) whose X-Forwarded-For is believed, comma-separated"},
  setting<http::rate>{"RATE_LIMIT_RECOMMEND", &configuration::rate_limit_recommend, "10/minute",
                      "recommendations that one client may ask for: N/second, N/minute, N/hour; 0: any"},
  setting<http::rate>{"RATE_LIMIT_EXPLAIN", &configuration::rate_limit_explain, "20/minute",
                      "the same for explanations"},
  setting<http::rate>{"RATE_LIMIT_HEADPHONES", &configuration::rate_limit_headphones, "100/minute",
                      "the same for the catalog"},
  setting<http::rate>{"RATE_LIMIT_FEEDBACK", &configuration::rate_limit_feedback, "60/minute",
                      "the same for feedback"},
  setting<http::rate>{"RATE_LIMIT_LOGIN", &configuration::rate_limit_login, "10/minute",
                      "the same for register, login and refresh"},
  setting<http::rate>{"RATE_LIMIT_OTHER", &configuration::rate_limit_other, "600/minute",
                      "the same for the rest of the API, such as reading sessions"},
  setting<std::chrono::milliseconds>{"HTTP_HEAD_TIMEOUT", &configuration::http_head_timeout, "10s",
                                     "how long the head of a request may take, from its first byte", 100,
                                     600'000},
  setting<std::chrono::milliseconds>{"HTTP_BODY_TIMEOUT", &configuration::http_body_timeout, "15s",
                                     "how long the body of a request may take", 100, 600'000},
  setting<std::chrono::milliseconds>{"HTTP_IDLE_TIMEOUT", &configuration::http_idle_timeout, "75s",
                                     "how long a connection may rest between requests", 100, 3'600'000},
  setting<std::chrono::milliseconds>{"HTTP_WRITE_TIMEOUT", &configuration::http_write_timeout, "20s",
                                     "how long a client may take to read an answer", 100, 600'000},
  setting<std::chrono::milliseconds>{"SYNC_TIMEOUT", &configuration::sync_timeout, "60s",
                                     "how long a synchronous request waits before it becomes asynchronous",
                                     100, 600'000},
  setting<std::uint32_t>{"WAITING_REQUESTS_MAX", &configuration::waiting_requests_max, "10000",
                         "requests waiting for their session at once; more get 503", 1, 1'000'000},
  setting<std::uint32_t>{"OPEN_SESSIONS_MAX", &configuration::open_sessions_max, "2000",
                         "sessions a recommender works on at once; more wait in Kafka", 1, 1'000'000},
  setting<std::uint32_t>{"SESSION_CACHE_MIB", &configuration::session_cache_mib, "32",
                         "memory for sessions lately seen, MiB", 1, 65'536},
  setting<std::uint32_t>{"KAFKA_PARTITIONS", &configuration::kafka_partitions, "32",
                         "partitions of the commands and the events topic; never changed once made", 1,
                         1'000},
  setting<std::uint32_t>{"EVENTS_RETENTION_DAYS", &configuration::events_retention_days, "45",
                         "how long the events topic keeps what happened", 1, 36'500},
  setting<std::string>{"LLM_PROVIDER", &configuration::llm_provider, "anthropic",
                       "whose language model recommends; none: the heuristic engine does", 0, 0,
                       "anthropic openai none"},
  setting<std::string>{"LLM_MODEL", &configuration::llm_model, "claude-opus-4-5",
                       "the model, as its provider names it"},
  setting<std::uint32_t>{"LLM_MAX_TOKENS", &configuration::llm_max_tokens, "4000",
                         "tokens that one answer may have", 256, 200'000},
  setting<double>{"LLM_TEMPERATURE", &configuration::llm_temperature, "0.7",
                  "how freely the model chooses; sent only to models that take it", 0, 2},
  setting<std::chrono::milliseconds>{"LLM_TIMEOUT", &configuration::llm_timeout, "30s",
                                     "how long one call may take", 100, 600'000},
  setting<std::uint32_t>{"LLM_MAX_RETRIES", &configuration::llm_max_retries, "2",
                         "how often a call that failed is made again, for one request", 0, 10},
  setting<std::string>{"LLM_BASE_URL", &configuration::llm_base_url, "",
                       "a compatible server to ask instead of the provider's own; needs no key"},
  setting<std::uint32_t>{"LLM_MAX_CONCURRENCY", &configuration::llm_max_concurrency, "100",
                         "calls under way at once in this process; more wait", 1, 10'000},
  setting<std::uint32_t>{"LLM_QUEUE_MAX", &configuration::llm_queue_max, "2000",
                         "calls waiting for a place; beyond them the heuristic engine answers", 1, 1'000'000},
  setting<double>{"LLM_BUDGET_USD_PER_DAY", &configuration::llm_budget_usd_per_day, "0",
                  "dollars a day (UTC) for calls, of all processes together; 0: no limit", 0, 1'000'000},
  setting<std::string>{"LLM_MODELS_FILE", &configuration::llm_models_file, "",
                       "a table of models and prices instead of the built-in one"},
  setting<std::string>{"ANTHROPIC_API_KEY",
                       &configuration::anthropic_api_key,
                       "",
                       "the key for Anthropic's models",
                       0,
                       0,
                       {},
                       true},
  setting<std::string>{
    "OPENAI_API_KEY", &configuration::openai_api_key, "", "the key for OpenAI's models", 0, 0, {}, true},
  setting<std::chrono::milliseconds>{"CACHE_TTL_QUERY", &configuration::cache_ttl_query, "5m",
                                     "how long the model's answer to a question answers the same question; "
                                     "0s: never",
                                     0, 86'400'000},
  setting<std::string>{"ENVIRONMENT", &configuration::environment, "development",
                       "development or production, where a SECRET_KEY of one's own has to be given", 0, 0,
                       "development production"},
  setting<std::string>{"SECRET_KEY",
                       &configuration::secret_key,
                       example_secret_key,
                       "signs what clients are given, the same for all edges; 32 random bytes or more",
                       0,
                       0,
                       {},
                       true},
  setting<std::string>{"JWT_PRIVATE_KEY_FILE", &configuration::jwt_private_key_file, "",
                       "an Ed25519 key (PEM) that signs access tokens instead of SECRET_KEY"},
  setting<std::vector<std::string>>{"JWT_FORMER_KEYS",
                                    &configuration::jwt_former_keys,
                                    "",
                                    "keys whose access tokens hold until they expire, comma-separated: "
                                    "hs256:SECRET or eddsa:FILE of a public key (PEM)",
                                    0,
                                    0,
                                    {},
                                    true},
  setting<std::string>{"JWT_ISSUER", &configuration::jwt_issuer, "sonicmatch", "who issues access tokens"},
  setting<std::string>{"JWT_AUDIENCE", &configuration::jwt_audience, "sonicmatch",
                       "whom access tokens are for"},
  setting<std::chrono::milliseconds>{"ACCESS_TOKEN_TTL", &configuration::access_token_ttl, "15m",
                                     "how long an access token holds", 60'000, 86'400'000},
  setting<std::chrono::milliseconds>{"REFRESH_TOKEN_TTL", &configuration::refresh_token_ttl, "30d",
                                     "how long a login holds without being used", 3'600'000, 31'536'000'000},
  setting<std::uint32_t>{"ARGON2_THREADS", &configuration::argon2_threads, "1",
                         "threads that hash passwords, each with 19 MiB", 1, 64},
  setting<std::string>{"INSTANCE_ID", &configuration::instance_id, "",
                       "this process's name, unique and stable, for Kafka's static membership; empty: none"},
  setting<std::vector<std::string>>{"ROLES", &configuration::roles, "edge,recommender,projector",
                                    "what this process does, comma-separated", 0, 0,
                                    "edge recommender projector"},
  setting<std::string>{"LOG_FORMAT", &configuration::log_format, "text", "text for people, json for machines",
                       0, 0, "text json"},
  setting<std::string>{"LOG_LEVEL", &configuration::log_level, "info", "the least that is logged", 0, 0,
                       "debug info warning error"},
};

} // namespace sonicmatch::infra
