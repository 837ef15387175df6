#include "events/record/writer.hpp"
#include "http/routes/account_documents.hpp"
#include "http/routes/body.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/routes.hpp"

namespace sonicmatch::http {

namespace {

namespace record = events::record;
namespace accounts = actors::accounts;

void find_me(const route_parts& parts, const request& asked, const responder& respond) {
  auto user = account_of(parts, asked);
  if (!user)
    return respond.fail(user.error());
  auto answer = [asked, respond](const accounts::outcome<actors::ports::account>& found) {
    if (const auto* refused = std::get_if<accounts::refusal>(&found))
      return refuse(*refused, asked, respond);
    respond(json_response(record::to_json(document_of(std::get<actors::ports::account>(found)))));
  };
  caf::anon_send(parts.accounts, accounts::find_account{*user, parts.clock->now(), std::move(answer)});
}

void close_account(const route_parts& parts, const request& asked, const responder& respond) {
  auto user = account_of(parts, asked);
  if (!user)
    return respond.fail(user.error());
  auto body = read_body<close_account_request>(asked, respond);
  if (!body)
    return;
  auto answer = [asked, respond](const accounts::outcome<accounts::done>& closed) {
    if (const auto* refused = std::get_if<accounts::refusal>(&closed))
      return refuse(*refused, asked, respond);
    response made;
    made.status = 204;
    made.content_type = {};
    respond(std::move(made));
  };
  caf::anon_send(parts.accounts, accounts::close_account{*user, accounts::secret{std::move(body->password)},
                                                         parts.clock->now(), std::move(answer)});
}

operation user_operation(std::string_view summary, std::string_view description, operation_answer answer,
                         std::vector<int> problems) {
  operation out{"accounts", summary, description};
  out.answers = {std::move(answer)};
  out.problems = std::move(problems);
  out.takes_user = true;
  out.needs_user = true;
  return out;
}

constexpr std::string_view user_example =
  R"({"id":"01a203ef-01e2-785e-a92d-5b2806dd8eef","email":"ann@example.com","display_name":"Ann",)"
  R"("created_at":"2026-11-22T14:15:39.000000Z"})";

operation me_operation() {
  return user_operation("The account that asks", "Who an access token belongs to.",
                        {200, "the account", schema_of<user_document>, user_example}, {401, 503});
}

operation close_operation() {
  auto out = user_operation(
    "Close the account",
    "Forgets the person at once, and ends all logins; then erases the sessions of the account, one by one, "
    "which may take minutes. It cannot be undone, and needs the password once more.",
    {204, "the account is closed"}, {400, 401, 422, 429, 503});
  out.body = operation_body{schema_of<close_account_request>, R"({"password":"correct horse battery"})"};
  return out;
}

} // namespace

void add_user_routes(router& routes, const route_parts& parts) {
  auto on = [&](auto run) {
    return [parts, run](const request& asked, const responder& respond) { run(parts, asked, respond); };
  };
  routes.get("/api/v1/users/me", "find_me", on(find_me), me_operation());
  route closing{method::delete_, "/api/v1/users/me", "close_account", on(close_account)};
  closing.document = close_operation();
  routes.add(std::move(closing));
}

} // namespace sonicmatch::http
