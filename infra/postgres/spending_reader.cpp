#include "infra/postgres/spending_reader.hpp"

#include "infra/postgres/connection.hpp"

namespace sonicmatch::infra::postgres {

namespace {

void prepare(pqxx::connection& open) {
  open.prepare("find_spending",
               "select coalesce(sum(coalesce(cost_micro_usd, cost_max_micro_usd)), 0)::bigint"
               " from language_model_calls where recorded_at >= $1");
  open.prepare("find_progress",
               "select partition, next, claim from checkpoints where projection = 'language_model_calls'");
}

/// Owned by one thread, like its connection.
class reader final : public actors::ports::spending_reader {
public:
  explicit reader(settings values)
    : connection_(std::move(values), prepare) {}

  caf::expected<spending> find_spending(events::timestamp since) override {
    spending out;
    auto error = connection_.run_again("find what was spent", [&](pqxx::connection& open) {
      out = {};
      // The sum and the checkpoints of one moment: a call is in one of them.
      pqxx::transaction<pqxx::isolation_level::repeatable_read> within{open};
      auto sum = within.exec_prepared("find_spending", events::to_string(since));
      out.spent = {sum[0][0].as<std::int64_t>()};
      for (const auto& row : within.exec_prepared("find_progress")) {
        auto& each = out.progress.emplace_back();
        each.partition = {row[0].as<std::int32_t>()};
        each.next = {row[1].as<std::int64_t>()};
        if (!row[2].is_null())
          each.claim = events::log_offset{row[2].as<std::int64_t>()};
      }
    });
    if (error)
      return error;
    return out;
  }

private:
  connection connection_;
};

} // namespace

std::unique_ptr<actors::ports::spending_reader> make_spending_reader(settings values) {
  return std::make_unique<reader>(std::move(values));
}

} // namespace sonicmatch::infra::postgres
