#include "actors/accounts/account_desk.hpp"
#include "actors/accounts/password_hasher.hpp"
#include "tests/actors/accounts/plain_ports.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_accounts.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::accounts;
namespace ports = sonicmatch::actors::ports;
using namespace std::chrono_literals;
using events::errc;

namespace {

const std::string email = "ann@example.com";

struct desk_fixture {
  desk_fixture() {
    parts.tokens = tokens;
    parts.clock = clock;
    parts.entropy = std::make_shared<tests::counting_entropy>();
    parts.logger = logger;
    parts.store = std::make_shared<tests::simulated_accounts>(people);
    parts.hashers = {bench.spawn(password_hasher_actor, hashing)};
    parts.eraser = bench.spawn([this](account_eraser::pointer) -> account_eraser::behavior_type {
      return {[this](const continue_erasures&) { ++told_to_erase; }, [](const sessions_to_erase&) {},
              [](const session_erasure_accepted&) {}, [](const erasure_overdue&) {}};
    });
    desk = bench.spawn(account_desk_actor, parts);
    bench.settle();
  }

  template <class Message, class T>
  outcome<T> ask(Message message, std::type_identity<T>) {
    std::optional<outcome<T>> out;
    message.asked_at = clock->time;
    message.answer = [&](outcome<T> answer) { out = std::move(answer); };
    bench.tell(desk, std::move(message));
    REQUIRE(out);
    return *out;
  }

  outcome<granted_tokens> open(std::string address = email, std::string password = "right password") {
    return ask(open_account{std::move(address), secret{std::move(password)}, "Ann", {}, {}},
               std::type_identity<granted_tokens>{});
  }
  outcome<granted_tokens> log_in_with(std::string password, std::string address = email) {
    return ask(log_in{std::move(address), secret{std::move(password)}, {}, {}},
               std::type_identity<granted_tokens>{});
  }
  outcome<granted_tokens> refresh(std::string token) {
    return ask(refresh_login{std::move(token), {}, {}}, std::type_identity<granted_tokens>{});
  }
  outcome<done> log_out_with(std::string token) {
    return ask(log_out{std::move(token), {}, {}}, std::type_identity<done>{});
  }
  outcome<ports::account> find(events::user_id user) {
    return ask(find_account{user, {}, {}}, std::type_identity<ports::account>{});
  }
  outcome<done> close(events::user_id user, std::string password) {
    return ask(close_account{user, secret{std::move(password)}, {}, {}}, std::type_identity<done>{});
  }

  std::shared_ptr<tests::set_clock> clock = std::make_shared<tests::set_clock>();
  std::shared_ptr<tests::recording_logger> logger = std::make_shared<tests::recording_logger>();
  std::shared_ptr<tests::simulated_people> people = std::make_shared<tests::simulated_people>();
  std::shared_ptr<tests::plain_hashing> hashing = std::make_shared<tests::plain_hashing>();
  std::shared_ptr<access_tokens> tokens =
    std::make_shared<access_tokens>(token_rules{}, std::make_shared<tests::plain_signer>());
  int told_to_erase = 0;
  account_parts parts;
  account_desk desk;
  tests::actor_bench bench;
};

template <class T>
const T& granted(const outcome<T>& answer) {
  if (const auto* refused = std::get_if<refusal>(&answer))
    FAIL(events::describe(refused->why));
  return std::get<T>(answer);
}

template <class T>
const refusal& refused(const outcome<T>& answer) {
  REQUIRE(std::holds_alternative<refusal>(answer));
  return std::get<refusal>(answer);
}

template <class T>
errc code_of(const outcome<T>& answer) {
  return events::code_of(refused(answer).why);
}

} // namespace

