#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
using events::stream_version;
using tests::code_in;
using tests::edge_fixture;
using tests::tailed;

namespace {

const auto id = tests::sample_id<events::session_id>();

std::size_t rendered = 0;

/// "from>to", with an exclamation mark when it is the end.
std::string render(const actors::session_news& news) {
  ++rendered;
  return to_string(news.known) + ">" + to_string(news.now.version) + (news.now.terminal ? "!" : "");
}

struct watcher {
  std::vector<std::shared_ptr<const std::string>> read;
  bool is_there = true;
  int ends = 0;
  actors::session_watcher_ptr handle = std::make_shared<actors::session_watcher>();

  watcher() {
    handle->write = [this](std::shared_ptr<const std::string> bytes) {
      read.push_back(std::move(bytes));
      return is_there;
    };
    handle->end = [this] { ++ends; };
  }
  watcher(const watcher&) = delete;

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const auto& each : read)
      out.push_back(*each);
    return out;
  }
};

using texts = std::vector<std::string>;

struct watched_edge : edge_fixture {
  explicit watched_edge(actors::edge_settings settings = {})
    : edge_fixture(std::move(settings)) {
    start();
    rendered = 0;
  }

  void watch(watcher& who, std::uint32_t known = 0, std::optional<events::user_id> asker = std::nullopt) {
    bench.tell(under_test, actors::watch_session{id, asker, {known}, &render, who.handle});
  }
  void requested() {
    read(tailed::events, {tests::event_record(id, tests::sample_requested(), 1, 1, 0)});
  }
  void called() {
    read(tailed::events, {tests::call_record(id, tests::sample_call_started(), 2, 2, 0)});
  }
  void completed() {
    read(tailed::events, {tests::event_record(id, tests::sample_completed(), 3, 3, 0)});
  }
};

} // namespace

TEST_CASE("a watcher is told what happens, as it happens, and ends with the session",
          "[actors][edge][watching]") {
  watched_edge edge;
  watcher one;
  edge.requested();
  edge.watch(one);
  CHECK(one.texts() == texts{"0>1"});
  edge.called();
  CHECK(one.texts() == texts{"0>1", "1>2"});
  CHECK(one.ends == 0);
  edge.completed();
  CHECK(one.texts() == texts{"0>1", "1>2", "2>3!"});
  CHECK(one.ends == 1);
}

TEST_CASE("a watcher goes on from what it knows", "[actors][edge][watching]") {
  watched_edge edge;
  edge.requested();
  edge.called();
  watcher behind, abreast, ahead;
  edge.watch(behind, 1);
  edge.watch(abreast, 2);
  edge.watch(ahead, 7);
  CHECK(behind.texts() == texts{"1>2"});
  CHECK(abreast.read.empty());
  edge.completed();
  CHECK(behind.texts() == texts{"1>2", "2>3!"});
  CHECK(abreast.texts() == texts{"2>3!"});
  CHECK(ahead.read.empty());
}

TEST_CASE("a session that has ended is told at once", "[actors][edge][watching]") {
  watched_edge edge;
  edge.completed();
  watcher one;
  edge.watch(one);
  CHECK(one.texts() == texts{"0>3!"});
  CHECK(one.ends == 1);
}

TEST_CASE("what is new is rendered once for all who watch", "[actors][edge][watching]") {
  watched_edge edge;
  edge.requested();
  std::vector<std::unique_ptr<watcher>> all;
  for (int i = 0; i < 1'000; ++i)
    edge.watch(*all.emplace_back(std::make_unique<watcher>()), 1);
  CHECK(rendered == 0);
  edge.called();
  edge.completed();
  CHECK(rendered == 2);
  for (const auto& each : all) {
    REQUIRE(each->read.size() == 2);
    CHECK(each->read[1] == all[0]->read[1]);
    CHECK(each->ends == 1);
  }
}

TEST_CASE("who is gone is told nothing more", "[actors][edge][watching]") {
  watched_edge edge;
  edge.requested();
  watcher leaves, breaks, stays, never_came;
  never_came.handle->is_closed = true;
  for (auto* each : {&leaves, &breaks, &stays, &never_came})
    edge.watch(*each, 1);
  edge.bench.tell(edge.under_test, actors::unwatch_session{id, leaves.handle});
  edge.bench.tell(edge.under_test, actors::unwatch_session{id, leaves.handle});
  breaks.is_there = false;
  edge.called();
  edge.completed();
  CHECK(leaves.read.empty());
  CHECK(never_came.read.empty());
  CHECK(breaks.read.size() == 1);
  CHECK(stays.read.size() == 2);
}

TEST_CASE("a session is looked for before it is watched", "[actors][edge][watching]") {
  watched_edge edge;
  watcher one;
  edge.watch(one);
  SECTION("and found in the read model") {
    edge.sessions->stored[id] = {"{}", {3}, true};
    edge.answer_ends(log_offset{0}, log_offset{0});
    CHECK(one.texts() == texts{"0>3!"});
  }
  SECTION("or not") {
    edge.answer_ends(log_offset{0}, log_offset{0});
    CHECK(one.read.empty());
  }
  CHECK(one.ends == 1);
}

TEST_CASE("a session of somebody else is not watched", "[actors][edge][watching]") {
  watched_edge edge;
  auto owner = tests::sample_id<events::user_id>(1);
  edge.read(tailed::events,
            {tests::with_origin(tests::event_record(id, tests::sample_requested(), 1, 1, 0), {owner, {}})});
  watcher stranger, anonymous, self;
  edge.watch(stranger, 0, tests::sample_id<events::user_id>(2));
  edge.watch(anonymous);
  edge.watch(self, 0, owner);
  CHECK(stranger.read.empty());
  CHECK(stranger.ends == 1);
  CHECK(anonymous.read.empty());
  CHECK(anonymous.ends == 1);
  CHECK(self.read.size() == 1);
}

TEST_CASE("only so many may watch", "[actors][edge][watching]") {
  actors::edge_settings settings;
  settings.watching.count_max = 1;
  watched_edge edge{settings};
  edge.requested();
  watcher one, another;
  edge.watch(one);
  edge.watch(another);
  CHECK(one.ends == 0);
  CHECK(another.ends == 1);
  CHECK(another.read.empty());
  auto refused = std::make_shared<edge_fixture::answers>();
  edge.bench.tell(edge.under_test,
                  actors::find_session{id, [refused](auto each) { refused->push_back(each); }, true});
  CHECK(code_in(*refused) == errc::overloaded);
}

TEST_CASE("nobody watches for ever", "[actors][edge][watching]") {
  actors::edge_settings settings;
  settings.watching.time_max = 5min;
  watched_edge edge{settings};
  edge.requested();
  watcher one;
  edge.watch(one);
  edge.advance(299s);
  CHECK(one.ends == 0);
  edge.advance(2s);
  CHECK(one.ends == 1);
}

TEST_CASE("a draining edge ends who watches", "[actors][edge][watching]") {
  watched_edge edge;
  edge.requested();
  watcher one, late;
  edge.watch(one);
  int drained = 0;
  edge.bench.tell(edge.under_test, actors::drain_edge{[&] { ++drained; }});
  CHECK(one.ends == 1);
  CHECK(drained == 1);
  edge.watch(late);
  CHECK(late.ends == 1);
}
