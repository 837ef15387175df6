#include "tests/simulation/checker_parts.hpp"

#include "events/error.hpp"

#include <set>

namespace sonicmatch::tests::simulation {

namespace {

/// Idempotency-Keys, as those who sent them see them, and the log.
class key_checking {
public:
  key_checking(const aftermath& left, const std::vector<folded_partition>& truth,
               std::vector<std::string>& violations)
    : left_(left)
    , truth_(truth)
    , out_(violations) {}

  void run() {
    for (const auto& each : left_.clients.requests())
      if (each.key) {
        auto& key = keys_[{each.user, *each.key}];
        key.asked_for.insert(each.wishes);
        if (each.answer && *each.answer) {
          key.sessions.insert((*each.answer)->id);
          key.served.insert(each.wishes);
        }
      }
    for (const auto& [name, key] : keys_) {
      if (key.sessions.size() > 1)
        out_.push_back(described(name) + " led to " + std::to_string(key.sessions.size()) + " sessions");
      if (key.served.size() > 1)
        out_.push_back(described(name) + " led to one session for different wishes");
    }
    check_refusals();
    check_sessions_in_the_log();
  }

private:
  using key_name = std::pair<std::optional<events::user_id>, std::string>;
  struct key_use {
    std::set<int> asked_for;
    std::set<int> served;
    std::set<events::session_id> sessions;
  };

  static std::string described(const key_name& name) {
    return name.second + " of " + (name.first ? to_string(*name.first) : "nobody");
  }

  /// Who repeats what the key was first sent for is not told that it was for something else.
  void check_refusals() {
    for (const auto& each : left_.clients.requests()) {
      if (!each.key || !each.answer || *each.answer)
        continue;
      const auto& key = keys_.at({each.user, *each.key});
      auto is_refused = events::code_of(each.answer->error()) == events::errc::key_reused;
      if (is_refused && key.asked_for.size() == 1 && !is_erased(key))
        out_.push_back("a repeat under " + described({each.user, *each.key}) + " to " + each.asked_of
                       + " was refused as another request");
    }
  }

  bool is_erased(const key_use& key) const {
    for (const auto& id : key.sessions) {
      auto text = to_string(id);
      const auto& partition =
        truth_[static_cast<std::size_t>(events::partition_of(text, partition_count).value)];
      auto found = partition.sessions.find(text);
      if (found != partition.sessions.end() && found->second.erased_at)
        return true;
    }
    return false;
  }

  /// Whether anybody was told of them or not, a user has no more of them than keys.
  void check_sessions_in_the_log() {
    std::map<std::string, std::size_t> keys;
    for (const auto& [name, key] : keys_)
      ++keys[name.first ? to_string(*name.first) : std::string{}];
    std::map<std::string, std::set<std::string>> opened;
    for (partition_id p; p.value < partition_count; p = p.next())
      for (const auto& record : left_.where.log.records(std::string{events::topics::commands}, p))
        if (auto head = record.value ? fields_of(*record.value) : std::nullopt)
          if (auto [user, hash] = origin_in(*head); !hash.empty())
            opened[user].insert(record.key);
    for (const auto& [user, sessions] : opened)
      if (sessions.size() > keys[user])
        out_.push_back("user '" + user + "' has " + std::to_string(sessions.size()) + " sessions of "
                       + std::to_string(keys[user]) + " keys");
  }

  const aftermath& left_;
  const std::vector<folded_partition>& truth_;
  std::map<key_name, key_use> keys_;
  std::vector<std::string>& out_;
};

} // namespace

void check_keys(const aftermath& left, const std::vector<folded_partition>& truth,
                std::vector<std::string>& violations) {
  key_checking{left, truth, violations}.run();
}

} // namespace sonicmatch::tests::simulation
