#include "actors/ownership.hpp"

#include "events/error.hpp"

namespace sonicmatch::actors {

caf::error no_such_session() {
  return events::make_error(events::errc::not_found, "No session has this id.");
}

void write_origin(std::vector<ports::header>& headers, const events::stream_origin& origin) {
  if (origin.user)
    headers.emplace_back(events::headers::user, to_string(*origin.user));
  if (origin.request_hash)
    headers.emplace_back(events::headers::request_hash, *origin.request_hash);
}

events::stream_origin origin_of(const ports::log_record& record) {
  events::stream_origin out;
  out.user = events::user_id::parse(record.header_value(events::headers::user));
  if (auto hash = record.header_value(events::headers::request_hash); !hash.empty())
    out.request_hash = hash;
  return out;
}

} // namespace sonicmatch::actors
