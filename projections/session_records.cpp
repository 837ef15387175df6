#include "projections/session_records.hpp"

#include "events/error.hpp"

namespace sonicmatch::projections {

using events::errc;
using events::make_error;

caf::expected<std::optional<effective_event>> read_session_record(const actors::ports::log_record& record,
                                                                  events::claim_fence& fence) {
  if (!record.value)
    return make_error(errc::invalid_record, "a record of the events topic must have a value");
  auto decoded = events::decode_event(*record.value);
  if (!decoded)
    return decoded.error();
  if (const auto* of_partition = std::get_if<events::partition::event>(&decoded->body)) {
    if (std::holds_alternative<events::partition::partition_claimed>(*of_partition))
      fence.claimed(record.offset);
    return std::optional<effective_event>{};
  }
  auto session = events::session_id::parse(record.key);
  if (!session)
    return make_error(errc::invalid_record, "the key of a session's event must be its id");
  if (!decoded->head.sequence || *decoded->head.sequence == 0)
    return make_error(errc::invalid_record, "/sequence a session's event must have one, from 1");
  if (!fence.admits(decoded->head.claim_offset()))
    return std::optional<effective_event>{};
  return std::optional<effective_event>{
    effective_event{*session,
                    std::move(decoded->head),
                    std::get<events::session::event>(std::move(decoded->body)),
                    {*decoded->head.sequence},
                    {record.partition, record.offset}}};
}

} // namespace sonicmatch::projections
