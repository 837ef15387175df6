#include "actors/accounts/account_desk.hpp"

#include "actors/accounts/refresh_token.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors::accounts {

namespace {

using events::errc;
using events::make_error;

refusal wrong_credentials() {
  return {make_error(errc::unauthenticated, "There is no account with this e-mail and password.")};
}

refusal too_many_attempts(std::chrono::seconds wait) {
  return {
    make_error(errc::over_the_rate, "Too many wrong passwords for this e-mail; try again later."), {}, wait};
}

refusal login_is_over() {
  return {make_error(errc::unauthenticated, "This login is over; log in again.")};
}

refusal account_is_gone() {
  return {make_error(errc::unauthenticated, "There is no such account any more.")};
}

refusal email_is_taken() {
  return {make_error(errc::already_exists, "There is an account with this e-mail."),
          {{"/email", "already_exists", "belongs to an account already"}}};
}

refusal wrong_password() {
  return {make_error(errc::invalid_record, "The password is wrong."),
          {{"/password", "wrong_password", "is not this account's password"}}};
}

/// The desk's work, in handlers; owned by its actor.
class desk {
public:
  desk(account_desk::pointer self, account_parts parts)
    : self_(self)
    , parts_(std::move(parts))
    , throttle_(parts_.settings.throttle) {}

  void open(const open_account& asked);
  void log_in(const accounts::log_in& asked);
  void refresh(const refresh_login& asked);
  void log_out(const accounts::log_out& asked);
  void find(const find_account& asked);
  void close(const close_account& asked);

private:
  /// Whether it is too late for this one, who is told so.
  template <class Asked>
  bool is_late(const Asked& asked) {
    if (parts_.clock->now() - asked.asked_at <= parts_.settings.patience)
      return false;
    asked.answer(refusal{make_error(errc::overloaded, "the account desk is behind")});
    return true;
  }

  /// Has a hasher do it and calls back with the result; with an error when that cannot be.
  template <class Result, class Message, class Then>
  void ask_hasher(Message message, Then then);
  /// The same for a password of `email`, whose attempts are counted.
  template <class Answer, class Then>
  void check_password_of(const std::string& email, secret password, std::optional<std::string> hash,
                         const Answer& answer, Then then);

  /// The account of a user who is logged in. Nothing when it cannot be had, or is gone,
  /// which has been answered then.
  template <class Answer>
  [[nodiscard]] std::optional<ports::kept_account> find_or_refuse(const events::user_id& user,
                                                                  const Answer& answer);

  void begin_login(const ports::account& account, const answer_tokens& answer);
  void grant(const ports::account& account, const refresh_token& refresh, const answer_tokens& answer);
  void renew_hash(const ports::kept_account& kept, const std::string& hash);
  void begin_erasure(const events::user_id& user, const answer_done& answer);

  [[nodiscard]] ports::login login_of(const refresh_token& token, const events::user_id& user) const {
    auto now = parts_.clock->now();
    return {token.login, user, token.hash, now, now + parts_.settings.login_lifetime};
  }

