#include "events/error.hpp"
#include "infra/configuration/configuration.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace sonicmatch;
using namespace std::chrono_literals;

namespace {

using environment = std::map<std::string, std::string>;

const std::string key = "sk-ant-a-key-that-nobody-may-see";

auto configure(environment values) {
  return infra::configure({"/nowhere/.env", std::move(values), {}});
}

infra::configuration configured_by(environment values) {
  auto read = configure(std::move(values));
  if (!read)
    FAIL(events::describe(read.error()));
  return read->values;
}

std::string refusal(environment values) {
  auto read = configure(std::move(values));
  REQUIRE_FALSE(read);
  CHECK(events::code_of(read.error()) == events::errc::bad_configuration);
  return events::detail_of(read.error());
}

/// The one mistake of a configuration that has no other.
std::string mistake(environment values) {
  constexpr std::string_view heading = "the configuration is wrong:\n  ";
  auto said = refusal(std::move(values));
  REQUIRE(said.starts_with(heading));
  return said.substr(heading.size());
}

} // namespace

TEST_CASE("without any setting Anthropic's model is asked, as soon as there is a key",
          "[infra][configuration]") {
  auto values = configured_by({});
  CHECK(values.llm_provider == "anthropic");
  CHECK(values.llm_model == "claude-opus-4-5");
  CHECK(values.llm_max_tokens == 4'000);
  CHECK(values.llm_temperature == 0.7);
  CHECK(values.llm_timeout == 30s);
  CHECK(values.llm_max_retries == 2);
  CHECK(values.llm_base_url.empty());
  CHECK(values.llm_max_concurrency == 100);
  CHECK(values.llm_queue_max == 2'000);
  CHECK(values.llm_budget_usd_per_day == 0);
  CHECK(values.llm_models_file.empty());
  CHECK(values.anthropic_api_key.empty());
  CHECK(values.openai_api_key.empty());
  CHECK(values.cache_ttl_query == 5min);
}

TEST_CASE("a temperature is any number from 0 to 2", "[infra][configuration]") {
  const std::pair<std::string_view, double> good[] = {
    {"0", 0}, {"2", 2}, {"1.25", 1.25}, {".5", 0.5}, {"3e-1", 0.3}};
  for (auto [text, number] : good) {
    CAPTURE(text);
    CHECK(configured_by({{"LLM_TEMPERATURE", std::string{text}}}).llm_temperature == number);
  }
  for (std::string text : {"2.01", "-0.1", "1e300"}) {
    CAPTURE(text);
    CHECK(mistake({{"LLM_TEMPERATURE", text}}) == "LLM_TEMPERATURE (environment) must be between 0 and 2");
  }
  for (std::string text : {"warm", "", "0,7", "0.7x", " 0.7", "nan", "inf"}) {
    CAPTURE(text);
    CHECK(mistake({{"LLM_TEMPERATURE", text}})
          == "LLM_TEMPERATURE (environment) must be a number, not \"" + text + "\"");
  }
}

TEST_CASE("a budget is in dollars and their fractions, and never negative", "[infra][configuration]") {
  CHECK(configured_by({{"LLM_BUDGET_USD_PER_DAY", "12.345678"}}).llm_budget_usd_per_day == 12.345678);
  CHECK(configured_by({{"LLM_BUDGET_USD_PER_DAY", "0"}}).llm_budget_usd_per_day == 0);
  for (std::string text : {"-0.01", "1000001"}) {
    CAPTURE(text);
    CHECK(mistake({{"LLM_BUDGET_USD_PER_DAY", text}})
          == "LLM_BUDGET_USD_PER_DAY (environment) must be between 0 and 1000000");
  }
  CHECK(mistake({{"LLM_BUDGET_USD_PER_DAY", "$5"}})
        == "LLM_BUDGET_USD_PER_DAY (environment) must be a number, not \"$5\"");
}

TEST_CASE("a queue has at least one place, since no call would ever be made without",
          "[infra][configuration]") {
  CHECK(configured_by({{"LLM_QUEUE_MAX", "1"}}).llm_queue_max == 1);
  CHECK(mistake({{"LLM_QUEUE_MAX", "0"}}) == "LLM_QUEUE_MAX (environment) must be between 1 and 1000000");
  CHECK(mistake({{"LLM_MAX_CONCURRENCY", "0"}})
        == "LLM_MAX_CONCURRENCY (environment) must be between 1 and 10000");
}

TEST_CASE("counts of calls and tokens are whole", "[infra][configuration]") {
  for (std::string name : {"LLM_MAX_TOKENS", "LLM_MAX_RETRIES", "LLM_MAX_CONCURRENCY", "LLM_QUEUE_MAX"}) {
    CAPTURE(name);
    CHECK(mistake({{name, "1.5"}}) == name + " (environment) must be a whole number, not \"1.5\"");
  }
}

TEST_CASE("a provider that nobody knows is refused, and none is one", "[infra][configuration]") {
  CHECK(configured_by({{"LLM_PROVIDER", "none"}}).llm_provider == "none");
  for (std::string word : {"Anthropic", "acme", ""}) {
    CAPTURE(word);
    CHECK(mistake({{"LLM_PROVIDER", word}})
          == "LLM_PROVIDER (environment) must be one of anthropic openai none, not \"" + word + "\"");
  }
}

TEST_CASE("OpenAI's models have no default, so that none of Anthropic's is asked of it",
          "[infra][configuration]") {
  CHECK(mistake({{"LLM_PROVIDER", "openai"}})
        == "LLM_MODEL must be given with LLM_PROVIDER=openai; the default is one of Anthropic's");
  auto values = configured_by({{"LLM_PROVIDER", "openai"}, {"LLM_MODEL", "gpt-5-mini"}});
  CHECK(values.llm_model == "gpt-5-mini");
  for (std::string model : {"", "gpt 5", "gpt-5\n"}) {
    CAPTURE(model);
    CHECK(mistake({{"LLM_PROVIDER", "openai"}, {"LLM_MODEL", model}})
          == "LLM_MODEL must name a model, without spaces");
  }
}

TEST_CASE("a base URL is a plain address of HTTP", "[infra][configuration]") {
  for (std::string url : {"http://127.0.0.1:11434", "https://models.example/proxy/", "http://[::1]:9009"}) {
    CAPTURE(url);
    CHECK(configured_by({{"LLM_BASE_URL", url}}).llm_base_url == url);
  }
  for (std::string url : {"127.0.0.1:11434", "ftp://models.example", "file:///etc/passwd", "HTTP"}) {
    CAPTURE(url);
    CHECK(mistake({{"LLM_BASE_URL", url}}) == "LLM_BASE_URL must begin with http:// or https://");
  }
  for (std::string url :
       {"https://me@models.example", "https://models.example?a=b", "https://models.example#a",
        "https://models.example/a b", "https://models.example\n"}) {
    CAPTURE(url);
    CHECK(mistake({{"LLM_BASE_URL", url}})
          == "LLM_BASE_URL must be a plain address, without a user, a query or spaces");
  }
}

TEST_CASE("a password in a base URL is not repeated by the refusal", "[infra][configuration]") {
  CHECK(refusal({{"LLM_BASE_URL", "https://me:hunter2@models.example"}}).find("hunter2")
        == std::string::npos);
}

TEST_CASE("of a key it is shown only whether it is set", "[infra][configuration]") {
  for (std::string name : {"ANTHROPIC_API_KEY", "OPENAI_API_KEY"}) {
    CAPTURE(name);
    auto value_with = [&](environment values) {
      auto read = configure(std::move(values));
      REQUIRE(read);
      std::string out;
      for (const auto& each : read->shown) {
        CHECK((each.value + each.description + each.origin).find(key) == std::string::npos);
        if (each.name == name)
          out = each.value;
      }
      return out;
    };
    CHECK(value_with({{name, key}}) == "(set)");
    CHECK(value_with({{name, ""}}) == "(not set)");
    CHECK(value_with({}) == "(not set)");
  }
  CHECK(configured_by({{"ANTHROPIC_API_KEY", key}}).anthropic_api_key == key);
  CHECK(configured_by({{"OPENAI_API_KEY", key}}).openai_api_key == key);
}

TEST_CASE("no refusal shows a key, be it good or what is refused", "[infra][configuration]") {
  for (std::string name : {"ANTHROPIC_API_KEY", "OPENAI_API_KEY"}) {
    CAPTURE(name);
    CHECK(refusal({{name, key}, {"LLM_PROVIDER", "acme"}}).find(key) == std::string::npos);
    for (const auto& bad : {key + " ", key + "\r\n", "\xc3\xa9" + key, key + '\x7f'}) {
      CHECK(mistake({{name, bad}}) == name + " must be printable and without spaces");
    }
  }
}
