#include "infra/postgres/session_reader.hpp"

#include "events/error.hpp"
#include "infra/postgres/connection.hpp"

#include <algorithm>
#include <string_view>

namespace sonicmatch::infra::postgres {

namespace {

using actors::ports::listed_session;
using actors::ports::session_place;
using actors::ports::stored_explanation;
using actors::ports::stored_session;
using events::explanation::document_status;

void prepare(pqxx::connection& open) {
  const std::string session = "select document, version, completed_at is not null, user_id, request_hash, "
                              "(extract(epoch from created_at) * 1000000)::bigint, id from sessions ";
  open.prepare("find_session", session + "where id = $1");
  open.prepare("find_sessions_of", session + "where user_id = $1 order by created_at desc, id desc limit $2");
  open.prepare("find_sessions_of_after", session
                                           + "where user_id = $1 and (created_at, id) < ($3, $4) "
                                             "order by created_at desc, id desc limit $2");
  open.prepare("find_erasure",
               "select from erased_sessions where projection = 'sessions' and session_id = $1");
  open.prepare("find_explanation", "select explanation_id, document, status, coalesce(degraded, false) "
                                   "from explanations where session_id = $1 and headphone_id = $2");
  open.prepare("find_progress",
               "select partition, next, claim from checkpoints where projection = 'sessions'");
}

/// What the document itself has; a word that only a later version writes is as good as pending.
document_status status_of(std::string_view name) {
  constexpr auto known = names(document_status{});
  auto found = std::find(known.begin(), known.end(), name);
  return found == known.end() ? document_status::pending
                              : static_cast<document_status>(found - known.begin());
}

stored_session session_in(const pqxx::row& row) {
  stored_session out{row[0].c_str(), {row[1].as<std::uint32_t>()}, row[2].as<bool>(), {}, {}};
  if (!row[3].is_null())
    out.origin.user = events::user_id::parse(row[3].c_str());
  if (!row[4].is_null())
    out.origin.request_hash = row[4].c_str();
  out.created_at = events::timestamp{std::chrono::microseconds{row[5].as<std::int64_t>()}};
  return out;
}

/// Owned by one thread, like its connection.
class reader final : public actors::ports::session_reader {
public:
  explicit reader(settings values)
    : connection_(std::move(values), prepare) {}

  caf::expected<std::optional<stored_session>> find(const events::session_id& id) override {
    std::optional<stored_session> out;
    auto is_erased = false;
    auto error = connection_.run_again("find a session", [&](pqxx::connection& open) {
      pqxx::nontransaction within{open};
      auto found = within.exec_prepared("find_session", to_string(id));
      if (!found.empty())
        out = session_in(found[0]);
      else
        is_erased = !within.exec_prepared("find_erasure", to_string(id)).empty();
    });
    if (error)
      return error;
    if (is_erased)
      return events::make_error(events::errc::erased, "No session has this id.");
    return out;
  }

  caf::expected<std::optional<stored_explanation>>
  find_explanation(const events::session_id& session, const events::headphone_id& headphone) override {
    std::optional<stored_explanation> out;
    auto error = connection_.run_again("find an explanation", [&](pqxx::connection& open) {
      out.reset();
      pqxx::nontransaction within{open};
      auto found = within.exec_prepared("find_explanation", to_string(session), to_string(headphone));
      if (found.empty())
        return;
      if (auto id = events::explanation_id::parse(found[0][0].c_str()))
        out = stored_explanation{*id, found[0][1].c_str(), status_of(found[0][2].c_str()),
                                 found[0][3].as<bool>()};
    });
    if (error)
      return error;
    return out;
  }

  caf::expected<std::vector<listed_session>> find_sessions_of(const events::user_id& user,
                                                              const std::optional<session_place>& after,
                                                              std::size_t count_max) override {
    std::vector<listed_session> out;
    auto error = connection_.run_again("find the sessions of a user", [&](pqxx::connection& open) {
      out.clear();
      pqxx::nontransaction within{open};
      auto found = after ? within.exec_prepared("find_sessions_of_after", to_string(user), count_max,
                                                events::to_string(after->created_at), to_string(after->id))
                         : within.exec_prepared("find_sessions_of", to_string(user), count_max);
      for (const auto& row : found)
        if (auto id = events::session_id::parse(row[6].c_str()))
          out.push_back({*id, session_in(row)});
    });
    if (error)
      return error;
    return out;
  }

  caf::expected<std::vector<progress>> find_progress() override {
    std::vector<progress> out;
    auto error = connection_.run_again("find the progress of the read model", [&](pqxx::connection& open) {
      out.clear();
      pqxx::nontransaction within{open};
      for (const auto& row : within.exec_prepared("find_progress")) {
        auto& each = out.emplace_back();
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

  caf::error ping() override {
    return connection_.run_again("ask PostgreSQL for a sign of life", [](pqxx::connection& open) {
      pqxx::nontransaction within{open};
      within.exec("select 1");
    });
  }

private:
  connection connection_;
};

} // namespace

std::unique_ptr<actors::ports::session_reader> make_session_reader(settings values) {
  return std::make_unique<reader>(std::move(values));
}

} // namespace sonicmatch::infra::postgres