TEST_CASE("who opens an account is logged in", "[accounts]") {
  desk_fixture fixture;
  auto opened = granted(fixture.open());
  CHECK(opened.account.email == email);
  CHECK(opened.account.display_name == "Ann");
  CHECK(opened.expires_in == 15min);
  CHECK(fixture.tokens->verify(opened.access_token, fixture.clock->time) == opened.account.id);
  CHECK(granted(fixture.refresh(opened.refresh_token)).account == opened.account);
  CHECK(granted(fixture.find(opened.account.id)) == opened.account);
}

TEST_CASE("an e-mail that has an account is refused, at its field", "[accounts]") {
  desk_fixture fixture;
  granted(fixture.open());
  auto again = fixture.open(email, "another password");
  CHECK(code_of(again) == errc::already_exists);
  CHECK(refused(again).fields.at(0).pointer == "/email");
}

TEST_CASE("of two who register one e-mail at once, one is refused", "[accounts]") {
  desk_fixture fixture;
  std::vector<outcome<granted_tokens>> answers;
  for (int i = 0; i < 2; ++i)
    caf::anon_send(fixture.desk,
                   open_account{email, secret{"right password"}, {}, fixture.clock->time, [&](auto answer) {
                                  answers.push_back(std::move(answer));
                                }});
  fixture.bench.settle();
  REQUIRE(answers.size() == 2);
  CHECK(fixture.people->accounts.size() == 1);
  CHECK(code_of(answers[1]) == errc::already_exists);
}

TEST_CASE("a wrong password and an e-mail without account are answered alike", "[accounts]") {
  desk_fixture fixture;
  granted(fixture.open());
  auto wrong = fixture.log_in_with("wrong password");
  auto before = fixture.hashing->verified;
  auto unknown = fixture.log_in_with("right password", "bob@example.com");
  CHECK(fixture.hashing->verified == before + 1);
  CHECK(code_of(wrong) == errc::unauthenticated);
  CHECK(events::describe(refused(wrong).why) == events::describe(refused(unknown).why));
  granted(fixture.log_in_with("right password"));
}

TEST_CASE("a hash of former parameters is renewed by the login", "[accounts]") {
  desk_fixture fixture;
  auto id = granted(fixture.open()).account.id;
  fixture.hashing->mark = "tomorrow:";
  granted(fixture.log_in_with("right password"));
  CHECK(fixture.people->accounts.at(id).kept.password_hash == "tomorrow:right password");
  granted(fixture.log_in_with("right password"));
}

TEST_CASE("too many wrong passwords close an e-mail for a while, account or not", "[accounts]") {
  desk_fixture fixture;
  granted(fixture.open());
  for (const auto& address : {email, std::string{"bob@example.com"}}) {
    for (int i = 0; i < 10; ++i)
      CHECK(code_of(fixture.log_in_with("wrong password", address)) == errc::unauthenticated);
    auto closed = fixture.log_in_with("right password", address);
    CHECK(code_of(closed) == errc::over_the_rate);
    CHECK(refused(closed).retry_after == 15min);
  }
  fixture.clock->time += 15min;
  granted(fixture.log_in_with("right password"));
}

TEST_CASE("a refresh token is good once, and its second use ends the login", "[accounts]") {
  desk_fixture fixture;
  auto first = granted(fixture.open()).refresh_token;
  auto second = granted(fixture.refresh(first)).refresh_token;
  CHECK(first != second);
  auto third = granted(fixture.refresh(second)).refresh_token;
  CHECK(code_of(fixture.refresh(second)) == errc::unauthenticated);
  CHECK(fixture.logger->has("a second time"));
  CHECK(code_of(fixture.refresh(third)) == errc::unauthenticated);
  granted(fixture.log_in_with("right password"));
}

TEST_CASE("a login that nobody used for its lifetime is over", "[accounts]") {
  desk_fixture fixture;
  auto token = granted(fixture.open()).refresh_token;
  fixture.clock->time += 29 * 24h;
  token = granted(fixture.refresh(token)).refresh_token;
  fixture.clock->time += 30 * 24h;
  CHECK(code_of(fixture.refresh(token)) == errc::unauthenticated);
}

