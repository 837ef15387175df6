#include "actors/accounts/account_eraser.hpp"

#include "events/error.hpp"

#include <deque>

namespace sonicmatch::actors::accounts {

namespace {

/// Owned by its actor.
class eraser {
public:
  eraser(account_eraser::pointer self, eraser_parts parts)
    : self_(self)
    , parts_(std::move(parts)) {}

  void wake(const continue_erasures& asked) {
    if (asked.tick == 0 || asked.tick == tick_)
      begin();
  }

  void take_page(const sessions_to_erase& page) {
    if (page.round != round_)
      return;
    if (!page.found) {
      note("the sessions of a closed account could not be looked up", page.found.error());
      return next_account();
    }
    if (page.found->empty())
      return end_account();
    found_any_ = true;
    after_ = ports::session_place{page.found->back().session.created_at, page.found->back().id};
    pending_ = page.found->size();
    for (const auto& each : *page.found)
      parts_.erase_session(waiting_.front().user, each.id,
                           [self = actor(), round = round_](caf::error failed) {
                             caf::anon_send(self, session_erasure_accepted{round, std::move(failed)});
                           });
  }

  void count(const session_erasure_accepted& accepted) {
    if (accepted.round != round_)
      return;
    note("a session of a closed account could not be erased yet", accepted.failed);
    if (--pending_ == 0)
      ask_for_page();
  }

  void give_up(const erasure_overdue& overdue) {
    if (overdue.round != round_ || !is_busy_)
      return;
    parts_.logger->warning("erasing sessions of a closed account takes too long; it is tried again",
                           {{"user_id", to_string(waiting_.front().user)}});
    next_account();
  }

private:
  /// Begins a round, unless one is under way; then another follows it at once.
  void begin() {
    if (is_busy_) {
      begin_again_ = true;
      return;
    }
    auto found = parts_.store->find_erasures(parts_.settings.erasures_max);
    note("erasures could not be looked up", found ? caf::error{} : found.error());
    if (found)
      waiting_.assign(found->begin(), found->end());
    if (auto removed = parts_.store->remove_expired_logins(parts_.clock->now()); !removed)
      note("expired logins could not be removed", removed.error());
    is_busy_ = true;
    next_account();
  }

  [[nodiscard]] account_eraser actor() const {
    return account_eraser{self_};
  }

  void note(std::string_view what, const caf::error& failed) {
    if (failed)
      parts_.logger->warning(what, {{"error", events::describe(failed)}});
  }

  /// Leaves the account at the front, if there is one at work, for the next.
  void next_account() {
    if (is_at_work_)
      waiting_.pop_front();
    is_at_work_ = !waiting_.empty();
    if (!is_at_work_)
      return rest();
    after_.reset();
    found_any_ = false;
    ask_for_page();
  }

  void ask_for_page() {
    ++round_;
    self_->delayed_send(self_, parts_.settings.page_timeout, erasure_overdue{round_});
    parts_.find_sessions(waiting_.front().user, after_, parts_.settings.page_size,
                         [self = actor(), round = round_](found_sessions found) {
                           caf::anon_send(self, sessions_to_erase{round, std::move(found)});
                         });
  }

  /// All pages are through. What was found is asked for once more in a later round, until
  /// the read model has forgotten it.
  void end_account() {
    const auto& account = waiting_.front();
    if (!found_any_ && account.since + parts_.settings.kept_for <= parts_.clock->now()) {
      auto failed = parts_.store->remove(account.user);
      note("a closed account could not be removed", failed);
      if (!failed)
        parts_.logger->info("a closed account is gone", {{"user_id", to_string(account.user)}});
    }
    next_account();
  }

  void rest() {
    ++round_;
    is_busy_ = false;
    if (std::exchange(begin_again_, false))
      return begin();
    self_->delayed_send(self_, parts_.settings.pause, continue_erasures{++tick_});
  }

  account_eraser::pointer self_;
  eraser_parts parts_;
  std::deque<ports::erasure> waiting_; ///< the front one is at work
  std::uint64_t round_ = 0;
  std::uint64_t tick_ = 0;
  std::size_t pending_ = 0; ///< sessions of the page that nothing is known of yet
  std::optional<ports::session_place> after_;
  bool found_any_ = false;
  bool is_busy_ = false;
  bool is_at_work_ = false;
  bool begin_again_ = false;
};

} // namespace

account_eraser::behavior_type account_eraser_actor(account_eraser::pointer self, eraser_parts parts) {
  auto work = std::make_shared<eraser>(self, std::move(parts));
  self->send(self, continue_erasures{});
  return {
    [work](const continue_erasures& asked) { work->wake(asked); },
    [work](const sessions_to_erase& page) { work->take_page(page); },
    [work](const session_erasure_accepted& accepted) { work->count(accepted); },
    [work](const erasure_overdue& overdue) { work->give_up(overdue); },
  };
}

} // namespace sonicmatch::actors::accounts
