#include "events/error.hpp"
#include "infra/wiring/language_model.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace sonicmatch;
using actors::language_model::provider_name;
using actors::language_model::provider_settings;
using actors::ports::severity;

namespace {

using environment = std::map<std::string, std::string>;

const std::string key = "sk-ant-a-key-that-nobody-may-see";
const events::timestamp today{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

/// What a process would ask, by its environment, and what its log says of that.
struct chosen {
  explicit chosen(environment values) {
    auto read = infra::configure({"/nowhere/.env", std::move(values), {}});
    REQUIRE(read);
    outcome = infra::language_model_of(read->values, today, log);
    for (const auto& [level, text] : log.lines)
      CHECK(text.find(key) == std::string::npos);
  }

  [[nodiscard]] const provider_settings& model() const {
    REQUIRE(outcome);
    REQUIRE(*outcome);
    return **outcome;
  }

  /// Nothing is asked, and one line at the level of information says why.
  void check_there_is_none(std::string_view why) const {
    REQUIRE(outcome);
    CHECK_FALSE(*outcome);
    REQUIRE(log.lines.size() == 1);
    CHECK(log.lines[0] == std::pair{severity::info, std::string{why}});
  }

  void check_one_warning(std::string_view part) const {
    auto count = std::count_if(log.lines.begin(), log.lines.end(), [&](const auto& line) {
      return line.first == severity::warning && line.second.find(part) != std::string::npos;
    });
    CAPTURE(part);
    CHECK(count == 1);
  }

  tests::recording_logger log;
  caf::expected<std::optional<provider_settings>> outcome{std::nullopt};
};

std::string refusal(const std::string& models_file) {
  chosen made{{{"ANTHROPIC_API_KEY", key}, {"LLM_MODELS_FILE", models_file}}};
  REQUIRE_FALSE(made.outcome);
  CHECK(events::code_of(made.outcome.error()) == events::errc::bad_configuration);
  return events::detail_of(made.outcome.error());
}

} // namespace

TEST_CASE("without a key or an address the heuristic engine recommends, and the log says so in one line",
          "[infra][wiring]") {
  chosen{{}}.check_there_is_none("without ANTHROPIC_API_KEY or LLM_BASE_URL the heuristic engine recommends");
  chosen{{{"LLM_PROVIDER", "openai"}, {"LLM_MODEL", "gpt-5"}}}.check_there_is_none(
    "without OPENAI_API_KEY or LLM_BASE_URL the heuristic engine recommends");
}

TEST_CASE("another provider's key is none", "[infra][wiring]") {
  chosen{{{"OPENAI_API_KEY", key}}}.check_there_is_none(
    "without ANTHROPIC_API_KEY or LLM_BASE_URL the heuristic engine recommends");
  chosen{{{"LLM_PROVIDER", "openai"}, {"LLM_MODEL", "gpt-5"}, {"ANTHROPIC_API_KEY", key}}}
    .check_there_is_none("without OPENAI_API_KEY or LLM_BASE_URL the heuristic engine recommends");
}

TEST_CASE("provider none asks no model, whatever keys there are", "[infra][wiring]") {
  chosen{{{"LLM_PROVIDER", "none"},
          {"ANTHROPIC_API_KEY", key},
          {"LLM_BASE_URL", "http://127.0.0.1:9009"},
          {"LLM_MODELS_FILE", "/nowhere/models.toml"}}}
    .check_there_is_none("LLM_PROVIDER is none: the heuristic engine recommends");
}

TEST_CASE("with a key the provider's own address is asked", "[infra][wiring]") {
  chosen anthropic{{{"ANTHROPIC_API_KEY", key}, {"LLM_MAX_TOKENS", "1000"}, {"LLM_TEMPERATURE", "0.25"}}};
  CHECK(anthropic.model().model.provider == provider_name::anthropic);
  CHECK(anthropic.model().model.id == "claude-opus-4-5");
  CHECK(anthropic.model().base_url == "https://api.anthropic.com");
  CHECK(anthropic.model().key == key);
  CHECK(anthropic.model().tokens_max == 1'000);
  CHECK(anthropic.model().temperature == 0.25);
  CHECK(anthropic.log.lines.empty());
  chosen openai{{{"LLM_PROVIDER", "openai"}, {"LLM_MODEL", "gpt-4.1"}, {"OPENAI_API_KEY", key}}};
  CHECK(openai.model().model.provider == provider_name::openai);
  CHECK(openai.model().model.id == "gpt-4.1");
  CHECK(openai.model().base_url == "https://api.openai.com");
  CHECK(openai.model().key == key);
}

TEST_CASE("a compatible server needs no key", "[infra][wiring]") {
  chosen made{{{"LLM_BASE_URL", "http://127.0.0.1:11434"}}};
  CHECK(made.model().base_url == "http://127.0.0.1:11434");
  CHECK(made.model().key.empty());
}

TEST_CASE("slashes at the end of an address are dropped", "[infra][wiring]") {
  CHECK(chosen{{{"LLM_BASE_URL", "http://127.0.0.1:11434/"}}}.model().base_url == "http://127.0.0.1:11434");
  CHECK(chosen{{{"LLM_BASE_URL", "https://models.example/proxy//"}}}.model().base_url
        == "https://models.example/proxy");
}

TEST_CASE("a model that is not in the table is asked, with a warning", "[infra][wiring]") {
  chosen made{{{"ANTHROPIC_API_KEY", key}, {"LLM_MODEL", "claude-of-tomorrow"}}};
  CHECK(made.model().model.id == "claude-of-tomorrow");
  CHECK_FALSE(made.model().model.known);
  CHECK(made.log.lines.size() == 1);
  made.check_one_warning("anthropic/claude-of-tomorrow is not in the model table");
}

TEST_CASE("a budget that cannot be kept is warned of, since the model's prices are unknown",
          "[infra][wiring]") {
  constexpr std::string_view warning = "LLM_BUDGET_USD_PER_DAY cannot be kept";
  chosen unknown{
    {{"ANTHROPIC_API_KEY", key}, {"LLM_MODEL", "claude-of-tomorrow"}, {"LLM_BUDGET_USD_PER_DAY", "5"}}};
  unknown.check_one_warning(warning);
  CHECK(unknown.log.lines.size() == 2);
  chosen priced{{{"ANTHROPIC_API_KEY", key}, {"LLM_BUDGET_USD_PER_DAY", "5"}}};
  CHECK_FALSE(priced.log.has(warning));
}

TEST_CASE("a table of models that is given replaces the built-in one", "[infra][wiring]") {
  tests::scratch_folder folder;
  auto path = folder.write("models.toml", "[[model]]\nprovider = 'anthropic'\nid = 'claude-of-tomorrow'\n"
                                          "structured_output = 'tool'\ntakes_temperature = false\n"
                                          "takes_forced_tool_choice = true\n");
  chosen made{{{"ANTHROPIC_API_KEY", key}, {"LLM_MODEL", "claude-of-tomorrow"}, {"LLM_MODELS_FILE", path}}};
  CHECK(made.model().model.known);
  CHECK_FALSE(made.model().model.takes_temperature);
  made.check_one_warning("has no prices of anthropic/claude-of-tomorrow");
}

TEST_CASE("a table of models that is wrong is refused with file and line", "[infra][wiring]") {
  tests::scratch_folder folder;
  auto path =
    folder.write("models.toml", "[[model]]\nprovider = 'acme'\nid = 'm'\nstructured_output = 'tool'\n"
                                "takes_temperature = false\ntakes_forced_tool_choice = true\n");
  CHECK(refusal(path) == path + ":2 provider: must be anthropic or openai");
  auto missing = (folder.path() / "none.toml").string();
  CHECK(refusal(missing) == missing + " cannot be read");
}
