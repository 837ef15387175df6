#pragma once

#include "actors/ports/account_store.hpp"
#include "events/error.hpp"

#include <algorithm>
#include <map>

namespace sonicmatch::tests {

/// What is in simulated tables of accounts.
struct simulated_people {
  struct person {
    actors::ports::kept_account kept;
    std::optional<events::timestamp> erasing_since;
  };
  std::map<events::user_id, person> accounts;
  std::map<actors::ports::login_id, actors::ports::login> logins;
  bool away = false; ///< nothing answers
};

/// Accounts in memory; tests/contract holds it to what PostgreSQL does. One thread.
class simulated_accounts final : public actors::ports::account_store {
public:
  explicit simulated_accounts(std::shared_ptr<simulated_people> people)
    : people_(std::move(people)) {}

  caf::error add(const actors::ports::kept_account& added) override {
    if (people_->away)
      return away();
    if (people_->accounts.contains(added.account.id))
      return {};
    for (const auto& [id, each] : people_->accounts)
      if (!each.erasing_since && each.kept.account.email == added.account.email)
        return events::make_error(events::errc::already_exists, "the e-mail has an account");
    people_->accounts[added.account.id] = {added, std::nullopt};
    return {};
  }

  caf::expected<std::optional<actors::ports::kept_account>> find(const events::user_id& id) override {
    return find_if([&](const auto& kept) { return kept.account.id == id; });
  }

  caf::expected<std::optional<actors::ports::kept_account>> find_by_email(const std::string& email) override {
    return find_if([&](const auto& kept) { return kept.account.email == email; });
  }

  caf::error replace_password_hash(const events::user_id& id, const std::string& former,
                                   const std::string& hash) override {
    if (people_->away)
      return away();
    auto known = people_->accounts.find(id);
    if (known != people_->accounts.end() && known->second.kept.password_hash == former)
      known->second.kept.password_hash = hash;
    return {};
  }

  caf::error add_login(const actors::ports::login& added) override {
    auto known = find(added.user);
    if (!known)
      return known.error();
    if (!*known)
      return events::make_error(events::errc::not_found, "the account is gone");
    people_->logins.emplace(added.id, added);
    auto of_user = [&](const auto& each) { return each.second.user == added.user; };
    auto older = [](const auto& a, const auto& b) {
      return std::pair{a.used_at, a.id} < std::pair{b.used_at, b.id};
    };
    while (std::count_if(people_->logins.begin(), people_->logins.end(), of_user)
           > static_cast<std::ptrdiff_t>(actors::ports::logins_max)) {
      auto oldest = people_->logins.end();
      for (auto each = people_->logins.begin(); each != people_->logins.end(); ++each)
        if (of_user(*each) && (oldest == people_->logins.end() || older(each->second, oldest->second)))
          oldest = each;
      people_->logins.erase(oldest);
    }
    return {};
  }

  caf::expected<actors::ports::rotation> rotate(const actors::ports::token_hash& brought,
                                                const actors::ports::login& next) override {
    using actors::ports::rotation;
    if (people_->away)
      return away();
    auto known = people_->logins.find(next.id);
    if (known == people_->logins.end())
      return rotation{};
    auto& login = known->second;
    auto user = login.user;
    auto holds = login.expires_at > next.used_at;
    if (holds && login.hash == brought) {
      login = {next.id, user, next.hash, next.used_at, next.expires_at};
      return rotation{rotation::verdict::rotated, user};
    }
    people_->logins.erase(known);
    return holds ? rotation{rotation::verdict::reused, user} : rotation{};
  }

  caf::error end_login(const actors::ports::login_id& id) override {
    if (people_->away)
      return away();
    people_->logins.erase(id);
    return {};
  }

  caf::expected<std::size_t> remove_expired_logins(events::timestamp now) override {
    if (people_->away)
      return away();
    return std::erase_if(people_->logins, [&](const auto& each) { return each.second.expires_at <= now; });
  }

  caf::error begin_erasure(const events::user_id& id, events::timestamp now) override {
    if (people_->away)
      return away();
    auto known = people_->accounts.find(id);
    if (known == people_->accounts.end() || known->second.erasing_since)
      return {};
    known->second = {{{id, {}, {}, known->second.kept.account.created_at}, {}}, now};
    std::erase_if(people_->logins, [&](const auto& each) { return each.second.user == id; });
    return {};
  }

  caf::expected<std::vector<actors::ports::erasure>> find_erasures(std::size_t limit) override {
    if (people_->away)
      return away();
    std::vector<actors::ports::erasure> out;
    for (const auto& [id, each] : people_->accounts)
      if (each.erasing_since)
        out.push_back({id, *each.erasing_since});
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return std::pair{a.since, a.user} < std::pair{b.since, b.user};
    });
    out.resize(std::min(out.size(), limit));
    return out;
  }

  caf::error remove(const events::user_id& id) override {
    if (people_->away)
      return away();
    auto known = people_->accounts.find(id);
    if (known != people_->accounts.end() && known->second.erasing_since)
      people_->accounts.erase(known);
    return {};
  }

private:
  static caf::error away() {
    return events::make_error(events::errc::store_unavailable, "away");
  }

  template <class Test>
  caf::expected<std::optional<actors::ports::kept_account>> find_if(Test test) const {
    if (people_->away)
      return away();
    for (const auto& [id, each] : people_->accounts)
      if (!each.erasing_since && test(each.kept))
        return std::optional{each.kept};
    return std::optional<actors::ports::kept_account>{};
  }

  std::shared_ptr<simulated_people> people_;
};

} // namespace sonicmatch::tests
