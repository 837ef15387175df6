#include "http/routes/session_events.hpp"

#include "actors/ownership.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "http/problem.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/documentation.hpp"
#include "http/routes/routes.hpp"

#include <charconv>

namespace sonicmatch::http {

namespace {

using actors::session_answer;
using actors::session_news;
using events::stream_version;

/// How long a browser waits before it asks again.
constexpr std::string_view retry_line = "retry: 2000\n\n";

void write_event(std::string& out, std::string_view name, stream_version id, std::string_view data) {
  out.append("event: ").append(name);
  out.append("\nid: ").append(to_string(id));
  out.append("\ndata: ").append(data).append("\n\n"); // JSON is written without line breaks
}

/// The versions between the request and the end are calls of the language model.
void write_progress(std::string& out, const session_news& news, stream_version version) {
  session_progress said{news.now.id, "pending", version, std::nullopt, std::nullopt};
  if (version == stream_version{1}) {
    said.time = news.now.created_at;
    return write_event(out, "accepted", version, events::record::to_json(said));
  }
  said.status = "processing";
  if (version == news.now.version)
    said.time = news.time;
  if (version == stream_version{2})
    write_event(out, "processing", version, events::record::to_json(said));
  said.attempt = static_cast<int>(version.value) - 1;
  write_event(out, "language_model_attempt", version, events::record::to_json(said));
}

/// The word after the first `"status":` in a session's document, which is its own.
std::string_view status_in(std::string_view document) {
  constexpr std::string_view mark = R"("status":")";
  auto at = document.find(mark);
  if (at == std::string_view::npos)
    return {};
  document.remove_prefix(at + mark.size());
  return document.substr(0, document.find('"'));
}

/// What a client has read already, by Last-Event-ID: nothing when it is none of ours.
stream_version last_event_of(const request& asked) {
  stream_version out;
  auto text = asked.header("last-event-id").value_or(std::string_view{});
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  return failure == std::errc{} && end == text.data() + text.size() ? out : stream_version{};
}

void watch(const actors::edge& edge, const events::session_id& id,
           const std::optional<events::user_id>& asker, stream_version known, const stream_sink& sink) {
  static const auto retry = std::make_shared<const std::string>(retry_line);
  if (!sink->write(retry))
    return;
  auto watcher = std::make_shared<actors::session_watcher>();
  watcher->write = [sink](std::shared_ptr<const std::string> bytes) { return sink->write(std::move(bytes)); };
  watcher->end = [sink] { sink->end(); };
  caf::anon_send(edge, actors::watch_session{id, asker, known, &session_events_of, watcher});
  sink->on_closed([edge, id, weak = std::weak_ptr{watcher}] {
    if (auto gone = weak.lock()) {
      gone->is_closed = true;
      caf::anon_send(edge, actors::unwatch_session{id, std::move(gone)});
    }
  });
}

/// 204 says that nothing more will come, so that a browser does not ask again.
response opened(const route_parts& parts, const request& asked, const session_answer& found,
                const std::optional<events::user_id>& asker) {
  response made;
  auto known = last_event_of(asked);
  if (found.terminal && known >= found.version) {
    made.status = 204;
    made.content_type = {};
    return made;
  }
  made.content_type = "text/event-stream";
  if (asked.method() != method::head)
    made.stream = [edge = parts.edge, id = found.id, asker, known](const stream_sink& sink) {
      watch(edge, id, asker, known, sink);
    };
  return made;
}

void follow(const route_parts& parts, request asked, responder respond) {
  auto id = events::session_id::parse(asked.parameter("session_id"));
  if (!id)
    return respond(not_found(asked, "No session has this id; a session id is a UUID."));
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  auto answer = [parts, asked, respond, caller = *caller](const caf::expected<session_answer>& found) {
    if (!found)
      respond.fail(found.error());
    else if (!may_see(found->origin.user, caller))
      respond.fail(actors::no_such_session());
    else
      respond(opened(parts, asked, *found, caller));
  };
  caf::anon_send(parts.edge, actors::find_session{*id, std::move(answer), true});
}

constexpr std::string_view events_example =
  R"("retry: 2000\n\nid: 1\nevent: accepted\ndata: {\"session_id\":\"01a203ef-01e2-785e-a92d-5b2806dd8eef\",)"
  R"(\"status\":\"pending\",\"version\":1,\"time\":\"2026-11-24T18:20:31.074000Z\"}\n\n")";

operation described() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Follow a session's progress";
  out.description =
    "Server-sent events: `accepted`, `processing`, `language_model_attempt` (each a session_progress), "
    "then `complete` or `error` (each the session's document), and the stream ends. The id of an event is "
    "the version of the session's stream. What a client has missed is sent again after Last-Event-ID; "
    "204 when there is nothing more to come.";
  out.parameters.push_back(session_id_parameter());
  out.parameters.push_back({parameter_place::header,
                            "Last-Event-ID",
                            "the id of the last event that was read",
                            schema_of<std::string>,
                            {},
                            R"("2")"});
  out.answers = {{200, "The events, as they happen.", nullptr, events_example},
                 {204, "The session has ended, and the client knows how."}};
  out.problems = {401, 404, 503};
  out.takes_user = true;
  return out;
}

} // namespace

std::string session_events_of(const session_news& news) {
  std::string out;
  const auto& now = news.now;
  auto version = news.known.next();
  // What came between is not known of a session that ended before it was watched.
  auto is_whole = !now.terminal || news.known.next() == now.version;
  for (; version < now.version || (version == now.version && !now.terminal); version = version.next())
    if (is_whole || version == stream_version{1})
      write_progress(out, news, version);
  if (now.terminal && news.known < now.version)
    write_event(out, status_in(*now.document), now.version, *now.document);
  return out;
}

void add_session_event_routes(router& routes, const route_parts& parts) {
  route added{method::get, "/api/v1/recommendations/{session_id}/events", "follow_recommendation",
              asynchronous_handler{[parts](request asked, responder respond) {
                follow(parts, std::move(asked), std::move(respond));
              }}};
  added.produces = "text/event-stream";
  added.document = described();
  routes.add(std::move(added));
}

} // namespace sonicmatch::http
