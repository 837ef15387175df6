#pragma once

#include "projections/batch.hpp"
#include "tests/support/simulated_store.hpp"

namespace sonicmatch::tests {

/// A projection without its actors: folds records and applies them to simulated tables.
class folded_projection {
public:
  folded_projection(projections::read_model model, std::shared_ptr<simulated_tables> tables)
    : model_(std::move(model))
    , store_(std::move(tables)) {}

  /// One batch; the poison in it.
  std::vector<projections::poison> apply(const std::vector<actors::ports::log_record>& records) {
    auto owner = std::make_shared<actors::ports::record_batch>();
    owner->records = records;
    projections::batch work;
    for (std::size_t i = 0; i < records.size(); ++i) {
      work.records.push_back({owner, i});
      positions_[records[i].partition].partition = records[i].partition;
    }
    for (const auto& [partition, each] : positions_)
      work.before.push_back(each);
    auto out = fold(model_, work);
    if (!out.to_apply.advances.empty())
      error = store_.apply(out.to_apply);
    for (auto& each : out.after)
      positions_[each.partition] = each;
    return out.poisoned;
  }

  caf::error error;

private:
  projections::read_model model_;
  simulated_store store_;
  std::map<events::partition_id, projections::partition_position> positions_;
};

} // namespace sonicmatch::tests
