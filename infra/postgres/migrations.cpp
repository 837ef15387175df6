#include "infra/postgres/migrations.hpp"

#include "events/digest.hpp"
#include "events/error.hpp"
#include "infra/postgres/connection.hpp"
#include "infra/postgres/migration_files.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sonicmatch::infra::postgres {

namespace {

using events::errc;

/// Any number does that nothing else locks in this database.
constexpr auto lock = "select pg_advisory_xact_lock(7205759403792794)";
/// A migration may rewrite a table.
constexpr std::chrono::minutes statement_timeout{30};

constexpr auto table = "create table if not exists schema_migrations ("
                       " name text primary key, checksum text not null,"
                       " applied_at timestamptz not null default now())";

std::string checksum_of(std::string_view text) {
  return events::hex(events::sha256(text));
}

caf::error failed(const std::string& file, const std::string& why) {
  return events::make_error(errc::migration_failed, file + " " + why);
}

/// A connection, and what one step of migrating does on it.
class migrator {
public:
  migrator(settings where, std::span<const migration> all)
    : connection_(
      [&] {
        where.statement_timeout = statement_timeout;
        where.application_name += " migrations";
        return where;
      }(),
      [](pqxx::connection&) {})
    , all_(all) {}

  /// Locks, looks, and does what `decide` makes of the history: one transaction.
  /// The error that `decide` returns is the result, and rolls back.
  template <class Decide>
  caf::error step(Decide decide) {
    caf::error refused;
    auto file = std::string{};
    auto error = connection_.run("migrate", [&](pqxx::connection& open) {
      pqxx::work within{open};
      within.exec(lock);
      within.exec(table);
      refused = decide(within, history(within), file);
      if (!refused)
        within.commit();
    });
    if (refused)
      return refused;
    if (error && !file.empty())
      return failed(file, "could not be run: " + events::detail_of(error));
    return error;
  }

  caf::error look(std::vector<migration_record>& out) {
    return connection_.run_again("read the history of migrations", [&](pqxx::connection& open) {
      pqxx::read_transaction within{open};
      auto exists = within.exec("select to_regclass('schema_migrations') is not null")[0][0].as<bool>();
      out = exists ? history(within) : unapplied();
    });
  }

private:
  std::vector<migration_record> unapplied() const {
    std::vector<migration_record> out;
    for (const auto& each : all_)
      out.push_back({each.name, migration_state::pending, checksum_of(each.up), {}});
    return out;
  }

  std::vector<migration_record> history(pqxx::transaction_base& within) const {
    auto out = unapplied();
    auto applied = within.exec("select name, checksum, to_char(applied_at at time zone 'UTC',"
                               " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from schema_migrations");
    for (const auto& row : applied) {
      std::string name = row[0].c_str(), checksum = row[1].c_str();
      auto known = std::find_if(out.begin(), out.end(), [&](const auto& each) { return each.name == name; });
      auto state = known == out.end()            ? migration_state::unknown
                   : known->checksum != checksum ? migration_state::changed
                                                 : migration_state::applied;
      if (known == out.end())
        known = out.emplace(known);
      *known = {name, state, checksum, row[2].c_str()};
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return out;
  }

  connection connection_;
  std::span<const migration> all_;
};

const migration& named(std::span<const migration> all, const std::string& name) {
  return *std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
}

/// An error when what is applied is not what this program holds.
caf::error check(const std::vector<migration_record>& history) {
  for (const auto& each : history) {
    if (each.state == migration_state::changed)
      return failed(each.name + ".up.sql", "was changed after it was applied");
    if (each.state == migration_state::unknown)
      return failed(each.name, "is applied, and this program does not know it; a newer one is needed");
  }
  return caf::none;
}

} // namespace

const std::vector<migration>& migrations() {
  static const auto all = [] {
    std::map<std::string, migration> by_name;
    for (const auto& [file, text] : migration_files()) {
      auto name = std::string{file.substr(0, file.find('.'))};
      auto& each = by_name[name];
      each.name = name;
      (file.ends_with(".up.sql") ? each.up : each.down) = text;
    }
    std::vector<migration> out;
    for (auto& [name, each] : by_name)
      out.push_back(std::move(each));
    return out;
  }();
  return all;
}

caf::expected<std::vector<std::string>> migrate_up(const settings& where, std::span<const migration> all) {
  migrator migrating{where, all};
  std::vector<std::string> done;
  for (auto more = true; more;) {
    std::string applied;
    auto error = migrating.step(
      [&](pqxx::work& within, const std::vector<migration_record>& history, std::string& file) {
        if (auto wrong = check(history))
          return wrong;
        auto next = std::find_if(history.begin(), history.end(),
                                 [](const auto& each) { return each.state == migration_state::pending; });
        if (next == history.end())
          return caf::error{};
        file = next->name + ".up.sql";
        within.exec(std::string{named(all, next->name).up});
        within.exec_params("insert into schema_migrations (name, checksum) values ($1, $2)", next->name,
                           next->checksum);
        applied = next->name;
        return caf::error{};
      });
    if (error)
      return error;
    more = !applied.empty();
    if (more)
      done.push_back(std::move(applied));
  }
  return done;
}

caf::expected<std::string> migrate_down(const settings& where, std::span<const migration> all) {
  migrator migrating{where, all};
  std::string undone;
  auto error =
    migrating.step([&](pqxx::work& within, const std::vector<migration_record>& history, std::string& file) {
      if (auto wrong = check(history))
        return wrong;
      auto newest = std::find_if(history.rbegin(), history.rend(),
                                 [](const auto& each) { return each.state == migration_state::applied; });
      if (newest == history.rend())
        return caf::error{};
      file = newest->name + ".down.sql";
      within.exec(std::string{named(all, newest->name).down});
      within.exec_params("delete from schema_migrations where name = $1", newest->name);
      undone = newest->name;
      return caf::error{};
    });
  if (error)
    return error;
  return undone;
}

caf::expected<std::vector<migration_record>> migration_history(const settings& where,
                                                               std::span<const migration> all) {
  migrator migrating{where, all};
  std::vector<migration_record> out;
  if (auto error = migrating.look(out))
    return error;
  return out;
}

} // namespace sonicmatch::infra::postgres
