#include "events/error.hpp"
#include "infra/postgres/migrations.hpp"
#include "infra/verbs/verbs.hpp"
#include "infra/wiring/process.hpp"

#include <iostream>

namespace sonicmatch::infra {

namespace {

int failed(const caf::error& reason) {
  std::cerr << "sonicmatch migrate: " << events::describe(reason) << '\n';
  return 1;
}

int migrate_all_up(const postgres::settings& where) {
  auto applied = postgres::migrate_up(where);
  if (!applied)
    return failed(applied.error());
  for (const auto& name : *applied)
    std::cout << "applied " << name << '\n';
  if (applied->empty())
    std::cout << "nothing to apply\n";
  return 0;
}

int migrate_one_down(const postgres::settings& where) {
  auto reverted = postgres::migrate_down(where);
  if (!reverted)
    return failed(reverted.error());
  std::cout << (reverted->empty() ? "nothing to revert" : "reverted " + *reverted) << '\n';
  return 0;
}

std::string_view word_of(postgres::migration_state state) {
  switch (state) {
  case postgres::migration_state::applied:
    return "applied";
  case postgres::migration_state::pending:
    return "pending";
  case postgres::migration_state::changed:
    return "changed since it was applied";
  default:
    return "unknown to this program";
  }
}

int show_history(const postgres::settings& where) {
  auto history = postgres::migration_history(where);
  if (!history)
    return failed(history.error());
  for (const auto& each : *history)
    std::cout << each.name << "  " << word_of(each.state) << "  " << each.applied_at << "  "
              << each.checksum.substr(0, 12) << '\n';
  return 0;
}

} // namespace

int migrate(const configuration& values, const std::vector<std::string>& arguments) {
  auto where = postgres_settings_of(values);
  if (arguments.size() == 1 && arguments[0] == "up")
    return migrate_all_up(where);
  if (arguments.size() == 1 && arguments[0] == "down")
    return migrate_one_down(where);
  if (arguments.size() == 1 && arguments[0] == "history")
    return show_history(where);
  std::cerr << "usage: sonicmatch migrate up|down|history\n";
  return 2;
}

} // namespace sonicmatch::infra
