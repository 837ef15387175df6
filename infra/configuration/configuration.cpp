#include "infra/configuration/configuration.hpp"

#include "events/error.hpp"
#include "infra/configuration/dotenv.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <tuple>
#include <unistd.h>

namespace sonicmatch::infra {

namespace {

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

constexpr auto settings = std::tuple{
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

/// A setting's text and where it was given.
struct given {
  std::string text;
  std::string origin;
};
using given_by_name = std::map<std::string, given, std::less<>>;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = std::min(text.find(separator), text.size());
    auto item = text.substr(0, end);
    while (!item.empty() && item.front() == ' ')
      item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ')
      item.remove_suffix(1);
    if (!item.empty())
      out.emplace_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  double out = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

std::optional<double> parse_milliseconds(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  for (auto [suffix, factor] : units)
    if (text.ends_with(suffix))
      if (auto number = parse_number(text.substr(0, text.size() - suffix.size())))
        return *number * factor;
  return std::nullopt;
}

template <class Member>
std::string mistake_in(const setting<Member>& declared, const std::string& item) {
  if (declared.allowed.empty())
    return {};
  auto words = split(declared.allowed, ' ');
  if (std::find(words.begin(), words.end(), item) != words.end())
    return {};
  return "must be one of " + std::string{declared.allowed} + ", not \"" + item + "\"";
}

/// Sets a member that has its own way of being read.
template <class Member>
std::string assign_parsed(std::string_view text, std::string_view expected, Member& out) {
  auto read = Member::parse(text);
  if (!read)
    return "must be " + std::string{expected} + ", not \"" + std::string{text} + "\"";
  out = *read;
  return {};
}

/// Sets the member; returns what is wrong with the text, or nothing.
template <class Member>
std::string assign(const setting<Member>& declared, const std::string& text, configuration& out) {
  auto& member = out.*declared.member;
  if constexpr (std::is_same_v<Member, std::string>) {
    member = text;
    return mistake_in(declared, text);
  } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
    member = split(text, ',');
    for (const auto& item : member)
      if (auto mistake = mistake_in(declared, item); !mistake.empty())
        return mistake;
    return member.empty() && !declared.allowed.empty() ? "must name at least one" : "";
  } else if constexpr (std::is_same_v<Member, http::rate>) {
    return assign_parsed(text, "a rate such as 10/second, 10/minute or 10/hour, or 0", member);
  } else if constexpr (std::is_same_v<Member, std::vector<http::ip_network>>) {
    member.clear();
    for (const auto& item : split(text, ','))
      if (auto mistake =
            assign_parsed(item,
                          "addresses or networks such as 10.0.0.0/8 or 2001:db8::/32, without bits "
                          "behind the prefix",
                          member.emplace_back());
          !mistake.empty())
        return mistake;
    return {};
  } else {
    constexpr bool is_time = std::is_same_v<Member, std::chrono::milliseconds>;
    constexpr bool is_whole = !std::is_floating_point_v<Member>;
    auto number = is_time ? parse_milliseconds(text) : parse_number(text);
    if (!number || !std::isfinite(*number) || (is_whole && *number != std::trunc(*number)))
      return std::string{is_time    ? "must be a time such as 500ms, 60s or 5m, not \""
                         : is_whole ? "must be a whole number, not \""
                                    : "must be a number, not \""}
             + text + "\"";
    auto unit = is_time ? " ms" : "";
    if (*number < declared.minimum || *number > declared.maximum)
      return "must be between " + std::to_string(static_cast<std::int64_t>(declared.minimum)) + " and "
             + std::to_string(static_cast<std::int64_t>(declared.maximum)) + unit;
    if constexpr (is_whole)
      member = static_cast<Member>(static_cast<std::int64_t>(*number));
    else
      member = *number;
    return {};
  }
}

std::string name_of_flag(std::string_view flag) {
  std::string out;
  for (auto c : flag)
    out.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

bool is_setting(std::string_view name) {
  return std::apply([&](const auto&... all) { return ((all.name == name) || ...); }, settings);
}

void read_command_line(const std::vector<std::string>& words, given_by_name& out,
                       std::vector<std::string>& arguments, std::string& mistakes) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    auto equals = word.find('=');
    auto name = word.starts_with("--") ? name_of_flag(word.substr(2, equals - 2)) : std::string{};
    if (!is_setting(name)) {
      arguments.push_back(words[i]);
      continue;
    }
    if (equals != std::string_view::npos)
      out.insert_or_assign(name, given{std::string{word.substr(equals + 1)}, "flag"});
    else if (i + 1 < words.size())
      out.insert_or_assign(name, given{words[++i], "flag"});
    else
      mistakes += "\n  " + words[i] + " needs a value";
  }
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// What those that issue and check tokens need.
std::string mistakes_of_keys(const configuration& values) {
  std::string out;
  if (values.environment == "production" && values.has_role("edge")) {
    if (values.secret_key == example_secret_key)
      out += "\n  SECRET_KEY must be one of your own in production, not the example's";
    else if (values.secret_key.size() < secret_key_bytes_min)
      out += "\n  SECRET_KEY must have at least 32 bytes in production";
  }
  if (values.secret_key.empty())
    out += "\n  SECRET_KEY must not be empty";
  for (const auto& each : values.jwt_former_keys)
    if (!each.starts_with("hs256:") && !each.starts_with("eddsa:"))
      out += "\n  JWT_FORMER_KEYS must be a list of hs256:SECRET and eddsa:FILE";
  if (values.jwt_issuer.empty() || !is_printable(values.jwt_issuer))
    out += "\n  JWT_ISSUER must be a word or an address, without spaces";
  if (values.jwt_audience.empty() || !is_printable(values.jwt_audience))
    out += "\n  JWT_AUDIENCE must be a word or an address, without spaces";
  return out;
}

/// What the settings owe each other, and what their types do not say. No value of a
/// secret is shown.
std::string mistakes_in(const configuration& values, const given_by_name& texts) {
  std::string out;
  const auto& url = values.llm_base_url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    out += "\n  LLM_BASE_URL must begin with http:// or https://";
  if (url.find_first_of("@?#") != std::string::npos || !is_printable(url))
    out += "\n  LLM_BASE_URL must be a plain address, without a user, a query or spaces";
  if (!is_printable(values.anthropic_api_key))
    out += "\n  ANTHROPIC_API_KEY must be printable and without spaces";
  if (!is_printable(values.openai_api_key))
    out += "\n  OPENAI_API_KEY must be printable and without spaces";
  if (values.tls_certificate_file.empty() != values.tls_key_file.empty())
    out += "\n  TLS_CERTIFICATE_FILE and TLS_KEY_FILE need each other; give both or neither";
  if (values.llm_model.empty() || !is_printable(values.llm_model))
    out += "\n  LLM_MODEL must name a model, without spaces";
  if (values.llm_provider == "openai" && !texts.contains("LLM_MODEL"))
    out += "\n  LLM_MODEL must be given with LLM_PROVIDER=openai; the default is one of Anthropic's";
  return out + mistakes_of_keys(values);
}

} // namespace

bool configuration::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

caf::expected<configured> configure(const configuration_sources& sources) {
  given_by_name texts;
  std::string mistakes;
  auto dotenv = read_dotenv(sources.dotenv_path);
  if (!dotenv)
    mistakes += "\n  " + events::detail_of(dotenv.error());
  else
    for (const auto& [name, text] : *dotenv)
      texts.insert_or_assign(name, given{text, ".env"});
  for (const auto& [name, text] : sources.environment)
    if (is_setting(name))
      texts.insert_or_assign(name, given{text, "environment"});
  configured out;
  read_command_line(sources.command_line, texts, out.arguments, mistakes);
  auto one = [&](const auto& declared) {
    auto found = texts.find(declared.name);
    auto source = found == texts.end() ? given{std::string{declared.fallback}, "default"} : found->second;
    auto mistake = assign(declared, source.text, out.values);
    if (!mistake.empty())
      mistakes += "\n  " + std::string{declared.name} + " (" + source.origin + ") " + mistake;
    auto shown = declared.secret ? (source.text.empty() ? "(not set)" : "(set)") : source.text;
    out.shown.push_back(
      {std::string{declared.name}, shown, source.origin, std::string{declared.description}});
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, settings);
  mistakes += mistakes_in(out.values, texts);
  if (!mistakes.empty())
    return events::make_error(events::errc::bad_configuration, "the configuration is wrong:" + mistakes);
  return out;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> out;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view line = *each;
    if (auto equals = line.find('='); equals != std::string_view::npos)
      out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

} // namespace sonicmatch::infra
