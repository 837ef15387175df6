#pragma once

#include "http/rate_limits.hpp"
#include "http/trusted_proxies.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::infra {

/// Everything the program can be told, typed and validated. Read once at the
/// start: defaults < .env < environment < flags. Names, defaults and meanings are
/// declared once, in settings.hpp; `sonicmatch config` prints them all.
struct configuration {
  std::string kafka_brokers;
  std::string database_url;
  std::string http_host;
  std::uint16_t http_port = 0;
  std::uint16_t admin_port = 0;
  std::uint32_t http_threads = 0;
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::uint32_t actor_threads = 0;
  std::vector<std::string> cors_origins;
  std::vector<http::ip_network> trusted_proxies;
  http::rate rate_limit_recommend;
  http::rate rate_limit_explain;
  http::rate rate_limit_headphones;
  http::rate rate_limit_feedback;
  http::rate rate_limit_login;
  http::rate rate_limit_other;
  std::uint32_t connections_max = 0;
  std::uint32_t connections_per_client_max = 0;
  std::chrono::milliseconds http_head_timeout{};
  std::chrono::milliseconds http_body_timeout{};
  std::chrono::milliseconds http_idle_timeout{};
  std::chrono::milliseconds http_write_timeout{};
  std::chrono::milliseconds sync_timeout{};
  std::uint32_t waiting_requests_max = 0;
  std::uint32_t watchers_max = 0;
  std::uint32_t open_sessions_max = 0;
  std::uint32_t session_cache_mib = 0;
  std::uint32_t kafka_partitions = 0;
  std::uint32_t events_retention_days = 0;
  std::string llm_provider;
  std::string llm_model;
  std::uint32_t llm_max_tokens = 0;
  double llm_temperature = 0;
  std::chrono::milliseconds llm_timeout{};
  std::uint32_t llm_max_retries = 0;
  std::string llm_base_url;
  std::uint32_t llm_max_concurrency = 0;
  std::uint32_t llm_queue_max = 0;
  double llm_budget_usd_per_day = 0;
  std::string llm_models_file;
  std::string anthropic_api_key;
  std::string openai_api_key;
  std::chrono::milliseconds cache_ttl_query{};
  std::string environment;
  std::string secret_key;
  std::string jwt_private_key_file;
  std::vector<std::string> jwt_former_keys;
  std::string jwt_issuer;
  std::string jwt_audience;
  std::chrono::milliseconds access_token_ttl{};
  std::chrono::milliseconds refresh_token_ttl{};
  std::uint32_t argon2_threads = 0;
  std::string instance_id;
  std::vector<std::string> roles;
  std::string log_format;
  std::string log_level;

  [[nodiscard]] bool has_role(std::string_view role) const;
};

/// The SECRET_KEY that .env.example shows and that is the default: for development only.
inline constexpr std::string_view example_secret_key = "development-only-change-me-in-production";
/// Of a SECRET_KEY, in production.
inline constexpr std::size_t secret_key_bytes_min = 32;

/// A setting as `sonicmatch config` shows it.
struct effective_setting {
  std::string name;
  std::string value;  ///< "(set)" or "(not set)" for a secret
  std::string origin; ///< "default", ".env", "environment" or "flag"
  std::string description;
};

struct configured {
  configuration values;
  std::vector<effective_setting> shown;
  std::vector<std::string> arguments; ///< what of the command line is not a setting, in order
};

/// Where the texts come from.
struct configuration_sources {
  std::string dotenv_path = ".env"; ///< need not exist
  std::map<std::string, std::string> environment;
  std::vector<std::string> command_line; ///< without the program's name
};

/// Reads all sources. Errors: bad_configuration, with every mistake on a line of
/// its own, naming the setting (and for .env the file and line).
[[nodiscard]] caf::expected<configured> configure(const configuration_sources& sources);

/// The process's environment.
[[nodiscard]] std::map<std::string, std::string> process_environment();

} // namespace sonicmatch::infra
