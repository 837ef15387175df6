#include "infra/postgres/personal_records.hpp"

#include "infra/postgres/connection.hpp"

#include <algorithm>
#include <string_view>

namespace sonicmatch::infra::postgres {

namespace {

using actors::ports::given_feedback;
using actors::ports::personal_records;

/// Both by way of the user's sessions, which have an index for that.
void prepare(pqxx::connection& open) {
  open.prepare("find_explanations_of",
               "select e.document from sessions s join explanations e on e.session_id = s.id"
               " where s.user_id = $1 order by e.created_at desc, e.explanation_id limit $2");
  open.prepare("find_feedback_of",
               "select f.session_id, f.slug, f.kind, f.rating, to_char(f.created_at at time zone 'UTC',"
               " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from sessions s join feedback f on f.session_id = s.id"
               " where s.user_id = $1 order by f.created_at desc, f.feedback_id limit $2");
}

/// Nothing for a kind that only a later version knows.
std::optional<given_feedback> feedback_in(const pqxx::row& row) {
  constexpr auto known = names(events::feedback::kind{});
  auto kind = std::find(known.begin(), known.end(), std::string_view{row[2].c_str()});
  auto session = events::session_id::parse(row[0].c_str());
  auto created_at = events::parse_timestamp(row[4].c_str());
  if (kind == known.end() || !session || !created_at)
    return std::nullopt;
  auto rating = row[3].is_null() ? std::nullopt : std::optional{row[3].as<int>()};
  return given_feedback{*session, row[1].c_str(), static_cast<events::feedback::kind>(kind - known.begin()),
                        rating, *created_at};
}

/// Owned by one thread, like its connection.
class reader final : public actors::ports::personal_record_reader {
public:
  explicit reader(settings values)
    : connection_(std::move(values), prepare) {}

  caf::expected<personal_records> find_records_of(const events::user_id& user,
                                                  std::size_t count_max) override {
    personal_records out;
    auto failed = connection_.run_again("collect what there is of a user", [&](pqxx::connection& open) {
      out = {};
      pqxx::nontransaction within{open};
      for (const auto& row : within.exec_prepared("find_explanations_of", to_string(user), count_max))
        out.explanations.emplace_back(row[0].c_str());
      for (const auto& row : within.exec_prepared("find_feedback_of", to_string(user), count_max))
        if (auto each = feedback_in(row))
          out.feedback.push_back(std::move(*each));
    });
    if (failed)
      return failed;
    return out;
  }

private:
  connection connection_;
};

} // namespace

std::unique_ptr<actors::ports::personal_record_reader> make_personal_record_reader(settings values) {
  return std::make_unique<reader>(std::move(values));
}

} // namespace sonicmatch::infra::postgres
