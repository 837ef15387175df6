#include "events/record/writer.hpp"
#include "http/routes/account_documents.hpp"
#include "http/routes/body.hpp"
#include "http/routes/routes.hpp"

namespace sonicmatch::http {

namespace {

namespace record = events::record;
namespace accounts = actors::accounts;

accounts::answer_tokens answer_with_tokens(int status, request asked, responder respond) {
  return [status, asked = std::move(asked),
          respond = std::move(respond)](const accounts::outcome<accounts::granted_tokens>& answer) {
    if (const auto* refused = std::get_if<accounts::refusal>(&answer))
      return refuse(*refused, asked, respond);
    auto made = json_response(record::to_json(document_of(std::get<accounts::granted_tokens>(answer))));
    made.status = status;
    if (status == 201)
      made.headers.push_back({"Location", "/api/v1/users/me"});
    respond(std::move(made));
  };
}

void open_account(const route_parts& parts, const request& asked, const responder& respond) {
  auto body = read_body<register_request>(asked, respond);
  if (!body)
    return;
  auto name = body->display_name ? accounts::normalised_display_name(*body->display_name) : std::nullopt;
  caf::anon_send(parts.accounts,
                 accounts::open_account{*accounts::normalised_email(body->email),
                                        accounts::secret{std::move(body->password)}, std::move(name),
                                        parts.clock->now(), answer_with_tokens(201, asked, respond)});
}

void log_in(const route_parts& parts, const request& asked, const responder& respond) {
  auto body = read_body<login_request>(asked, respond);
  if (!body)
    return;
  accounts::secret password{std::move(body->password)};
  auto email = accounts::normalised_email(body->email);
  if (!email)
    return respond(refuse({{"/email", "wrong_format", "must be an e-mail address"}}, asked));
  caf::anon_send(parts.accounts, accounts::log_in{std::move(*email), std::move(password), parts.clock->now(),
                                                  answer_with_tokens(200, asked, respond)});
}

void refresh(const route_parts& parts, const request& asked, const responder& respond) {
  if (auto body = read_body<refresh_request>(asked, respond))
    caf::anon_send(parts.accounts, accounts::refresh_login{std::move(body->refresh_token), parts.clock->now(),
                                                           answer_with_tokens(200, asked, respond)});
}

void log_out(const route_parts& parts, const request& asked, const responder& respond) {
  auto body = read_body<refresh_request>(asked, respond);
  if (!body)
    return;
  auto answer = [asked, respond](const accounts::outcome<accounts::done>& ended) {
    if (const auto* refused = std::get_if<accounts::refusal>(&ended))
      return refuse(*refused, asked, respond);
    response made;
    made.status = 204;
    made.content_type = {};
    respond(std::move(made));
  };
  caf::anon_send(parts.accounts,
                 accounts::log_out{std::move(body->refresh_token), parts.clock->now(), std::move(answer)});
}

constexpr std::string_view tokens_example =
  R"({"user":{"id":"01a203ef-01e2-785e-a92d-5b2806dd8eef","email":"ann@example.com","display_name":"Ann",)"
  R"("created_at":"2026-11-22T14:15:39.000000Z"},"access_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…",)"
  R"("refresh_token":"AaID7wHieF6pLVsoBt2O7w…","token_type":"Bearer","expires_in":900})";
constexpr std::string_view refresh_example = R"({"refresh_token":"AaID7wHieF6pLVsoBt2O7w…"})";

operation account_operation(std::string_view summary, std::string_view description, schema_maker body,
                            std::string_view example, operation_answer answer, std::vector<int> problems) {
  operation out{"accounts", summary, description};
  out.body = operation_body{body, example};
  out.answers = {std::move(answer)};
  out.problems = std::move(problems);
  return out;
}

operation register_operation() {
  return account_operation(
    "Open an account",
    "Registers a person by e-mail and password, who is logged in with that. The e-mail is unique in any "
    "case.",
    schema_of<register_request>,
    R"({"email":"ann@example.com","password":"correct horse battery","display_name":"Ann"})",
    {201, "the account, and its tokens", schema_of<token_document>, tokens_example, {"Location"}},
    {400, 409, 422, 429, 503});
}

operation login_operation() {
  return account_operation("Log in",
                           "The answer is the same for an e-mail without account and a wrong password. "
                           "After ten wrong passwords in 15 minutes an e-mail has to wait.",
                           schema_of<login_request>,
                           R"({"email":"ann@example.com","password":"correct horse battery"})",
                           {200, "the account, and its tokens", schema_of<token_document>, tokens_example},
                           {400, 401, 422, 429, 503});
}

operation refresh_operation() {
  return account_operation(
    "Get the next tokens",
    "A refresh token is good once; the answer has the next one. When one comes a second time, somebody has "
    "it who should not: its login is ended, whoever it was. So let one place of a frontend refresh at a "
    "time.",
    schema_of<refresh_request>, refresh_example,
    {200, "the account, and its tokens", schema_of<token_document>, tokens_example},
    {400, 401, 422, 429, 503});
}

operation logout_operation() {
  return account_operation(
    "Log out", "Ends the login of the refresh token. Its access tokens hold until they expire.",
    schema_of<refresh_request>, refresh_example, {204, "the login is over"}, {400, 422, 429, 503});
}

} // namespace

void add_account_routes(router& routes, const route_parts& parts) {
  auto on = [&](auto run) {
    return [parts, run](const request& asked, const responder& respond) { run(parts, asked, respond); };
  };
  routes.post("/api/v1/auth/register", "register", on(open_account), register_operation());
  routes.post("/api/v1/auth/login", "log_in", on(log_in), login_operation());
  routes.post("/api/v1/auth/refresh", "refresh", on(refresh), refresh_operation());
  routes.post("/api/v1/auth/logout", "log_out", on(log_out), logout_operation());
}

} // namespace sonicmatch::http
