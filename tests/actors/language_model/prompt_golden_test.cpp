#include "actors/language_model/comparison.hpp"
#include "actors/language_model/explanation.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

// The prompts as they go out, whole and for both providers. A change of one of these
// files is a change of what models are asked: raise prompt_version, delete the files,
// write them anew, and read the difference.

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

const std::filesystem::path folder = SONICMATCH_SOURCE_DIR "/tests/golden/language_model";

struct sample {
  std::string name;
  lm::provider_name provider;
  lm::instructions fixed;
  std::string question;
};

std::vector<events::session::match> sample_picks() {
  std::vector<events::session::match> out;
  for (const auto& each : sample_catalog()->views()) {
    out.push_back(sample_match(static_cast<int>(out.size()) + 1));
    out.back().headphone = each;
  }
  return out;
}

std::vector<sample> samples() {
  std::vector<sample> out;
  auto explained = sample_planar().id();
  for (auto provider : {lm::provider_name::anthropic, lm::provider_name::openai}) {
    std::string name{events::record::name_of(provider)};
    out.push_back({"prompt_" + name + "_recommendation", provider,
                   lm::recommendation_instructions(*sample_catalog()),
                   lm::recommendation_question(sample_preferences(), sample_candidates(), 2)});
    out.push_back({"prompt_" + name + "_explanation", provider, lm::explanation_instructions(),
                   lm::explanation_question(sample_preferences(), sample_picks(), explained,
                                            lm::compare(sample_picks(), explained))});
  }
  return out;
}

/// The version, so that it cannot be forgotten, and the body.
std::string rendered(const sample& wanted) {
  auto provider = lm::make_provider(sample_settings(wanted.provider));
  auto request =
    provider->request_of(provider->opening_of(wanted.fixed), {{lm::speaker::user, wanted.question}});
  return "prompt_version " + std::to_string(lm::prompt_version) + "\n\n" + *request.opening + request.rest
         + "\n";
}

std::filesystem::path file_of(const sample& wanted) {
  return folder / (wanted.name + ".txt");
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

TEST_CASE("what a model is asked is byte for byte what its golden file holds", "[language_model][golden]") {
  for (const auto& each : samples()) {
    CAPTURE(each.name);
    CHECK(rendered(each) == read_file(file_of(each)));
  }
}

// Not run by itself: language_model_tests "[write-golden]" writes the files that are missing.
// It never changes one that is there.
TEST_CASE("a new kind of prompt gets its golden file", "[.write-golden]") {
  for (const auto& each : samples()) {
    if (!std::filesystem::exists(file_of(each)))
      std::ofstream{file_of(each), std::ios::binary} << rendered(each);
    REQUIRE(std::filesystem::exists(file_of(each)));
  }
}
