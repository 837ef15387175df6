#include "events/error.hpp"
#include "infra/configuration/configuration.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

#include <algorithm>

using namespace sonicmatch;
using namespace std::chrono_literals;
using infra::configuration_sources;
using infra::configure;

namespace {

/// Sources with nothing in them but what a test adds.
configuration_sources nothing() {
  configuration_sources out;
  out.dotenv_path = "/nowhere/.env";
  return out;
}

infra::configured configured_by(const configuration_sources& sources) {
  auto read = configure(sources);
  if (!read)
    FAIL(events::describe(read.error()));
  return std::move(*read);
}

std::string refusal(const configuration_sources& sources) {
  auto read = configure(sources);
  REQUIRE_FALSE(read);
  CHECK(events::code_of(read.error()) == events::errc::bad_configuration);
  return events::detail_of(read.error());
}

const infra::effective_setting& shown(const infra::configured& from, std::string_view name) {
  auto found =
    std::find_if(from.shown.begin(), from.shown.end(), [&](const auto& each) { return each.name == name; });
  REQUIRE(found != from.shown.end());
  return *found;
}

} // namespace

TEST_CASE("without any setting the defaults hold, and they are valid", "[infra][configuration]") {
  auto read = configured_by(nothing());
  CHECK(read.values.http_port == 8000);
  CHECK(read.values.sync_timeout == 60s);
  CHECK(read.values.roles == std::vector<std::string>{"edge", "recommender", "projector"});
  CHECK(read.values.has_role("projector"));
  CHECK(read.values.cors_origins == std::vector<std::string>{"http://localhost:3000"});
  for (const auto& each : read.shown) {
    CHECK(each.origin == "default");
    CHECK_FALSE(each.description.empty());
  }
}

TEST_CASE("a flag beats the environment, which beats .env, which beats the default",
          "[infra][configuration]") {
  tests::scratch_folder folder;
  auto sources = nothing();
  auto port = [&] {
    auto read = configured_by(sources);
    return std::pair{read.values.http_port, shown(read, "HTTP_PORT").origin};
  };
  CHECK(port() == std::pair<std::uint16_t, std::string>{8000, "default"});
  sources.dotenv_path = folder.write(".env", "HTTP_PORT=1\n");
  CHECK(port() == std::pair<std::uint16_t, std::string>{1, ".env"});
  sources.environment["HTTP_PORT"] = "2";
  CHECK(port() == std::pair<std::uint16_t, std::string>{2, "environment"});
  sources.command_line = {"--http-port", "3"};
  CHECK(port() == std::pair<std::uint16_t, std::string>{3, "flag"});
  sources.command_line = {"--http-port=4", "--http-port=5"};
  CHECK(port() == std::pair<std::uint16_t, std::string>{5, "flag"});
}

TEST_CASE("a stronger source hides a weaker one's mistake", "[infra][configuration]") {
  auto sources = nothing();
  sources.environment["HTTP_PORT"] = "many";
  sources.command_line = {"--http-port=1"};
  CHECK(configured_by(sources).values.http_port == 1);
}

TEST_CASE("what of the command line is no setting is left for the verb", "[infra][configuration]") {
  auto sources = nothing();
  sources.command_line = {"serve", "--http-port", "3", "--append", "file.json", "--x=y", "--", "-v"};
  CHECK(configured_by(sources).arguments
        == std::vector<std::string>{"serve", "--append", "file.json", "--x=y", "--", "-v"});
}

TEST_CASE("times have units", "[infra][configuration]") {
  const std::pair<std::string_view, std::chrono::milliseconds> known[] = {
    {"500ms", 500ms}, {"60s", 60s}, {"5m", 5min}, {"1.5s", 1500ms}};
  for (auto [text, time] : known) {
    auto sources = nothing();
    sources.environment["SYNC_TIMEOUT"] = text;
    CAPTURE(text);
    CHECK(configured_by(sources).values.sync_timeout == time);
  }
}

TEST_CASE("lists are split at commas, blanks aside", "[infra][configuration]") {
  auto sources = nothing();
  sources.environment["ROLES"] = " edge ,recommender,";
  sources.environment["CORS_ORIGINS"] = "";
  auto read = configured_by(sources);
  CHECK(read.values.roles == std::vector<std::string>{"edge", "recommender"});
  CHECK_FALSE(read.values.has_role("projector"));
  CHECK(read.values.cors_origins.empty());
}

