#include "infra/postgres/account_store.hpp"

#include "events/digest.hpp"
#include "events/error.hpp"
#include "infra/postgres/connection.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using namespace actors::ports;
using events::errc;

/// How many logins one statement removes, so that it holds nobody up.
constexpr int removed_max = 5'000;

constexpr auto account_columns =
  "select id, email, display_name, password_hash, to_char(created_at at time zone "
  "'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from accounts where ";

void prepare(pqxx::connection& open) {
  using namespace std::string_literals;
  open.prepare("add_account", "insert into accounts (id, email, display_name, password_hash, created_at)"
                              " values ($1, $2, $3, $4, $5) on conflict do nothing");
  open.prepare("find_account", account_columns + "id = $1 and erasing_since is null"s);
  open.prepare("find_account_by_email", account_columns + "lower(email) = $1"s);
  open.prepare("replace_password_hash",
               "update accounts set password_hash = $3 where id = $1 and password_hash = $2");
  open.prepare("add_login", "insert into logins (id, user_id, token_hash, used_at, expires_at)"
                            " select $1, id, decode($3, 'hex'), $4, $5 from accounts"
                            " where id = $2 and erasing_since is null for share"
                            " on conflict (id) do nothing");
  open.prepare("end_surplus_logins",
               "delete from logins where user_id = $1 and id not in"
               " (select id from logins where user_id = $1 order by used_at desc, id desc limit $2)");
  open.prepare("rotate_login",
               "update logins set token_hash = decode($3, 'hex'), used_at = $4, expires_at = $5"
               " where id = $1 and token_hash = decode($2, 'hex') and expires_at > $4"
               " returning user_id");
  open.prepare("end_login", "delete from logins where id = $1 returning user_id, expires_at > $2");
  open.prepare("remove_expired_logins",
               "delete from logins where id in (select id from logins where expires_at <= $1 limit $2)");
  open.prepare("begin_erasure", "update accounts set email = null, display_name = null, password_hash = null,"
                                " erasing_since = $2 where id = $1 and erasing_since is null");
  open.prepare("end_logins_of", "delete from logins where user_id = $1");
  open.prepare("find_erasures",
               "select id, to_char(erasing_since at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
               " from accounts where erasing_since is not null order by erasing_since, id limit $1");
  open.prepare("remove_account", "delete from accounts where id = $1 and erasing_since is not null");
}

events::timestamp time_of(const pqxx::field& from) {
  return events::parse_timestamp(from.c_str()).value_or(events::timestamp{});
}

events::user_id user_of(const pqxx::field& from) {
  return events::user_id::parse(from.c_str()).value_or(events::user_id{});
}

/// Owned by one thread, like its connection.
class store final : public account_store {
public:
  explicit store(settings values)
    : connection_(std::move(values), prepare) {}

  caf::error add(const kept_account& added) override {
    const auto& account = added.account;
    auto is_there = false;
    auto failed = connection_.run_again("add an account", [&](pqxx::connection& open) {
      pqxx::nontransaction within{open};
      within.exec_prepared("add_account", to_string(account.id), account.email,
                           account.display_name ? account.display_name->c_str() : nullptr,
                           added.password_hash, events::to_string(account.created_at));
      // When it was there already, it may be by the first of two attempts.
      is_there = !within.exec_prepared("find_account", to_string(account.id)).empty();
    });
    if (failed)
      return failed;
    return is_there ? caf::error{} : events::make_error(errc::already_exists, "the e-mail has an account");
  }

  caf::expected<std::optional<kept_account>> find(const events::user_id& id) override {
    return find_by("find_account", to_string(id));
  }

  caf::expected<std::optional<kept_account>> find_by_email(const std::string& email) override {
    return find_by("find_account_by_email", email);
  }

  caf::error replace_password_hash(const events::user_id& id, const std::string& former,
                                   const std::string& hash) override {
    return execute("renew a password's hash", "replace_password_hash", to_string(id), former, hash);
  }

