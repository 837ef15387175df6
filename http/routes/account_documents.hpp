#pragma once

#include "actors/accounts/identity.hpp"
#include "actors/accounts/interfaces.hpp"
#include "events/record/declaration.hpp"
#include "http/responder.hpp"

#include <optional>
#include <string>

/// What is asked and answered about accounts.
namespace sonicmatch::http {

/// The body of POST /auth/register. E-mail and name are brought into their normalised form
/// by whoever reads it.
struct register_request {
  std::string email;
  std::string password;
  std::optional<std::string> display_name;

  static constexpr std::string_view record_name = "register_request";
  static constexpr auto declaration() {
    using namespace actors::accounts;
    using events::record::field;
    using r = register_request;
    return events::record::fields(
      field("email", &r::email)
        .size(3, email_bytes_max)
        .doc("unique in any case; kept in lower case")
        .example("\"ann@example.com\""),
      field("password", &r::password)
        .size(password_characters_min, password_bytes_max)
        .doc("10 to 128 characters of any kind")
        .example("\"correct horse battery\""),
      field("display_name", &r::display_name).size(1, display_name_bytes_max).example("\"Ann\""));
  }
  static void check(const register_request& read, const std::string& at, events::record::violations& wrong);
};

/// The body of POST /auth/login.
struct login_request {
  std::string email;
  std::string password;

  static constexpr std::string_view record_name = "login_request";
  static constexpr auto declaration() {
    using events::record::field;
    using r = login_request;
    return events::record::fields(
      field("email", &r::email).size(1, actors::accounts::email_bytes_max).example("\"ann@example.com\""),
      field("password", &r::password)
        .size(1, actors::accounts::password_bytes_max)
        .example("\"correct horse battery\""));
  }
};

/// The body of POST /auth/refresh and /auth/logout.
struct refresh_request {
  std::string refresh_token;

  static constexpr std::string_view record_name = "refresh_request";
  static constexpr auto declaration() {
    return events::record::fields(events::record::field("refresh_token", &refresh_request::refresh_token)
                                    .size(1, 512)
                                    .doc("the newest one of the login"));
  }
};

/// The body of DELETE /users/me.
struct close_account_request {
  std::string password;

  static constexpr std::string_view record_name = "close_account_request";
  static constexpr auto declaration() {
    return events::record::fields(events::record::field("password", &close_account_request::password)
                                    .size(1, actors::accounts::password_bytes_max)
                                    .doc("once more, since this cannot be undone"));
  }
};

/// An account as its owner sees it.
struct user_document {
  events::user_id id;
  std::string email;
  std::optional<std::string> display_name;
  events::timestamp created_at{};

  static constexpr std::string_view record_name = "user";
  static constexpr auto declaration() {
    using events::record::field;
    using d = user_document;
    return events::record::fields(field("id", &d::id), field("email", &d::email),
                                  field("display_name", &d::display_name),
                                  field("created_at", &d::created_at));
  }
};

/// What a login is answered with.
struct token_document {
  user_document user;
  std::string access_token;
  std::string refresh_token;
  std::string token_type = "Bearer";
  std::int64_t expires_in = 0;

  static constexpr std::string_view record_name = "tokens";
  static constexpr auto declaration() {
    using events::record::field;
    using d = token_document;
    return events::record::fields(
      field("user", &d::user),
      field("access_token", &d::access_token).doc("for Authorization: Bearer; a JWT, opaque to clients"),
      field("refresh_token", &d::refresh_token).doc("good for one use of POST /auth/refresh"),
      field("token_type", &d::token_type).doc("Bearer"),
      field("expires_in", &d::expires_in).doc("seconds that the access token holds"));
  }
};

[[nodiscard]] user_document document_of(const actors::ports::account& account);
[[nodiscard]] token_document document_of(const actors::accounts::granted_tokens& granted);

/// Answers with the problem of a refusal, its fields and how long to wait included.
void refuse(const actors::accounts::refusal& refused, const request& asked, const responder& respond);

} // namespace sonicmatch::http
