#include "infra/postgres/read_model_store.hpp"

#include "events/error.hpp"
#include "infra/postgres/connection.hpp"
#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::changes;
using projections::stored_progress;

/// After a direct COPY met a row that was known, so many batches go the sure way:
/// one repeat seldom comes alone.
constexpr int staged_batches = 100;

void prepare(pqxx::connection& open) {
  pqxx::nontransaction setup{open};
  setup.exec(
    "create temporary table staged_sessions (like sessions including defaults) on commit delete rows;"
    "create temporary table staged_matches (like matches) on commit delete rows;"
    "create temporary table staged_explanations (like explanations including defaults) on commit delete rows;"
    "create temporary table staged_feedback (like feedback) on commit delete rows;"
    "create temporary table staged_language_model_calls (like language_model_calls) on commit delete rows;"
    "create temporary table staged_headphones (like headphones) on commit delete rows");
  setup.commit();
  open.prepare("load_checkpoints", "select partition, next, claim from checkpoints where projection = $1");
  open.prepare("load_parked", "select session_id, partition from parked_sessions"
                              " where projection = $1 and session_id is not null");
  // Both parts see the table as it was before; each partition is in one of them.
  open.prepare("advance_checkpoints", R"(
    with step as (
      select * from unnest($2::integer[], $3::bigint[], $4::bigint[], $5::bigint[])
        as step (partition, stored, next, claim)),
    moved as (
      update checkpoints set next = step.next, claim = step.claim, updated_at = now() from step
      where checkpoints.projection = $1 and checkpoints.partition = step.partition
        and checkpoints.next = step.stored
      returning 1),
    begun as (
      insert into checkpoints (projection, partition, next, claim)
      select $1, partition, next, claim from step where stored is null
      on conflict do nothing
      returning 1)
    select (select count(*) from moved) + (select count(*) from begun))");
  open.prepare("park",
               R"(insert into parked_sessions (projection, partition, "offset", session_id, key, error)
                          values ($1, $2, $3, $4, $5, $6))");
  open.prepare("leave_out", "update parked_sessions set left_out = left_out + $3"
                            " where projection = $1 and session_id = $2");
  prepare_sessions(open);
  prepare_matches(open);
  prepare_explanations(open);
  prepare_feedback(open);
  prepare_erased_sessions(open);
  prepare_language_model_calls(open);
  prepare_headphones(open);
}

/// Whether every checkpoint was where it had to be, and has moved.
bool advance(pqxx::transaction_base& within, const changes& batch) {
  array_literal partitions, stored, next, claims;
  for (const auto& [from, to] : batch.advances) {
    partitions.add(to.partition.value);
    from ? stored.add(from->value) : stored.add_null();
    next.add(to.next.value);
    to.claim ? claims.add(to.claim->value) : claims.add_null();
  }
  auto moved =
    within.exec_prepared("advance_checkpoints", batch.projection, std::move(partitions).finish(),
                         std::move(stored).finish(), std::move(next).finish(), std::move(claims).finish());
  return moved[0][0].as<std::size_t>() == batch.advances.size();
}

void park(pqxx::transaction_base& within, const changes& batch) {
  for (const auto& each : batch.parked) {
    auto session = each.session ? to_string(*each.session) : std::string{};
    within.exec_prepared("park", batch.projection, each.position.partition.value, each.position.offset.value,
                         each.session ? session.c_str() : static_cast<const char*>(nullptr),
                         printable(each.key), printable(each.error));
  }
  for (const auto& each : batch.left_out)
    within.exec_prepared("leave_out", batch.projection, to_string(each.session), each.records);
}

/// Owned by one thread, like its connection.
class store final : public projections::read_model_store {
public:
  explicit store(settings values)
    : connection_(std::move(values), prepare) {}

  caf::expected<stored_progress> load(std::string_view projection) override {
    stored_progress out;
    auto error = connection_.run_again(
      "load the checkpoints", [&](pqxx::connection& open) { out = load(open, std::string{projection}); });
    if (error)
      return error;
    return out;
  }

  caf::error apply(const changes& batch) override {
    auto path = staged_ > 0 ? copy_path::staged : copy_path::direct;
    auto verdict = outcome::applied;
    auto error = attempt(batch, path, verdict);
    if (!error && verdict == outcome::known) {
      staged_ = staged_batches;
      error = attempt(batch, copy_path::staged, verdict);
    } else if (staged_ > 0) {
      --staged_;
    }
    if (!error && verdict == outcome::conflict)
      return events::make_error(events::errc::checkpoint_conflict,
                                "a checkpoint of " + batch.projection + " was moved by another process");
    return error;
  }

private:
  enum class outcome : std::uint8_t { applied, known, conflict };

  static stored_progress load(pqxx::connection& open, const std::string& projection) {
    stored_progress out;
    pqxx::read_transaction within{open};
    for (const auto& row : within.exec_prepared("load_checkpoints", projection)) {
      auto& each = out.checkpoints.emplace_back();
      each.partition = {row[0].as<std::int32_t>()};
      each.next = {row[1].as<std::int64_t>()};
      if (!row[2].is_null())
        each.claim = events::log_offset{row[2].as<std::int64_t>()};
    }
    for (const auto& row : within.exec_prepared("load_parked", projection))
      if (auto id = events::session_id::parse(row[0].c_str()))
        out.parked.push_back({*id, {row[1].as<std::int32_t>()}});
    return out;
  }

  caf::error attempt(const changes& batch, copy_path path, outcome& verdict) {
    return connection_.run("apply a batch of " + batch.projection, [&](pqxx::connection& open) {
      try {
        verdict = transact(open, batch, path);
      } catch (const pqxx::unique_violation&) {
        if (path == copy_path::staged)
          throw;
        verdict = outcome::known;
      }
    });
  }

  static outcome transact(pqxx::connection& open, const changes& batch, copy_path path) {
    pqxx::work within{open};
    // First, so that the loser of a race learns it before it has written anything.
    if (!advance(within, batch))
      return outcome::conflict;
    auto kept = without_erased(within, batch);
    std::visit([&](const auto& rows) { write_rows(within, rows, path); }, kept ? *kept : batch.rows);
    erase(within, batch);
    park(within, batch);
    within.commit();
    return outcome::applied;
  }

  connection connection_;
  int staged_ = 0;
};

} // namespace

std::unique_ptr<projections::read_model_store> make_read_model_store(settings values) {
  return std::make_unique<store>(std::move(values));
}

} // namespace sonicmatch::infra::postgres