TEST_CASE("logging out ends the one login, and may be done again", "[accounts]") {
  desk_fixture fixture;
  auto one = granted(fixture.open()).refresh_token;
  auto other = granted(fixture.log_in_with("right password")).refresh_token;
  granted(fixture.log_out_with(one));
  granted(fixture.log_out_with(one));
  granted(fixture.log_out_with("not a token"));
  CHECK(code_of(fixture.refresh(one)) == errc::unauthenticated);
  granted(fixture.refresh(other));
}

TEST_CASE("closing an account needs its password and ends everything of it", "[accounts]") {
  desk_fixture fixture;
  auto opened = granted(fixture.open());
  auto wrong = fixture.close(opened.account.id, "wrong password");
  CHECK(code_of(wrong) == errc::invalid_record);
  CHECK(refused(wrong).fields.at(0).pointer == "/password");
  CHECK(fixture.told_to_erase == 0);
  granted(fixture.close(opened.account.id, "right password"));
  CHECK(fixture.told_to_erase == 1);
  CHECK(code_of(fixture.find(opened.account.id)) == errc::unauthenticated);
  CHECK(code_of(fixture.refresh(opened.refresh_token)) == errc::unauthenticated);
  CHECK(code_of(fixture.log_in_with("right password")) == errc::unauthenticated);
  CHECK(code_of(fixture.close(opened.account.id, "right password")) == errc::unauthenticated);
  granted(fixture.open());
}

TEST_CASE("while the database is away everything is refused as such", "[accounts]") {
  desk_fixture fixture;
  auto opened = granted(fixture.open());
  fixture.people->away = true;
  CHECK(code_of(fixture.open("bob@example.com")) == errc::store_unavailable);
  CHECK(code_of(fixture.log_in_with("right password")) == errc::store_unavailable);
  CHECK(code_of(fixture.refresh(opened.refresh_token)) == errc::store_unavailable);
  CHECK(code_of(fixture.log_out_with(opened.refresh_token)) == errc::store_unavailable);
  CHECK(code_of(fixture.find(opened.account.id)) == errc::store_unavailable);
  CHECK(code_of(fixture.close(opened.account.id, "right password")) == errc::store_unavailable);
  fixture.people->away = false;
  granted(fixture.refresh(opened.refresh_token));
}

TEST_CASE("passwords that nobody could look at do not count as wrong", "[accounts]") {
  desk_fixture fixture;
  granted(fixture.open());
  fixture.hashing->without_memory = true;
  for (int i = 0; i < 20; ++i)
    CHECK(code_of(fixture.log_in_with("right password")) == errc::overloaded);
  fixture.hashing->without_memory = false;
  granted(fixture.log_in_with("right password"));
}

TEST_CASE("more passwords at once than are hashed in two seconds are refused", "[accounts]") {
  desk_fixture fixture;
  std::size_t refused = 0;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < fixture.parts.settings.hashing_max + 3; ++i)
    caf::anon_send(fixture.desk, open_account{std::to_string(i) + email,
                                              secret{"right password"},
                                              {},
                                              fixture.clock->time,
                                              [&](const auto& answer) {
                                                std::holds_alternative<refusal>(answer) ? ++refused
                                                                                        : ++opened;
                                              }});
  fixture.bench.settle();
  CHECK(refused + opened == fixture.parts.settings.hashing_max + 3);
  CHECK(refused == 3);
}

TEST_CASE("who has waited too long for the desk is refused without more work", "[accounts]") {
  desk_fixture fixture;
  std::optional<outcome<ports::account>> answer;
  caf::anon_send(fixture.desk, find_account{tests::sample_id<events::user_id>(), fixture.clock->time - 6s,
                                            [&](auto given) { answer = std::move(given); }});
  fixture.people->away = true;
  fixture.bench.settle();
  REQUIRE(answer);
  CHECK(code_of(*answer) == errc::overloaded);
}
