#include "events/error.hpp"
#include "http/routes/session_events.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using events::stream_version;
using tests::asking;
using tests::route_fixture;

namespace {

const auto id = tests::sample_id<events::session_id>();
const auto owner = tests::sample_id<events::user_id>(1);

actors::session_answer answer(std::uint32_t version, bool terminal, std::string status = "complete") {
  auto document = R"({"session_id":"x","status":")" + (terminal ? status : "pending") + R"(","n":1})";
  actors::session_answer out{id, std::make_shared<const std::string>(document), {version}, terminal};
  out.created_at = tests::sample_time();
  return out;
}

std::string text(std::uint32_t known, const actors::session_answer& now) {
  return http::session_events_of({now, {known}, tests::sample_time(std::chrono::seconds{2})});
}

/// The names and ids of events in order: "accepted 1, complete 2".
std::string outline(std::string_view events) {
  std::string out;
  while (!events.empty()) {
    auto line = events.substr(0, events.find('\n'));
    events.remove_prefix(line.size() + 1);
    if (line.starts_with("event: "))
      out += (out.empty() ? "" : ", ") + std::string{line.substr(7)};
    if (line.starts_with("id: "))
      out += " " + std::string{line.substr(4)};
  }
  return out;
}

asking events_of(std::string last = {}) {
  asking out{http::method::get, "/api/v1/recommendations/" + to_string(id) + "/events", {}};
  if (!last.empty())
    out.fields.emplace_back("Last-Event-ID", last);
  return out;
}

struct kept_stream final : http::open_stream {
  bool write(std::shared_ptr<const std::string> bytes) override {
    text += *bytes;
    return is_open;
  }
  void end() override {
    is_open = false;
  }
  void on_closed(std::function<void()> closed) override {
    on_close = std::move(closed);
  }

  std::string text;
  bool is_open = true;
  std::function<void()> on_close;
};

/// What the route answers once the edge has found the session.
http::response opened(route_fixture& routes, const asking& asked, const actors::session_answer& found) {
  auto kept = routes.ask(asked);
  REQUIRE(routes.told.searches.size() == 1);
  CHECK(routes.told.searches[0].to_watch);
  routes.told.searches[0].answer(found);
  REQUIRE(kept->answer_);
  return *kept->answer_;
}

} // namespace

TEST_CASE("progress is told event by event", "[http][session_events]") {
  CHECK(outline(text(0, answer(0, false))).empty());
  CHECK(outline(text(0, answer(1, false))) == "accepted 1");
  CHECK(outline(text(1, answer(2, false))) == "processing 2, language_model_attempt 2");
  CHECK(outline(text(2, answer(3, false))) == "language_model_attempt 3");
  CHECK(outline(text(3, answer(4, true))) == "complete 4");
  CHECK(outline(text(3, answer(4, true, "error"))) == "error 4");
}

TEST_CASE("who comes late is told what came before", "[http][session_events]") {
  CHECK(outline(text(0, answer(3, false)))
        == "accepted 1, processing 2, language_model_attempt 2, language_model_attempt 3");
  CHECK(outline(text(0, answer(4, true))) == "accepted 1, complete 4");
  CHECK(outline(text(1, answer(4, true))) == "complete 4");
  CHECK(outline(text(4, answer(4, true))).empty());
  CHECK(outline(text(9, answer(4, true))).empty());
}

TEST_CASE("an event's data is a record, and that of the end the session's document",
          "[http][session_events]") {
  auto first = "event: accepted\nid: 1\ndata: {\"session_id\":\"" + to_string(id)
               + R"(","status":"pending","version":1,"time":"2026-11-22T14:15:39.000000Z"})" + "\n\n";
  CHECK(text(0, answer(1, false)) == first);
  auto attempt = "event: language_model_attempt\nid: 3\ndata: {\"session_id\":\"" + to_string(id)
                 + R"(","status":"processing","version":3,"attempt":2,"time":"2026-11-22T14:15:41.000000Z"})"
                 + "\n\n";
  CHECK(text(2, answer(3, false)) == attempt);
  auto end = answer(4, true);
  CHECK(text(3, end) == "event: complete\nid: 4\ndata: " + *end.document + "\n\n");
}

TEST_CASE("a session's stream is watched until it is closed", "[http][session_events]") {
  route_fixture routes;
  auto made = opened(routes, events_of("1"), answer(1, false));
  CHECK(made.status == 200);
  CHECK(made.content_type == "text/event-stream");
  REQUIRE(made.stream);
  auto sink = std::make_shared<kept_stream>();
  made.stream(sink);
  routes.settle();
  CHECK(sink->text == "retry: 2000\n\n");
  REQUIRE(routes.told.watches.size() == 1);
  const auto& watch = routes.told.watches[0];
  CHECK(watch.id == id);
  CHECK(watch.known == stream_version{1});
  CHECK(watch.watcher->write(std::make_shared<const std::string>("bytes")));
  CHECK(sink->text == "retry: 2000\n\nbytes");
  sink->on_close();
  routes.settle();
  CHECK(watch.watcher->is_closed);
  REQUIRE(routes.told.unwatches.size() == 1);
  CHECK(routes.told.unwatches[0].watcher == watch.watcher);
  watch.watcher->end();
  CHECK_FALSE(sink->is_open);
}

TEST_CASE("a client that knows the end is told to stop asking", "[http][session_events]") {
  for (auto last : {"4", "5"}) {
    route_fixture routes;
    auto made = opened(routes, events_of(last), answer(4, true));
    CHECK(made.status == 204);
    CHECK_FALSE(made.stream);
  }
  for (auto last : {"", "3", "x", "-1"}) {
    route_fixture routes;
    CHECK(opened(routes, events_of(last), answer(4, true)).stream);
  }
}

TEST_CASE("what cannot be followed is refused", "[http][session_events]") {
  route_fixture routes;
  CHECK(routes.answer({http::method::get, "/api/v1/recommendations/1/events", {}}).status == 404);
  auto kept = routes.ask(events_of());
  routes.told.searches.at(0).answer(events::make_error(events::errc::overloaded, "full"));
  REQUIRE(kept->failure_);
  CHECK(events::code_of(*kept->failure_) == events::errc::overloaded);
  kept = routes.ask(events_of());
  auto found = answer(1, false);
  found.origin.user = owner;
  routes.told.searches.at(1).answer(found);
  REQUIRE(kept->failure_);
  CHECK(events::code_of(*kept->failure_) == events::errc::not_found);
}
