#include "tests/actors/language_model/wire_samples.hpp"

#include <simdjson.h>

#include <filesystem>
#include <fstream>
#include <iterator>

// Whole requests, byte for byte, as tests/golden/language_model holds them. A change here is a
// change of what the providers are sent: delete the file, write it anew and read the difference.

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

const std::filesystem::path folder = SONICMATCH_SOURCE_DIR "/tests/golden/language_model";

struct sample {
  std::string name;
  lm::provider_settings settings;
  std::vector<lm::turn> said;
};

std::vector<lm::turn> question() {
  return {{lm::speaker::user, R"({"wishes":"warm, for the train","budget_max_usd":300})"}};
}

std::vector<lm::turn> repair() {
  auto out = question();
  out.push_back({lm::speaker::assistant, R"({"picks":["no-such-headphone"]})"});
  out.push_back({lm::speaker::user, "\"no-such-headphone\" is no candidate.\nAnswer again."});
  return out;
}

std::vector<sample> samples() {
  using enum lm::structured_output;
  std::vector<sample> out;
  for (auto provider : {lm::provider_name::anthropic, lm::provider_name::openai}) {
    std::string name{events::record::name_of(provider)};
    out.push_back({name + "_schema", sample_settings(provider, schema), question()});
    out.push_back({name + "_tool", sample_settings(provider, tool), question()});
    out.push_back({name + "_repair", sample_settings(provider, schema), repair()});
    // What the newest models refuse is left out of what they are sent.
    out.push_back({name + "_tool_unforced", sample_settings(provider, tool), question()});
    out.back().settings.model.takes_temperature = false;
    out.back().settings.model.takes_forced_tool_choice = false;
  }
  return out;
}

ports::http_request request_for(const sample& wanted) {
  auto provider = lm::make_provider(wanted.settings);
  return provider->request_of(provider->opening_of(sample_instructions()), wanted.said);
}

/// The request as HTTP would show it, with the key replaced.
std::string rendered(const ports::http_request& request) {
  auto out = "POST " + request.url + "\n";
  for (const auto& [name, value] : request.headers)
    out += name + ": " + value + "\n";
  if (auto at = out.find(sample_key); at != std::string::npos)
    out.replace(at, sample_key.size(), "KEY");
  return out + "\n" + *request.opening + request.rest + "\n";
}

std::filesystem::path file_of(const sample& wanted) {
  return folder / (wanted.name + ".http");
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

TEST_CASE("what a provider is sent is byte for byte what its golden file holds", "[language_model][golden]") {
  for (const auto& each : samples()) {
    CAPTURE(each.name);
    CHECK(rendered(request_for(each)) == read_file(file_of(each)));
    CHECK(lm::make_provider(each.settings)->settings().model == each.settings.model);
  }
}

TEST_CASE("a request's body is JSON, and no key is in it", "[language_model]") {
  for (const auto& each : samples()) {
    CAPTURE(each.name);
    auto request = request_for(each);
    auto body = *request.opening + request.rest;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    REQUIRE(parser.parse(body).get(root) == simdjson::SUCCESS);
    std::string_view model;
    CHECK(root["model"].get(model) == simdjson::SUCCESS);
    CHECK(model == each.settings.model.id);
    CHECK(body.find(sample_key) == std::string::npos);
    CHECK(request.url.find(sample_key) == std::string::npos);
  }
}

TEST_CASE("the same instructions open a request with the same bytes, whoever is asked what",
          "[language_model]") {
  for (const auto& each : samples()) {
    CAPTURE(each.name);
    auto first = lm::make_provider(each.settings)->opening_of(sample_instructions());
    auto again = lm::make_provider(each.settings)->opening_of(sample_instructions());
    CHECK(*first == *again);
    auto provider = lm::make_provider(each.settings);
    CHECK(provider->request_of(first, question()).opening == first); // shared, not copied
    CHECK(provider->request_of(first, repair()).opening == first);
  }
}

TEST_CASE("without a key no header asks for one", "[language_model]") {
  for (auto each : samples()) {
    CAPTURE(each.name);
    each.settings.key.clear();
    for (const auto& [name, value] : request_for(each).headers) {
      CHECK(name != "x-api-key");
      CHECK(name != "authorization");
    }
  }
}

TEST_CASE("an empty answer is quoted as such, since Anthropic refuses a turn without text",
          "[language_model]") {
  auto provider = lm::make_anthropic(sample_settings(lm::provider_name::anthropic));
  auto said = repair();
  said[1].text = " \n";
  auto request = provider->request_of(provider->opening_of(sample_instructions()), said);
  CHECK(request.rest.find(R"-({"role":"assistant","content":"(an empty answer)"})-") != std::string::npos);
}

// Not run by itself: language_model_tests "[write-golden]" writes the files that are missing.
// It never changes one that is there.
TEST_CASE("a new kind of request gets its golden file", "[.write-golden]") {
  for (const auto& each : samples()) {
    if (!std::filesystem::exists(file_of(each)))
      std::ofstream{file_of(each), std::ios::binary} << rendered(request_for(each));
    REQUIRE(std::filesystem::exists(file_of(each)));
  }
}
