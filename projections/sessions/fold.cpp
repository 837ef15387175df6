#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <unordered_map>

namespace sonicmatch::projections::sessions {

namespace {

session_row row_of(effective_event event) {
  auto document = events::session::document_of(event.session, std::move(event.body), event.version,
                                               event.head.time, event.position);
  session_row row;
  row.id = event.session;
  row.status = document.status;
  row.document = events::record::to_json(document);
  if (document.engine) {
    // "provider/model", or a provider alone
    auto slash = document.engine->find('/');
    row.provider = document.engine->substr(0, slash);
    if (slash != std::string::npos)
      row.model = document.engine->substr(slash + 1);
  }
  row.degraded = document.degraded;
  row.created_at = document.created_at;
  row.completed_at = document.completed_at;
  row.version = event.version;
  row.position = event.position;
  row.command = event.head.causationid;
  row.correlation = event.head.correlationid;
  row.since = event.version;
  return row;
}

class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence& fence) override {
    auto read = read_session_record(record, fence);
    if (!read)
      return read.error();
    if (*read)
      take(std::move(**read));
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  void take(effective_event event) {
    auto [known, is_new] = places_.try_emplace(event.session, rows_.size());
    if (is_new) {
      rows_.push_back(row_of(std::move(event)));
      return;
    }
    auto& row = rows_[known->second];
    if (event.version <= row.version)
      return;
    auto command = row.command;
    auto since = row.since;
    row = row_of(std::move(event));
    row.command = command;
    row.since = since;
  }

  std::vector<session_row> rows_;
  std::unordered_map<events::session_id, std::size_t> places_;
};

} // namespace

read_model model() {
  return {"sessions", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }};
}

} // namespace sonicmatch::projections::sessions