TEST_CASE("each wrong value is refused naming setting and origin", "[infra][configuration]") {
  const std::pair<std::string_view, std::string_view> mistakes[] = {
    {"HTTP_PORT", "65536"},      {"HTTP_PORT", "-1"},   {"HTTP_PORT", ""},        {"HTTP_PORT", "80a"},
    {"HTTP_PORT", "80.5"},       {"HTTP_PORT", "nan"},  {"HTTP_PORT", "inf"},     {"HTTP_PORT", "1e300"},
    {"HTTP_PORT", " 80"},        {"HTTP_THREADS", "0"}, {"HTTP_THREADS", "65"},   {"SYNC_TIMEOUT", "60"},
    {"SYNC_TIMEOUT", "1ms"},     {"SYNC_TIMEOUT", "s"}, {"SYNC_TIMEOUT", "1h"},   {"SYNC_TIMEOUT", "0.5ms"},
    {"ROLES", "edge,bystander"}, {"ROLES", ""},         {"ROLES", ","},           {"LOG_FORMAT", "xml"},
    {"LOG_LEVEL", "loud"},       {"LOG_LEVEL", ""},     {"KAFKA_PARTITIONS", "0"}};
  for (auto [name, value] : mistakes) {
    CAPTURE(name, value);
    auto sources = nothing();
    sources.environment.emplace(name, value);
    CHECK(refusal(sources).find("\n  " + std::string{name} + " (environment) must ") != std::string::npos);
  }
}

TEST_CASE("every mistake of every source is listed at once", "[infra][configuration]") {
  tests::scratch_folder folder;
  auto sources = nothing();
  sources.dotenv_path = folder.write(".env", "garbage\n");
  sources.environment["HTTP_PORT"] = "many";
  sources.environment["LOG_FORMAT"] = "xml";
  sources.command_line = {"--roles=none", "--log-level"};
  auto detail = refusal(sources);
  CHECK(detail.find(sources.dotenv_path + ":1 ") != std::string::npos);
  CHECK(detail.find("HTTP_PORT (environment)") != std::string::npos);
  CHECK(detail.find("LOG_FORMAT (environment)") != std::string::npos);
  CHECK(detail.find("ROLES (flag)") != std::string::npos);
  CHECK(detail.find("--log-level needs a value") != std::string::npos);
  CHECK(std::count(detail.begin(), detail.end(), '\n') == 5);
}

TEST_CASE("a certificate needs its key, and a key its certificate", "[infra][configuration]") {
  for (std::string lone : {"TLS_CERTIFICATE_FILE", "TLS_KEY_FILE"}) {
    auto sources = nothing();
    sources.environment[lone] = "/etc/file.pem";
    CHECK(refusal(sources).find("TLS_CERTIFICATE_FILE and TLS_KEY_FILE need each other")
          != std::string::npos);
  }
  auto sources = nothing();
  sources.environment = {{"TLS_CERTIFICATE_FILE", "/etc/a.pem"}, {"TLS_KEY_FILE", "/etc/b.pem"}};
  CHECK(configured_by(sources).values.tls_key_file == "/etc/b.pem");
}

TEST_CASE("a secret is never shown, only whether it is set", "[infra][configuration]") {
  auto sources = nothing();
  sources.environment["DATABASE_URL"] = "postgresql://user:hunter2@host/db";
  auto read = configured_by(sources);
  CHECK(read.values.database_url == "postgresql://user:hunter2@host/db");
  CHECK(shown(read, "DATABASE_URL").value == "(set)");
  for (const auto& each : read.shown)
    CHECK((each.value + each.description + each.origin).find("hunter2") == std::string::npos);
  sources.environment["DATABASE_URL"] = "";
  CHECK(shown(configured_by(sources), "DATABASE_URL").value == "(not set)");
  sources.environment["DATABASE_URL"] = "postgresql://user:hunter2@host/db";
  sources.environment["HTTP_PORT"] = "x";
  CHECK(refusal(sources).find("hunter2") == std::string::npos);
}

