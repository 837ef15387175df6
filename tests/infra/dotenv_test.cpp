#include "events/error.hpp"
#include "infra/configuration/dotenv.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace sonicmatch;
using infra::read_dotenv;

namespace {

using values = std::map<std::string, std::string>;

values read_text(std::string_view text) {
  tests::scratch_folder folder;
  auto read = read_dotenv(folder.write(".env", text));
  REQUIRE(read);
  return *read;
}

} // namespace

TEST_CASE("a .env file that is not there is empty", "[infra][dotenv]") {
  tests::scratch_folder folder;
  auto read = read_dotenv((folder.path() / ".env").string());
  REQUIRE(read);
  CHECK(read->empty());
  CHECK(read_text("").empty());
}

TEST_CASE("a .env file has lines of NAME=VALUE, comments and blanks", "[infra][dotenv]") {
  CHECK(read_text("# a comment\n\n  \t\nA=1\n B_2 = two words \nexport C=3\nD=\nE=a=b\r\nF=last")
        == values{{"A", "1"}, {"B_2", "two words"}, {"C", "3"}, {"D", ""}, {"E", "a=b"}, {"F", "last"}});
}

TEST_CASE("quotes keep blanks and number signs, and nothing is expanded", "[infra][dotenv]") {
  CHECK(read_text("A=\" x # y \"\nB='$HOME \"quoted\"'\nC=\"\"\nD=\"a\" # why\n")
        == values{{"A", " x # y "}, {"B", "$HOME \"quoted\""}, {"C", ""}, {"D", "a"}});
}

TEST_CASE("a comment begins at a number sign after a blank", "[infra][dotenv]") {
  CHECK(read_text("A=1 # one\nB=#2\nC=a#b") == values{{"A", "1"}, {"B", "#2"}, {"C", "a#b"}});
}

TEST_CASE("the last of two lines with one name counts", "[infra][dotenv]") {
  CHECK(read_text("A=1\nA=2") == values{{"A", "2"}});
}

TEST_CASE("a line that is none is refused with file and line", "[infra][dotenv]") {
  for (auto line : {"nothing", "=1", "1A=1", "A-B=1", "A B=1", "export", "A=\"open", "A='open"}) {
    CAPTURE(line);
    tests::scratch_folder folder;
    auto path = folder.write(".env", std::string{"# first\nA=1\n"} + line + "\nB=2\n");
    auto read = read_dotenv(path);
    REQUIRE_FALSE(read);
    CHECK(events::code_of(read.error()) == events::errc::bad_configuration);
    CHECK(events::detail_of(read.error()).find(path + ":3 ") != std::string::npos);
  }
}

TEST_CASE("every wrong line of a .env file is named at once", "[infra][dotenv]") {
  tests::scratch_folder folder;
  auto path = folder.write(".env", "nothing\nA=1\nB=\"open\n");
  auto read = read_dotenv(path);
  REQUIRE_FALSE(read);
  auto detail = events::detail_of(read.error());
  CHECK(detail.find(path + ":1 ") != std::string::npos);
  CHECK(detail.find(path + ":3 ") != std::string::npos);
  CHECK(detail.find(path + ":2 ") == std::string::npos);
}
