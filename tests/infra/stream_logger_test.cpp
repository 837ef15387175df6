#include "events/ids.hpp"
#include "infra/logging/stream_logger.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

#include <simdjson.h>

#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace sonicmatch;
using actors::ports::severity;
using infra::log_format;

namespace {

/// What `act` writes to standard error, line by line.
template <class Action>
std::vector<std::string> lines_of(Action act) {
  tests::scratch_folder folder;
  auto path = folder.write("lines", "");
  std::fflush(stderr);
  auto kept = ::dup(STDERR_FILENO);
  auto file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDERR_FILENO);
  act();
  std::fflush(stderr);
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(file);
  std::ifstream in{path};
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

/// One line in JSON, and the value of its member.
struct json_line {
  explicit json_line(const std::string& line) {
    simdjson::dom::element root;
    valid = parser.parse(line).get(root) == simdjson::SUCCESS && root.get_object().get(object) == 0;
  }
  std::string operator[](std::string_view name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string{text} : "(missing)";
  }

  simdjson::dom::parser parser;
  simdjson::dom::object object;
  bool valid = false;
};

} // namespace

TEST_CASE("a JSON line holds time, level, message and fields", "[infra][logging]") {
  auto lines = lines_of([] {
    auto log = infra::make_stream_logger(log_format::json, severity::info);
    log->warning("a partition was lost", {{"partition", "3"}, {"error", "why"}});
  });
  REQUIRE(lines.size() == 1);
  json_line line{lines[0]};
  REQUIRE(line.valid);
  CHECK(line["level"] == "warning");
  CHECK(line["message"] == "a partition was lost");
  CHECK(line["partition"] == "3");
  CHECK(line["error"] == "why");
  CHECK(events::parse_timestamp(line["time"]));
}

TEST_CASE("whatever is logged, a line is one line of valid JSON", "[infra][logging]") {
  using namespace std::string_literals;
  const std::string nasty[] = {"a\nb\r\n",     "\"}{",         "{} {0} %v %+", "\0"s,
                               "\x1b[31m",     "caf\xc3\xa9",  "\xff\xfe",     "\xc3",
                               "\xed\xa0\x80", "\xf0\x9f\x8e", "\\u",          std::string(5'000, 'x')};
  for (const auto& text : nasty) {
    auto lines = lines_of([&] {
      auto log = infra::make_stream_logger(log_format::json, severity::info);
      log->error(text, {{"key", text}});
    });
    CAPTURE(text);
    REQUIRE(lines.size() == 1);
    json_line line{lines[0]};
    CHECK(line.valid);
    CHECK(line["message"] == line["key"]);
    CHECK(line["key"] != "(missing)");
  }
}

TEST_CASE("valid text reaches the log unchanged", "[infra][logging]") {
  const std::string text = "caf\xc3\xa9 \xf0\x9f\x8e\xa7 \"quoted\"\n";
  auto lines = lines_of([&] {
    infra::make_stream_logger(log_format::json, severity::info)->info("m", {{"key", text}});
  });
  REQUIRE(lines.size() == 1);
  CHECK(json_line{lines[0]}["key"] == text);
}

TEST_CASE("lines below the least severity are dropped", "[infra][logging]") {
  auto lines = lines_of([] {
    auto log = infra::make_stream_logger(log_format::json, severity::warning);
    log->debug("1");
    log->info("2");
    log->warning("3");
    log->error("4");
  });
  REQUIRE(lines.size() == 2);
  CHECK(json_line{lines[0]}["message"] == "3");
  CHECK(json_line{lines[1]}["level"] == "error");
}

TEST_CASE("a readable line holds message and fields, and stays one line", "[infra][logging]") {
  auto lines = lines_of([] {
    auto log = infra::make_stream_logger(log_format::text, severity::debug);
    log->info("owns a partition", {{"partition", "3"}, {"error", "first\nsecond"}});
  });
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("owns a partition") != std::string::npos);
  CHECK(lines[0].find("partition=3") != std::string::npos);
}

TEST_CASE("lines of several threads do not mix", "[infra][logging]") {
  auto lines = lines_of([] {
    auto log = infra::make_stream_logger(log_format::json, severity::info);
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
      writers.emplace_back([&] {
        for (int n = 0; n < 200; ++n)
          log->info("line", {{"text", std::string(300, 'x')}});
      });
    for (auto& each : writers)
      each.join();
  });
  CHECK(lines.size() == 800);
  for (const auto& each : lines)
    REQUIRE(json_line{each}.valid);
}
