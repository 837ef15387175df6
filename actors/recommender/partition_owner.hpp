#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/health_board.hpp"
#include "actors/language_model/interfaces.hpp"
#include "actors/language_model/prompt_book.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/logger.hpp"
#include "actors/recommender/admission.hpp"
#include "actors/recommender/command_ledger.hpp"
#include "actors/recommender/deliberation.hpp"
#include "actors/recommender/open_requests.hpp"
#include "actors/recommender/recovery_point.hpp"
#include "events/feedback/state.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace sonicmatch::actors {

struct recommender_settings {
  std::string group = "sonicmatch.recommenders";
  /// Names this process in claims, for people.
  std::string owner = "sonicmatch";
  std::string source = "sonicmatch/recommender";
  /// The first wait after a failed append, before the partition is claimed again.
  std::chrono::milliseconds reclaim_delay{500};
};

/// The language model that is asked, and how.
struct model_access {
  language_model_gateway gateway;
  std::shared_ptr<language_model::prompt_book> prompts;
  std::shared_ptr<ports::entropy> entropy;
  call_policy policy;
};

/// What recommenders work with. All outlive the actors.
struct recommender_parts {
  recommender_settings settings;
  std::shared_ptr<ports::log_producer> producer;
  std::shared_ptr<ports::log_reader> reader;
  std::shared_ptr<ports::clock> clock;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<catalog_view> catalog;
  std::shared_ptr<admission> open_limit;
  std::shared_ptr<health_board> health;
  /// Nothing: the heuristic engine is what answers, and no answer is degraded.
  std::optional<model_access> model = std::nullopt;
  /// Told, on an owner's thread, that it owns its partition now. Set by the recommender.
  std::function<void(partition_id)> on_owned = nullptr;
};

/// Owns one partition: the only writer of decisions to it, from its claim until
/// the next owner's. Scheduled; ends itself when it has handed the partition off.
///
///     claiming -> rebuilding -> owning -> handing_off -> finishing -> gone
///         ^___________________________|   (an append failed: what is in the log
///                                          is not known any more, so ask it)
///
/// Guarantee: a command's offset is committed only when its events are in the
/// log; a request that is open in the log is taken up again by whoever owns it. What a
/// call of the language model brought is recorded once it has come, whoever owns the
/// partition by then: it was paid for.
class partition_owner_state {
public:
  explicit partition_owner_state(partition_owner::pointer self)
    : self_(self) {}
  ~partition_owner_state();

  void begin(recommender_parts parts, std::shared_ptr<ports::group_consumer> consumer,
             const ports::assignment& assigned);
  void arrived(const owned_commands& commands);
  void claim(const claim_partition& asked);
  void claimed(const claim_appended& report);
  void replayed(const events_replayed& history);
  void found_commands_end(const commands_end_found& found);
  void appended(const record_appended& report);
  void admitted(const call_admitted& verdict);
  void ended(call_ended report);
  void tick();
  void hand_off();
  void lose();

private:
  enum class phase : std::uint8_t { claiming, rebuilding, owning, handing_off, finishing };

  /// A call that was sent, and what its outcome is recorded with.
  struct call_under_way {
    events::envelope head; ///< but for what is its event's own
    events::stream_id stream;
    int attempt = 1;
    events::language_model::purpose purpose = events::language_model::purpose::answer;
    events::micro_dollars cost_max;
  };
  /// An outcome that is not known to be in the log.
  struct unrecorded_fact {
    events::envelope head;
    events::stream_id stream;
    events::language_model::fact fact;
    bool is_on_its_way = false;
  };

  // partition_owner.cpp: claiming, rebuilding, committing, letting go
  void reclaim(const caf::error& reason);
  void follow_events(log_offset from);
  void finish_rebuild();
  void watch_former_owner();
  void find_commands_end();
  bool commit();
  void finish_hand_off_when_idle();
  void finish();
  void forget_appends();
  void end_when_calls_have_ended();
  void schedule_tick();

  // commands.cpp: from commands to open requests
  void take_up();
  bool take_command(const command_ledger::entry& entry);
  void park(const command_ledger::entry& entry, const caf::error& reason);
  void accept(const events::stream_id& id, const command_ledger::entry& entry,
              events::message<events::log_command> asked);

  // brief_commands.cpp: those that open nothing; `from` says whose they are, and what they came with
  void record_feedback(const open_request& from, const command_ledger::entry& entry,
                       const events::message<events::log_command>& asked);
  void erase(const open_request& from, const command_ledger::entry& entry,
             const events::message<events::log_command>& asked);
  void abandon(const events::session_id& session);
  void close(const events::stream_id& id);

