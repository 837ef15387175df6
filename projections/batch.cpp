#include "projections/batch.hpp"

#include "events/codec.hpp"
#include "events/error.hpp"

#include <algorithm>
#include <map>

namespace sonicmatch::projections {

namespace {

using actors::ports::log_record;

/// Bounds what a parked record says of itself in the table.
constexpr std::size_t text_size_max = 1'000;

class folding {
public:
  folding(const read_model& model, const batch& work)
    : model_(model)
    , work_(work)
    , rows_(model.begin()) {
    out_.after = work.before;
  }

  folded_batch run() && {
    for (const auto& record : work_.records) {
      if (stopped_)
        break;
      take(record);
    }
    out_.to_apply.projection = model_.name;
    out_.to_apply.rows = rows_->finish();
    out_.to_apply.erased = rows_->erased();
    for (const auto& [session, records] : left_out_)
      out_.to_apply.left_out.push_back({session, records});
    for (auto& each : out_.after)
      advance(each);
    return std::move(out_);
  }

private:
  void take(const record_ref& ref) {
    const auto& record = *ref;
    auto& place = position_of(record.partition);
    if (record.offset < place.next)
      return;
    place.next = record.offset.next();
    auto session = model_.parks_sessions ? events::session_id::parse(record.key) : std::nullopt;
    // An erasure needs nothing of what came before it.
    auto erases = events::is_of<events::session::session_erased>(record.header_value(events::headers::type));
    if (session && !erases && place.parked && place.parked->contains(*session)) {
      ++left_out_[*session];
      return;
    }
    events::claim_fence fence{place.claim};
    if (auto error = outcome(ref, fence))
      give_up(ref, place, session, std::move(error));
    else
      place.claim = fence.newest();
  }

  caf::error outcome(const record_ref& ref, events::claim_fence& fence) {
    if (work_.refused && work_.refused->record->partition == ref->partition
        && work_.refused->record->offset == ref->offset)
      return work_.refused->error;
    return rows_->take(*ref, fence);
  }

  void give_up(const record_ref& ref, partition_position& place,
               const std::optional<events::session_id>& session, caf::error error) {
    if (work_.policy == failure_policy::retry_then_park) {
      out_.to_apply.parked.push_back({{ref->partition, ref->offset},
                                      session,
                                      ref->key.substr(0, text_size_max),
                                      events::describe(error).substr(0, text_size_max)});
      if (session) {
        auto more =
          place.parked ? std::make_shared<session_set>(*place.parked) : std::make_shared<session_set>();
        more->insert(*session);
        place.parked = std::move(more);
      }
    }
    stopped_ = work_.policy == failure_policy::fail;
    out_.poisoned.push_back({ref, std::move(error)});
  }

  void advance(partition_position& place) {
    if (place.stored == place.next)
      return;
    out_.to_apply.advances.push_back({place.stored, {place.partition, place.next, place.claim}});
    place.stored = place.next;
  }

  partition_position& position_of(partition_id partition) {
    return *std::lower_bound(out_.after.begin(), out_.after.end(), partition,
                             [](const auto& each, partition_id wanted) { return each.partition < wanted; });
  }

  const read_model& model_;
  const batch& work_;
  std::unique_ptr<row_fold> rows_;
  std::map<events::session_id, std::uint64_t> left_out_;
  folded_batch out_;
  bool stopped_ = false;
};

} // namespace

folded_batch fold(const read_model& model, const batch& work) {
  return folding{model, work}.run();
}

} // namespace sonicmatch::projections
