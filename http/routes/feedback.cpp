#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "http/routes/body.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/documentation.hpp"
#include "http/routes/routes.hpp"

namespace sonicmatch::http {

namespace {

namespace record = events::record;
namespace feedback = events::feedback;

/// The body of POST /recommendations/{session_id}/feedback.
struct feedback_request {
  std::string headphone;
  feedback::kind kind = feedback::kind::viewed;
  std::optional<int> rating;

  static constexpr std::string_view record_name = "feedback_request";
  static constexpr auto declaration() {
    using record::field;
    using r = feedback_request;
    return record::fields(
      field("headphone_id", &r::headphone).size(1, 80).doc("one of the session's matches, by id or by slug"),
      field("kind", &r::kind).doc("what was done with it"),
      field("rating", &r::rating).range(1, feedback::rating_max).doc("with kind rated, and with no other"));
  }

  static void check(const feedback_request& value, const std::string& at, record::violations& wrong) {
    feedback::check_rating(value.kind, value.rating, at, wrong);
  }
};

enum class feedback_status : std::uint8_t { accepted };
constexpr auto names(feedback_status) {
  return std::array<std::string_view, 1>{"accepted"};
}

/// The answer: it will be recorded.
struct feedback_receipt {
  events::feedback_id id;
  events::session_id session;
  feedback_status status = feedback_status::accepted;

  static constexpr std::string_view record_name = "feedback_receipt";
  static constexpr auto declaration() {
    using record::field;
    using r = feedback_receipt;
    return record::fields(field("feedback_id", &r::id), field("session_id", &r::session),
                          field("status", &r::status).doc("it is durable, and will be recorded"));
  }
};

void answer_error(const caf::error& error, const request& asked, const responder& respond) {
  if (events::code_of(error) != events::errc::not_a_match)
    return respond.fail(error);
  auto shown = problem_of(error);
  shown.errors.push_back({"/headphone_id", "not_a_match", "must be one of the session's matches"});
  respond(to_response(shown, asked));
}

response accepted(const actors::feedback_answer& answer) {
  auto made = json_response(record::to_json(feedback_receipt{answer.id, answer.session}));
  made.status = 202;
  return made;
}

void record_feedback(const route_parts& parts, const request& asked, responder respond) {
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  auto session = events::session_id::parse(asked.parameter("session_id"));
  if (!session)
    return respond(not_found(asked, "No session has this id; a session id is a UUID."));
  auto wanted = read_body<feedback_request>(asked, respond);
  if (!wanted)
    return;
  auto answer = [asked, respond](caf::expected<actors::feedback_answer> got) {
    if (got)
      respond(accepted(*got));
    else
      answer_error(got.error(), asked, respond);
  };
  caf::anon_send(parts.edge,
                 actors::submit_feedback{*session, std::move(wanted->headphone), wanted->kind, wanted->rating,
                                         std::string{asked.traceparent()}, std::move(answer), *caller});
}

void erase_session(const route_parts& parts, const request& asked, responder respond) {
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  auto session = events::session_id::parse(asked.parameter("session_id"));
  if (!session)
    return respond(not_found(asked, "No session has this id; a session id is a UUID."));
  auto answer = [respond](const caf::error& failed) {
    if (failed)
      return respond.fail(failed);
    response made;
    made.status = 204;
    made.content_type = {};
    respond(std::move(made));
  };
  caf::anon_send(parts.edge,
                 actors::erase_session{*session, *caller, events::session::erasure_reason::session_deleted,
                                       std::string{asked.traceparent()}, std::move(answer)});
}

operation feedback_document() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Say what was done with a match";
  out.description =
    "Records that a match was viewed, clicked, saved, purchased, dismissed or rated. The answer "
    "means that it is durable, and will be recorded exactly once.";
  out.parameters = {session_id_parameter()};
  out.body = operation_body{schema_of<feedback_request>,
                            R"({"headphone_id":"sennheiser-hd-560s","kind":"rated","rating":5})"};
  out.answers = {
    {202, "accepted", schema_of<feedback_receipt>,
     R"({"feedback_id":"01a203f0-1c4e-7d3a-9b7e-0f6b5c2d1e00","session_id":"01a203ef-01e2-785e-a92d-5b2806dd8eef","status":"accepted"})"}};
  out.problems = {400, 401, 404, 409, 422, 503};
  out.takes_user = true;
  return out;
}

operation erasure_document() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Erase a recommendation";
  out.description =
    "Forgets the session, its matches, explanations and feedback, whether it has ended or not. "
    "The answer means that this is durable: from then on the session is not found. What its "
    "language model calls cost stays, without the session.";
  out.parameters = {session_id_parameter()};
  out.answers = {{204, "erased"}};
  out.problems = {401, 404, 503};
  out.takes_user = true;
  return out;
}

} // namespace

void add_feedback_routes(router& routes, const route_parts& parts) {
  routes.post(
    "/api/v1/recommendations/{session_id}/feedback", "record_feedback",
    [parts](const request& asked, responder respond) { record_feedback(parts, asked, std::move(respond)); },
    feedback_document());
  route erasure{
    method::delete_, "/api/v1/recommendations/{session_id}", "erase_recommendation",
    [parts](const request& asked, responder respond) { erase_session(parts, asked, std::move(respond)); }};
  erasure.produces = {};
  erasure.document = erasure_document();
  routes.add(std::move(erasure));
}

} // namespace sonicmatch::http