  // conclusions.cpp: how a request comes to its end
  void advance(const events::stream_id& id, open_request& request);
  void advance_all();
  void fail(const events::stream_id& id, open_request& request);
  void conclude(const events::stream_id& id, open_request& request, const std::string& reason);
  void conclude_recommendation(const events::stream_id& id, open_request& request, const std::string& reason);
  void conclude_explanation(const events::stream_id& id, open_request& request, const std::string& reason);
  void share(const events::stream_id& id, const open_request& request, const std::string& reason);

  // inquiries.cpp: asking the language model
  void inquire(const events::stream_id& id, open_request& request);
  [[nodiscard]] call_situation situation_of(open_request& request);
  void judge_new_replies(open_request& request);
  void draw_retry(open_request& request);
  void ask_admission_for(const events::stream_id& id, open_request& request,
                         events::language_model::purpose purpose);
  [[nodiscard]] std::vector<language_model::turn> said_in_next(const open_request& request) const;
  [[nodiscard]] events::micro_dollars cost_max_of_next(const open_request& request) const;
  void start_call(const events::stream_id& id, open_request& request);
  void send_call(const events::stream_id& id, open_request& request);
  void forget_inquiry(const events::stream_id& id, open_request& request);
  void forget_inquiries();

  // outcomes.cpp: what calls brought
  void give_call_up(const events::stream_id& id, open_request& request, call_under_way call);
  void give_up_erased(const events::stream_id& id, open_request& request, call_under_way call);
  void record(events::envelope head, const events::stream_id& stream, events::language_model::fact happened);
  void record_what_is_not();

  // appends.cpp: what is written, and what comes of it
  [[nodiscard]] events::envelope head_of(const open_request& request, const events::stream_id& id) const;
  template <class Event>
  void append_event(const events::stream_id& id, open_request& request, const Event& happened,
                    events::timestamp time, log_offset command);
  template <class Event>
  void append_alone(const events::stream_id& id, const open_request& from, const Event& happened,
                    events::timestamp time, log_offset command);
  void append_call_started(const events::stream_id& id, open_request& request,
                           const events::language_model::language_model_call_started& happened,
                           events::timestamp time);
  void append_fact(const unrecorded_fact& each);
  void append_partition_event(const events::partition::event& happened,
                              std::function<void(caf::expected<log_position>)> on_delivery);
  void append(ports::new_record record, record_appended report);
  void send_outbox();
  void settle(const record_appended& report);
  void inspect_gap(const record_appended& report);
  void inspected();
  void lost_to_another(const caf::error& reason);

  partition_owner::pointer self_;
  recommender_parts parts_;
  std::shared_ptr<ports::group_consumer> consumer_;
  partition_id partition_;
  phase phase_ = phase::claiming;
  std::uint64_t generation_ = 0; ///< counts claims
  recovery_point recovery_;      ///< where the last or present rebuild begins
  log_offset token_;             ///< the claim's offset
  events::claim_fence fence_;    ///< during a rebuild
  /// Reads the events: during a rebuild, to explain a gap, and while a former owner's
  /// outcome is awaited.
  std::unique_ptr<ports::log_reader::subscription> history_;
  open_requests requests_;
  command_ledger ledger_;
  std::unordered_set<std::string> parked_; ///< keys with a command in the dead letters
  log_offset acknowledged_;                ///< after the newest event that is known to be in the log
  std::size_t entered_ = 0;                ///< requests counted in open_limit
  std::vector<std::pair<ports::new_record, ports::log_producer::delivered>> outbox_;
  std::size_t outstanding_ = 0; ///< appends without a delivery report
  /// Somebody else's records stand before this offset; until they are read, what was
  /// appended behind them waits in `deferred_`.
  std::optional<log_offset> gap_end_;
  std::deque<record_appended> deferred_;
  std::unordered_map<events::call_id, call_under_way> calls_;
  std::unordered_map<events::call_id, unrecorded_fact> unrecorded_;
  /// Commands before this may have been accepted by earlier owners; unknown at first.
  std::optional<log_offset> commands_end_;
  std::optional<log_offset> committed_; ///< the watermark as last given to the group
  std::optional<recovery_point> committed_recovery_;
  int failed_records_ = 0;
  bool owned_to_the_end_ = false; ///< it owned when it was told to hand off
  bool hand_off_appended_ = false;
  bool tick_scheduled_ = false;
};

partition_owner::behavior_type
partition_owner_actor(partition_owner::stateful_pointer<partition_owner_state> self, recommender_parts parts,
                      std::shared_ptr<ports::group_consumer> consumer, ports::assignment assigned);

} // namespace sonicmatch::actors
