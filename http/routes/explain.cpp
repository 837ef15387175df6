#include "events/error.hpp"
#include "events/explanation/document.hpp"
#include "http/routes/body.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/documentation.hpp"
#include "http/routes/routes.hpp"
#include "http/routes/waiting.hpp"

namespace sonicmatch::http {

namespace {

namespace record = events::record;
using events::explanation::document_status;

/// The body of POST /explain.
struct explain_request {
  events::session_id session;
  std::string headphone;

  static constexpr std::string_view record_name = "explain_request";
  static constexpr auto declaration() {
    using record::field;
    using r = explain_request;
    return record::fields(
      field("session_id", &r::session).doc("a session that is complete"),
      field("headphone_id", &r::headphone).size(1, 80).doc("one of its matches, by id or by slug"));
  }
};

/// 200 with the explanation; 202 while it is being made, to be asked for again; 503
/// when it ended without one, since asking again begins anew.
response explained(const actors::explanation_answer& answer, const request& asked) {
  if (answer.status == document_status::error) {
    auto failure = answer.failure.value_or(
      events::session::failure{"temporarily_unavailable", "It could not be explained."});
    problem shown{503, failure.code, failure.detail};
    shown.retry_after = std::chrono::seconds{5};
    return to_response(shown, asked);
  }
  auto made = json_response(answer.document);
  if (answer.status == document_status::pending) {
    made.status = 202;
    made.headers.push_back({"Retry-After", "1"});
  }
  return made;
}

void answer_error(const caf::error& error, const request& asked, const responder& respond) {
  if (events::code_of(error) != events::errc::not_a_match)
    return respond.fail(error);
  auto shown = problem_of(error);
  shown.errors.push_back({"/headphone_id", "not_a_match", "must be one of the session's matches"});
  respond(to_response(shown, asked));
}

void explain(const route_parts& parts, request asked, responder respond) {
  auto caller = caller_of(parts, asked);
  if (!caller)
    return respond.fail(caller.error());
  auto wanted = read_body<explain_request>(asked, respond);
  if (!wanted)
    return;
  auto preferred = preferred_waiting_of(asked);
  auto answer = [asked, respond, preferred](caf::expected<actors::explanation_answer> got) {
    if (!got)
      return answer_error(got.error(), asked, respond);
    auto made = explained(*got, asked);
    if (preferred.respond_async)
      note_preference(made, {true, std::nullopt});
    respond(std::move(made));
  };
  caf::anon_send(parts.edge, actors::submit_explanation{
                               wanted->session, std::move(wanted->headphone), !preferred.respond_async,
                               std::string{asked.traceparent()}, std::move(answer), *caller});
}

operation explain_operation() {
  operation out;
  out.tag = "recommendations";
  out.summary = "Explain a pick";
  out.description =
    "Why one of a session's picks fits, and how it compares with the others. It is made once; "
    "asked for again, it is the same.";
  out.takes_user = true;
  out.parameters = {prefer_parameter()};
  out.body = {schema_of<explain_request>, example_of("explain_request")};
  out.answers = {
    {200, "The explanation.", schema_of<events::explanation::document>, example_of("explanation")},
    {202,
     "It is being made: ask again.",
     schema_of<events::explanation::document>,
     example_of("explanation_pending"),
     {"Retry-After", "Preference-Applied"}}};
  out.problems = {404, 409};
  return out;
}

} // namespace

void add_explanation_routes(router& routes, const route_parts& parts) {
  routes.post(
    "/api/v1/explain", "explain",
    [parts](request asked, responder respond) { explain(parts, std::move(asked), std::move(respond)); },
    explain_operation());
}

} // namespace sonicmatch::http