  caf::error add_login(const login& added) override {
    auto is_there = false;
    auto failed = connection_.run_again("add a login", [&](pqxx::connection& open) {
      pqxx::work within{open};
      auto user = to_string(added.user);
      within.exec_prepared("add_login", to_string(added.id), user, events::hex(added.hash),
                           events::to_string(added.used_at), events::to_string(added.expires_at));
      is_there = !within.exec_prepared("find_account", user).empty();
      within.exec_prepared("end_surplus_logins", user, logins_max);
      within.commit();
    });
    if (failed)
      return failed;
    return is_there ? caf::error{} : events::make_error(errc::not_found, "the account is gone");
  }

  caf::expected<rotation> rotate(const token_hash& brought, const login& next) override {
    rotation out;
    auto now = events::to_string(next.used_at);
    // Not a second time: the first may have been done, and would then look like a theft.
    auto failed = connection_.run("rotate a refresh token", [&](pqxx::connection& open) {
      pqxx::work within{open};
      auto rotated = within.exec_prepared("rotate_login", to_string(next.id), events::hex(brought),
                                          events::hex(next.hash), now, events::to_string(next.expires_at));
      if (!rotated.empty()) {
        out = {rotation::verdict::rotated, user_of(rotated[0][0])};
      } else {
        auto ended = within.exec_prepared("end_login", to_string(next.id), now);
        if (!ended.empty() && ended[0][1].as<bool>())
          out = {rotation::verdict::reused, user_of(ended[0][0])};
      }
      within.commit();
    });
    if (failed)
      return failed;
    return out;
  }

  caf::error end_login(const login_id& id) override {
    return execute("end a login", "end_login", to_string(id), events::to_string(events::timestamp{}));
  }

  caf::expected<std::size_t> remove_expired_logins(events::timestamp now) override {
    std::size_t out = 0;
    auto failed = connection_.run_again("remove expired logins", [&](pqxx::connection& open) {
      pqxx::nontransaction within{open};
      out =
        within.exec_prepared("remove_expired_logins", events::to_string(now), removed_max).affected_rows();
    });
    if (failed)
      return failed;
    return out;
  }

  caf::error begin_erasure(const events::user_id& id, events::timestamp now) override {
    return connection_.run_again("begin an erasure", [&](pqxx::connection& open) {
      pqxx::work within{open};
      within.exec_prepared("begin_erasure", to_string(id), events::to_string(now));
      within.exec_prepared("end_logins_of", to_string(id));
      within.commit();
    });
  }

  caf::expected<std::vector<erasure>> find_erasures(std::size_t limit) override {
    std::vector<erasure> out;
    auto failed = connection_.run_again("find erasures", [&](pqxx::connection& open) {
      out.clear();
      pqxx::nontransaction within{open};
      for (const auto& row : within.exec_prepared("find_erasures", limit))
        out.push_back({user_of(row[0]), time_of(row[1])});
    });
    if (failed)
      return failed;
    return out;
  }

  caf::error remove(const events::user_id& id) override {
    return execute("remove an account", "remove_account", to_string(id));
  }

private:
  /// Runs one statement that may be run twice.
  template <class... Arguments>
  caf::error execute(std::string_view attempt, const char* statement, const Arguments&... arguments) {
    return connection_.run_again(attempt, [&](pqxx::connection& open) {
      pqxx::nontransaction within{open};
      within.exec_prepared(statement, arguments...);
    });
  }

  caf::expected<std::optional<kept_account>> find_by(const char* statement, const std::string& value) {
    std::optional<kept_account> out;
    auto failed = connection_.run_again("find an account", [&](pqxx::connection& open) {
      out.reset();
      pqxx::nontransaction within{open};
      auto found = within.exec_prepared(statement, value);
      if (found.empty())
        return;
      auto name = found[0][2].is_null() ? std::nullopt : std::optional<std::string>{found[0][2].c_str()};
      out = kept_account{{user_of(found[0][0]), found[0][1].c_str(), std::move(name), time_of(found[0][4])},
                         found[0][3].c_str()};
    });
    if (failed)
      return failed;
    return out;
  }

  connection connection_;
};

} // namespace

std::unique_ptr<account_store> make_account_store(settings values) {
  return std::make_unique<store>(std::move(values));
}

} // namespace sonicmatch::infra::postgres
