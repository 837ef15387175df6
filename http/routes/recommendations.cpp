#include "actors/ownership.hpp"
#include "events/error.hpp"
#include "events/record/reader.hpp"
#include "events/session/commands.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/documentation.hpp"
#include "http/routes/reading.hpp"
#include "http/routes/routes.hpp"
#include "http/routes/waiting.hpp"

#include <array>

namespace sonicmatch::http {

namespace {

namespace record = events::record;
namespace session = events::session;

enum class answer_mode : std::uint8_t { sync, async };
constexpr auto names(answer_mode) {
  return std::array<std::string_view, 2>{"sync", "async"};
}

/// The body of POST /recommend.
struct recommend_request {
  session::preferences preferences;
  answer_mode mode = answer_mode::sync;
  int max_results = 5;

  static constexpr std::string_view record_name = "recommend_request";
  static constexpr auto declaration() {
    using record::field;
    using r = recommend_request;
    return record::fields(field("preferences", &r::preferences),
                          field("mode", &r::mode).defaulted().doc("sync waits for the answer"),
                          field("max_results", &r::max_results)
                            .defaulted()
                            .range(1, session::max_results_limit)
                            .doc("how many picks, at most"));
  }
};

/// Whether the object is a request, and not the bare preferences that the first
/// frontend posts: it has a field that preferences do not have.
bool is_wrapped(simdjson::dom::element root) {
  simdjson::dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS)
    return true;
  bool has_preference = false;
  for (auto [key, value] : object) {
    if (key == "preferences" || key == "mode" || key == "max_results")
      return true;
    has_preference = true;
  }
  return !has_preference;
}

std::optional<recommend_request> read_request(std::string_view body, record::violations& wrong) {
  auto root = record::parse(body, wrong);
  if (!root)
    return std::nullopt;
  if (is_wrapped(*root))
    return record::read<recommend_request>(*root, wrong, record::unknown_fields::refuse);
  recommend_request bare;
  auto preferences = record::read<session::preferences>(*root, wrong, record::unknown_fields::refuse);
  if (!preferences)
    return std::nullopt;
  bare.preferences = std::move(*preferences);
  return bare;
}

std::string etag_of(const actors::session_answer& answer) {
  return '"' + to_string(answer.version) + '"';
}

response document_response(const actors::session_answer& answer, const request& asked) {
  auto etag = etag_of(answer);
  auto made = json_response(answer.document);
  if (matches_etag(asked, etag)) {
    made = response{};
    made.status = 304;
    made.content_type = {};
  }
  made.headers.push_back({"ETag", std::move(etag)});
  if (!answer.terminal)
    made.headers.push_back({"Retry-After", "1"});
  return made;
}

/// 200 with the ended session; 202 with where it will be while it has not ended.
response recommended(const actors::session_answer& answer, const events::session_id& id) {
  auto made = json_response(answer.document);
  if (answer.terminal)
    return made;
  made.status = 202;
  made.headers.push_back({"Location", "/api/v1/recommendations/" + to_string(id)});
  made.headers.push_back({"Retry-After", "1"});
  return made;
}

void recommend(const route_parts& parts, request asked, responder respond) {
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  record::violations wrong;
  auto wanted = read_request(asked.body(), wrong);
  if (!wanted)
    return respond(refuse(wrong, asked));
  auto key = idempotency_key_of(asked);
  if (!key)
    return respond.fail(key.error());
  auto preferred = preferred_waiting_of(asked);
  actors::submit_recommendation order;
  order.preferences = std::move(wanted->preferences);
  order.max_results = wanted->max_results;
  order.wait = preferred.waits(wanted->mode == answer_mode::sync);
  order.wait_max = preferred.wait;
  order.traceparent = asked.traceparent();
  order.user = *caller;
  order.idempotency_key = std::move(*key);
  order.answer = [respond, preferred](caf::expected<actors::session_answer> answer) {
    if (!answer)
      return respond.fail(answer.error());
    auto made = recommended(*answer, answer->id);
    note_preference(made, preferred);
    respond(std::move(made));
  };
  caf::anon_send(parts.edge, std::move(order));
}

void find_recommendation(const route_parts& parts, request asked, responder respond) {
  auto id = events::session_id::parse(asked.parameter("session_id"));
  if (!id)
    return respond(not_found(asked, "No session has this id; a session id is a UUID."));
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  auto answer = [respond, asked, caller = *caller](const caf::expected<actors::session_answer>& found) {
    if (!found)
      respond.fail(found.error());
    else if (!may_see(found->origin.user, caller))
      respond.fail(actors::no_such_session());
    else
      respond(document_response(*found, asked));
  };
  if (auto known = parts.sessions->find(*id, parts.clock->now()))
    return answer(std::move(*known));
  caf::anon_send(parts.edge, actors::find_session{*id, std::move(answer)});
}

operation recommend_operation() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Recommend headphones";
  out.description = "Wishes in, picks out, best first. The preferences may stand alone, as the whole body. "
                    "With `mode` async, or when the result is not there in time, 202 says where it will be. "
                    "When nothing in the catalog meets the hard constraints, `matches` is empty and "
                    "`relaxations` are the smallest changes that would give some. A repeat with the same "
                    "Idempotency-Key and payload gets the same session and its answer, for 24 hours.";
  out.takes_user = true;
  out.parameters = {prefer_parameter(), idempotency_key_parameter()};
  out.body = {schema_of<recommend_request>, example_of("recommend_request"), schema_of<session::preferences>};
  operation_link found{"find_recommendation", "session_id", "$response.body#/session_id"};
  operation_link explained{"explain",
                           {},
                           R"({"session_id":"$response.body#/session_id",)"
                           R"("headphone_id":"$response.body#/matches/0/headphone/id"})"};
  out.answers = {{200,
                  "The session, ended.",
                  schema_of<session::document>,
                  example_of("recommendation"),
                  {"Preference-Applied"},
                  {found, explained}},
                 {202,
                  "Accepted, and not ended yet.",
                  schema_of<session::document>,
                  example_of("recommendation_pending"),
                  {"Location", "Retry-After", "Preference-Applied"},
                  {found}}};
  return out;
}

operation find_operation() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Find a session";
  out.description = "The session as it is now. An id that was given out is found even while what it names is "
                    "still on its way.";
  out.takes_user = true;
  out.parameters = {session_id_parameter(), if_none_match_parameter()};
  out.answers = {
    {200,
     "The session.",
     schema_of<session::document>,
     example_of("recommendation"),
     {"ETag", "Retry-After"}},
    {304, "The session is still as If-None-Match names it.", nullptr, {}, {"ETag", "Retry-After"}}};
  out.problems = {404};
  return out;
}

} // namespace

void add_recommendation_routes(router& routes, const route_parts& parts) {
  routes.post(
    "/api/v1/recommend", "recommend",
    [parts](request asked, responder respond) { recommend(parts, std::move(asked), std::move(respond)); },
    recommend_operation());
  routes.get(
    "/api/v1/recommendations/{session_id}", "find_recommendation",
    [parts](request asked, responder respond) {
      find_recommendation(parts, std::move(asked), std::move(respond));
    },
    find_operation());
}

} // namespace sonicmatch::http
