#pragma once

#include "actors/ports/session_reader.hpp"
#include "actors/ports/spending_reader.hpp"
#include "projections/read_model_store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sonicmatch::tests {

/// A session's picks, with the version that they are of.
struct kept_matches {
  events::stream_version version;
  std::vector<projections::matches::match_row> rows;

  bool operator==(const kept_matches&) const = default;
};

struct kept_parked_record {
  projections::parked_record record;
  std::uint64_t left_out = 0;
};

/// A session and one of its picks.
using explained_key = std::pair<events::session_id, events::headphone_id>;

/// The tables of the read models, in memory. A value: what survives when a process
/// dies, to be shared by the stores of all simulated processes (in one thread).
struct simulated_tables {
  std::map<std::pair<std::string, events::partition_id>, projections::checkpoint> checkpoints;
  std::map<std::pair<std::string, events::log_position>, kept_parked_record> parked;
  std::map<events::session_id, projections::sessions::session_row> sessions;
  std::map<events::session_id, kept_matches> matches;
  std::map<explained_key, projections::explanations::explanation_row> explanations;
  std::map<events::feedback_id, projections::feedback::feedback_row> feedback;
  std::map<events::call_id, projections::language_model_calls::call_row> language_model_calls;
  std::map<events::headphone_id, projections::headphones::headphone_row> headphones;
  /// By projection: the sessions of which it keeps nothing.
  std::map<std::string, std::set<events::session_id>, std::less<>> erased;
};

/// When a simulation may interfere.
enum class store_step : std::uint8_t { before_load, after_load, before_apply, after_apply };

/// Called at each step. An error is what the caller gets; after a step the action
/// has been carried out all the same, as when an answer is lost. Throwing is a crash.
using store_hook = std::function<caf::error(store_step)>;

/// The read model store over simulated tables, with the semantics of the real one:
/// tests/contract runs the same tests on both.
class simulated_store final : public projections::read_model_store {
public:
  explicit simulated_store(std::shared_ptr<simulated_tables> tables, store_hook hook = {});

  [[nodiscard]] caf::expected<projections::stored_progress> load(std::string_view projection) override;
  [[nodiscard]] caf::error apply(const projections::changes& batch) override;

private:
  [[nodiscard]] caf::error call(store_step step) const;

  std::shared_ptr<simulated_tables> tables_;
  store_hook hook_;
};

/// Reads the simulated tables of sessions and explanations; `hook` sees the load steps.
class simulated_session_reader final : public actors::ports::session_reader {
public:
  explicit simulated_session_reader(std::shared_ptr<const simulated_tables> tables, store_hook hook = {});

  [[nodiscard]] caf::expected<std::optional<actors::ports::stored_session>>
  find(const events::session_id& id) override;
  [[nodiscard]] caf::expected<std::optional<actors::ports::stored_explanation>>
  find_explanation(const events::session_id& session, const events::headphone_id& headphone) override;
  [[nodiscard]] caf::expected<std::vector<actors::ports::listed_session>>
  find_sessions_of(const events::user_id& user, const std::optional<actors::ports::session_place>& after,
                   std::size_t count_max) override;
  [[nodiscard]] caf::expected<std::vector<progress>> find_progress() override;
  [[nodiscard]] caf::error ping() override;

private:
  [[nodiscard]] caf::error call() const;

  std::shared_ptr<const simulated_tables> tables_;
  store_hook hook_;
};

/// Sums up the simulated table of calls; `hook` sees the load steps.
class simulated_spending_reader final : public actors::ports::spending_reader {
public:
  explicit simulated_spending_reader(std::shared_ptr<const simulated_tables> tables, store_hook hook = {});

  [[nodiscard]] caf::expected<spending> find_spending(events::timestamp since) override;

private:
  std::shared_ptr<const simulated_tables> tables_;
  store_hook hook_;
};

} // namespace sonicmatch::tests
