#include "events/codec.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

// The bytes of every published record version. A change here is a new version:
// see tests/golden/README.md.

using namespace sonicmatch;
using namespace sonicmatch::events;

namespace {

const std::filesystem::path folder = SONICMATCH_SOURCE_DIR "/tests/golden";

std::string file_name(std::string_view type_name) {
  return std::string{type_name} + ".json";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

/// Every type that is written, with what its golden file holds.
template <class Visit>
void for_each_published(Visit visit) {
  visit(session::command{session::request_recommendation{tests::sample_preferences(), 5,
                                                         tests::sample_time(std::chrono::seconds{60})}},
        decode_command);
  visit(session::command{session::erase_session{session::erasure_reason::account_deleted}}, decode_command);
  visit(session::fact{session::session_erased{session::erasure_reason::account_deleted}}, decode_event);
  visit(feedback::command{tests::sample_record_feedback()}, decode_command);
  visit(feedback::event{tests::sample_feedback_recorded()}, decode_event);
  visit(session::event{tests::sample_requested()}, decode_event);
  visit(session::event{tests::sample_completed()}, decode_event);
  visit(session::event{tests::sample_failed()}, decode_event);
  visit(explanation::command{tests::sample_request_explanation()}, decode_command);
  visit(explanation::event{tests::sample_explanation_requested()}, decode_event);
  visit(explanation::event{tests::sample_explanation_completed()}, decode_event);
  visit(explanation::event{tests::sample_explanation_failed()}, decode_event);
  visit(language_model::event{tests::sample_call_started()}, decode_event);
  visit(language_model::event{tests::sample_reply_recorded()}, decode_event);
  visit(language_model::event{tests::sample_call_failed()}, decode_event);
  visit(partition::event{partition::partition_claimed{"host-1"}}, decode_event);
  visit(partition::event{partition::partition_handed_off{"host-1", {tests::sample_id<call_id>(5)}}},
        decode_event);
  visit(catalog::event{catalog::headphone_listed{tests::sample_headphone()}}, decode_catalog_event);
  visit(catalog::event{catalog::headphone_revised{tests::sample_headphone()}}, decode_catalog_event);
  visit(catalog::event{catalog::headphone_retired{"sennheiser-hd-560s"}}, decode_catalog_event);
}

template <class Variant, std::size_t... I>
void insert_types(std::set<std::string>& out, std::index_sequence<I...>) {
  (out.insert(file_name(std::variant_alternative_t<I, Variant>::type_name)), ...);
}

template <class... Variants>
std::set<std::string> files_of() {
  std::set<std::string> out;
  (insert_types<Variants>(out, std::make_index_sequence<std::variant_size_v<Variants>>{}), ...);
  return out;
}

} // namespace

TEST_CASE("what is written today is byte for byte what was published", "[events][golden]") {
  for_each_published([](const auto& body, auto) {
    auto name = file_name(type_of(body));
    CAPTURE(name);
    CHECK(encode(tests::sample_envelope(), body) == read_file(folder / name));
  });
}

TEST_CASE("what was published is read forever", "[events][golden]") {
  for_each_published([](const auto& body, auto decode) {
    auto name = file_name(type_of(body));
    CAPTURE(name);
    auto decoded = decode(read_file(folder / name));
    REQUIRE(decoded);
    CHECK(decoded->head.id == tests::sample_envelope().id);
    using variant = std::decay_t<decltype(body)>;
    if constexpr (!std::is_same_v<std::decay_t<decltype(decoded->body)>, variant>)
      CHECK(std::get<variant>(decoded->body) == body);
    else
      CHECK(decoded->body == body);
  });
}

TEST_CASE("every record type has a golden file", "[events][golden]") {
  auto wanted =
    files_of<session::command, explanation::command, feedback::command, session::event, session::fact,
             explanation::event, feedback::event, language_model::event, partition::event, catalog::event>();
  for (const auto& name : wanted) {
    CAPTURE(name);
    CHECK(std::filesystem::exists(folder / name));
  }
  std::set<std::string> written;
  for_each_published([&](const auto& body, auto) { written.insert(file_name(type_of(body))); });
  CHECK(written == wanted);
}

TEST_CASE("every golden file is of a type that is still read", "[events][golden]") {
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator{folder}) {
    if (each.path().extension() != ".json")
      continue;
    ++files;
    auto bytes = read_file(each.path());
    CAPTURE(each.path());
    CHECK((decode_command(bytes) || decode_event(bytes) || decode_catalog_event(bytes)));
  }
  CHECK(files > 0);
}

TEST_CASE("a former version is read as what it would be today", "[events][golden]") {
  auto completed = decode_event(read_file(folder / "sonicmatch.recommendation_completed.v1.json"));
  REQUIRE(completed);
  auto expected = tests::sample_completed();
  expected.engine = "heuristic";
  expected.degraded = false;
  expected.degraded_reason.reset();
  expected.prompt_version.reset();
  expected.reused_call.reset();
  expected.calls = {};
  expected.preferences.reset();
  CHECK(std::get<session::recommendation_completed>(std::get<session::event>(completed->body)) == expected);
  CHECK(completed->head.type == "sonicmatch.recommendation_completed.v1");

  auto failed = decode_event(read_file(folder / "sonicmatch.recommendation_failed.v1.json"));
  REQUIRE(failed);
  auto expected_failure = tests::sample_failed();
  expected_failure.calls = {};
  expected_failure.prompt_version.reset();
  CHECK(std::get<session::recommendation_failed>(std::get<session::event>(failed->body)) == expected_failure);

  auto handed_off = decode_event(read_file(folder / "sonicmatch.partition_handed_off.v1.json"));
  REQUIRE(handed_off);
  CHECK(std::get<partition::partition_handed_off>(std::get<partition::event>(handed_off->body))
        == partition::partition_handed_off{"host-1", {}});
}

// Not run by itself: event_tests "[write-golden]" writes the files that are
// missing, for a new version. It never changes one that is there.
TEST_CASE("a new record type gets its golden file", "[.write-golden]") {
  for_each_published([](const auto& body, auto) {
    auto path = folder / file_name(type_of(body));
    if (!std::filesystem::exists(path))
      std::ofstream{path, std::ios::binary} << encode(tests::sample_envelope(), body) << '\n';
    REQUIRE(std::filesystem::exists(path));
  });
}