TEST_CASE("the process's environment is what the system gave it", "[infra][configuration]") {
  REQUIRE(::setenv("SONICMATCH_TEST_VARIABLE", "a=b", 1) == 0);
  auto seen = infra::process_environment();
  CHECK(seen.at("SONICMATCH_TEST_VARIABLE") == "a=b");
  ::unsetenv("SONICMATCH_TEST_VARIABLE");
}

TEST_CASE("in production a secret of one's own has to be given", "[infra][configuration]") {
  auto in_production = [](std::map<std::string, std::string> settings) {
    auto sources = nothing();
    sources.environment = std::move(settings);
    sources.environment.emplace("ENVIRONMENT", "production");
    return sources;
  };
  CHECK(refusal(in_production({})).find("SECRET_KEY must be one of your own") != std::string::npos);
  auto short_one = refusal(in_production({{"SECRET_KEY", "only-a-few-bytes"}}));
  CHECK(short_one.find("SECRET_KEY must have at least 32 bytes") != std::string::npos);
  CHECK(short_one.find("only-a-few-bytes") == std::string::npos);
  auto good = configured_by(in_production({{"SECRET_KEY", std::string(32, 'k')}}));
  CHECK(good.values.secret_key == std::string(32, 'k'));
  CHECK(shown(good, "SECRET_KEY").value == "(set)");
  CHECK(configured_by(in_production({{"ROLES", "projector"}})).values.environment == "production");
  CHECK(configured_by(nothing()).values.secret_key == infra::example_secret_key);
}

TEST_CASE("former keys say of what kind they are, and are not shown", "[infra][configuration]") {
  auto sources = nothing();
  sources.environment = {{"JWT_FORMER_KEYS", "hs256:former-secret,eddsa:/keys/former.pem"}};
  auto read = configured_by(sources);
  CHECK(read.values.jwt_former_keys.size() == 2);
  CHECK(shown(read, "JWT_FORMER_KEYS").value == "(set)");
  sources.environment = {{"JWT_FORMER_KEYS", "former-secret"}};
  auto refused = refusal(sources);
  CHECK(refused.find("JWT_FORMER_KEYS") != std::string::npos);
  CHECK(refused.find("former-secret") == std::string::npos);
}

TEST_CASE("a time may be given in days", "[infra][configuration]") {
  CHECK(configured_by(nothing()).values.refresh_token_ttl == 30 * 24h);
}

TEST_CASE("trusted proxies are read as addresses and networks", "[infra][configuration]") {
  auto sources = nothing();
  CHECK(configured_by(sources).values.trusted_proxies.empty());
  sources.environment = {{"TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,2001:db8::/32"}};
  auto read = configured_by(sources).values.trusted_proxies;
  REQUIRE(read.size() == 3);
  CHECK(read[1].prefix_bits == 104);
  for (std::string wrong : {"nginx", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1,*"}) {
    sources.environment = {{"TRUSTED_PROXIES", wrong}};
    CHECK(refusal(sources).find("TRUSTED_PROXIES (environment) must be addresses or networks such as "
                                "10.0.0.0/8 or 2001:db8::/32")
          != std::string::npos);
  }
}

TEST_CASE("rates are read, and their defaults are those of the contract", "[infra][configuration]") {
  using sonicmatch::http::rate;
  auto sources = nothing();
  auto values = configured_by(sources).values;
  CHECK(values.rate_limit_recommend == rate{10, 1min});
  CHECK(values.rate_limit_explain == rate{20, 1min});
  CHECK(values.rate_limit_headphones == rate{100, 1min});
  CHECK(values.rate_limit_login == rate{10, 1min});
  sources.environment = {{"RATE_LIMIT_RECOMMEND", "0"}, {"RATE_LIMIT_LOGIN", "5/hour"}};
  values = configured_by(sources).values;
  CHECK(values.rate_limit_recommend.requests_max == 0);
  CHECK(values.rate_limit_login == rate{5, 1h});
  sources.environment = {{"RATE_LIMIT_EXPLAIN", "20 per minute"}};
  CHECK(refusal(sources).find("RATE_LIMIT_EXPLAIN (environment) must be a rate such as 10/second, 10/minute "
                              "or 10/hour, or 0, not \"20 per minute\"")
        != std::string::npos);
}