  account_desk::pointer self_;
  account_parts parts_;
  login_throttle throttle_;
  std::size_t hashing_ = 0;
  std::size_t next_hasher_ = 0;
};

template <class Result, class Message, class Then>
void desk::ask_hasher(Message message, Then then) {
  if (hashing_ >= parts_.settings.hashing_max)
    return then(Result{make_error(errc::overloaded, "too many passwords are being hashed")});
  ++hashing_;
  next_hasher_ = (next_hasher_ + 1) % parts_.hashers.size();
  self_->request(parts_.hashers[next_hasher_], parts_.settings.hashing_timeout, std::move(message))
    .then(
      [this, then](Result& result) {
        --hashing_;
        then(std::move(result));
      },
      [this, then](const caf::error&) {
        --hashing_;
        then(Result{make_error(errc::overloaded, "a password was not hashed in time")});
      });
}

template <class Answer, class Then>
void desk::check_password_of(const std::string& email, secret password, std::optional<std::string> hash,
                             const Answer& answer, Then then) {
  if (auto wait = throttle_.begin(email, parts_.clock->now()))
    return answer(too_many_attempts(*wait));
  ask_hasher<password_checked>(check_password{std::move(password), std::move(hash)},
                               [this, email, answer, then](password_checked checked) {
                                 if (!checked.matches) {
                                   throttle_.withdraw(email);
                                   return answer(refusal{std::move(checked.matches.error())});
                                 }
                                 if (*checked.matches)
                                   throttle_.succeed(email);
                                 then(std::move(checked));
                               });
}

template <class Answer>
std::optional<ports::kept_account> desk::find_or_refuse(const events::user_id& user, const Answer& answer) {
  auto known = parts_.store->find(user);
  if (!known)
    answer(refusal{std::move(known.error())});
  else if (!*known)
    answer(account_is_gone());
  else
    return std::move(**known);
  return std::nullopt;
}

void desk::open(const open_account& asked) {
  if (is_late(asked))
    return;
  auto known = parts_.store->find_by_email(asked.email);
  if (!known)
    return asked.answer(refusal{std::move(known.error())});
  if (*known)
    return asked.answer(email_is_taken());
  auto on_hashed = [this, email = asked.email, name = asked.display_name,
                    answer = asked.answer](password_hashed hashed) {
    if (!hashed.hash)
      return answer(refusal{std::move(hashed.hash.error())});
    auto now = parts_.clock->now();
    ports::kept_account made{{{events::uuid_v7(now, parts_.entropy->draw())}, email, name, now},
                             std::move(*hashed.hash)};
    if (auto failed = parts_.store->add(made))
      return answer(events::code_of(failed) == errc::already_exists ? email_is_taken()
                                                                    : refusal{std::move(failed)});
    parts_.logger->info("an account was opened", {{"user_id", to_string(made.account.id)}});
    begin_login(made.account, answer);
  };
  ask_hasher<password_hashed>(hash_password{asked.password}, std::move(on_hashed));
}

void desk::log_in(const accounts::log_in& asked) {
  if (is_late(asked))
    return;
  auto known = parts_.store->find_by_email(asked.email);
  if (!known)
    return asked.answer(refusal{std::move(known.error())});
  auto hash = *known ? std::optional{(*known)->password_hash} : std::nullopt;
  check_password_of(asked.email, asked.password, std::move(hash), asked.answer,
                    [this, kept = std::move(*known), answer = asked.answer](const password_checked& checked) {
                      if (!kept || !*checked.matches)
                        return answer(wrong_credentials());
                      if (checked.renewed)
                        renew_hash(*kept, *checked.renewed);
                      begin_login(kept->account, answer);
                    });
}

void desk::refresh(const refresh_login& asked) {
  if (is_late(asked))
    return;
  auto brought = read_refresh_token(asked.refresh_token);
  if (!brought)
    return asked.answer(login_is_over());
  auto next = make_refresh_token(brought->login, *parts_.entropy);
  auto rotated = parts_.store->rotate(brought->hash, login_of(next, {}));
  if (!rotated)
    return asked.answer(refusal{std::move(rotated.error())});
  using verdict = ports::rotation::verdict;
  if (rotated->says == verdict::reused)
    parts_.logger->warning("a refresh token came a second time: its login is ended",
                           {{"user_id", to_string(rotated->user)}});
  if (rotated->says != verdict::rotated)
    return asked.answer(login_is_over());
  if (auto known = find_or_refuse(rotated->user, asked.answer))
    grant(known->account, next, asked.answer);
}

void desk::log_out(const accounts::log_out& asked) {
  if (is_late(asked))
    return;
  auto brought = read_refresh_token(asked.refresh_token);
  if (brought)
    if (auto failed = parts_.store->end_login(brought->login))
      return asked.answer(refusal{std::move(failed)});
  asked.answer(done{});
}

void desk::find(const find_account& asked) {
  if (is_late(asked))
    return;
  if (auto known = find_or_refuse(asked.user, asked.answer))
    asked.answer(std::move(known->account));
}

void desk::close(const close_account& asked) {
  if (is_late(asked))
    return;
  auto known = find_or_refuse(asked.user, asked.answer);
  if (!known)
    return;
  check_password_of(known->account.email, asked.password, known->password_hash, asked.answer,
                    [this, user = asked.user, answer = asked.answer](const password_checked& checked) {
                      if (!*checked.matches)
                        return answer(wrong_password());
                      begin_erasure(user, answer);
                    });
}

void desk::begin_login(const ports::account& account, const answer_tokens& answer) {
  auto token =
    make_refresh_token({events::uuid_v7(parts_.clock->now(), parts_.entropy->draw())}, *parts_.entropy);
  if (auto failed = parts_.store->add_login(login_of(token, account.id)))
    return answer(events::code_of(failed) == errc::not_found ? account_is_gone()
                                                             : refusal{std::move(failed)});
  grant(account, token, answer);
}

void desk::grant(const ports::account& account, const refresh_token& refresh, const answer_tokens& answer) {
  auto access = parts_.tokens->issue(account.id, parts_.clock->now(), *parts_.entropy);
  if (!access)
    return answer(refusal{std::move(access.error())});
  answer(granted_tokens{account, std::move(*access), refresh.text, parts_.tokens->rules().lifetime});
}

void desk::renew_hash(const ports::kept_account& kept, const std::string& hash) {
  if (auto failed = parts_.store->replace_password_hash(kept.account.id, kept.password_hash, hash))
    parts_.logger->warning("a password's hash was not renewed; the next login tries again",
                           {{"user_id", to_string(kept.account.id)}, {"error", events::describe(failed)}});
}

void desk::begin_erasure(const events::user_id& user, const answer_done& answer) {
  if (auto failed = parts_.store->begin_erasure(user, parts_.clock->now()))
    return answer(refusal{std::move(failed)});
  parts_.logger->info("an account was closed: its sessions will be erased", {{"user_id", to_string(user)}});
  caf::anon_send(parts_.eraser, continue_erasures{});
  answer(done{});
}

} // namespace

account_desk::behavior_type account_desk_actor(account_desk::pointer self, account_parts parts) {
  auto work = std::make_shared<desk>(self, std::move(parts));
  return {
    [work](const open_account& asked) { work->open(asked); },
    [work](const accounts::log_in& asked) { work->log_in(asked); },
    [work](const refresh_login& asked) { work->refresh(asked); },
    [work](const accounts::log_out& asked) { work->log_out(asked); },
    [work](const find_account& asked) { work->find(asked); },
    [work](const close_account& asked) { work->close(asked); },
  };
}

} // namespace sonicmatch::actors::accounts
