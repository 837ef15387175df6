#include "http/routes/account_documents.hpp"

#include "events/error.hpp"
#include "http/problem.hpp"

namespace sonicmatch::http {

void register_request::check(const register_request& read, const std::string& at,
                             events::record::violations& wrong) {
  using namespace actors::accounts;
  auto email = normalised_email(read.email);
  if (!email)
    wrong.push_back({at + "/email", "wrong_format", "must be an e-mail address"});
  if (auto mistake = mistake_in_password(read.password, email.value_or(read.email)); !mistake.empty())
    wrong.push_back({at + "/password", "weak_password", std::move(mistake)});
  if (read.display_name && !normalised_display_name(*read.display_name))
    wrong.push_back({at + "/display_name", "wrong_format", "must be a name, without control characters"});
}

user_document document_of(const actors::ports::account& account) {
  return {account.id, account.email, account.display_name, account.created_at};
}

token_document document_of(const actors::accounts::granted_tokens& granted) {
  token_document out{document_of(granted.account), granted.access_token, granted.refresh_token};
  out.expires_in = granted.expires_in.count();
  return out;
}

void refuse(const actors::accounts::refusal& refused, const request& asked, const responder& respond) {
  auto code = events::code_of(refused.why);
  if (code == events::errc::over_the_rate) {
    problem shown{429, "too_many_attempts", events::detail_of(refused.why), {}, quota_exceeded};
    shown.retry_after = refused.retry_after;
    return respond(to_response(shown, asked));
  }
  if (refused.fields.empty())
    return respond.fail(refused.why);
  auto shown = problem_of(refused.why);
  shown.errors = refused.fields;
  respond(to_response(shown, asked));
}

} // namespace sonicmatch::http
