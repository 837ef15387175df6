#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/logger.hpp"
#include "actors/recommender/admission.hpp"
#include "actors/recommender/command_ledger.hpp"
#include "actors/recommender/open_sessions.hpp"
#include "actors/recommender/recovery_point.hpp"

#include <memory>
#include <string>
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
  /// Told, on an owner's thread, that it owns its partition now. Set by the recommender.
  std::function<void(partition_id)> on_owned = nullptr;
};

/// Owns one partition: the only writer of decisions to it, from its claim until
/// the next owner's. Scheduled; ends itself when it has handed the partition off.
///
///     claiming -> rebuilding -> owning -> handing_off -> gone
///         ^___________________________|   (an append failed: what is in the log
///                                          is not known any more, so ask it)
///
/// Guarantee: a command's offset is committed only when its events are in the
/// log; a session that is open in the log is taken up again by whoever owns it.
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
  void tick();
  void hand_off();

private:
  enum class phase : std::uint8_t { claiming, rebuilding, owning, handing_off };

  void reclaim(const caf::error& reason);
  void finish_rebuild();
  void find_commands_end();
  void take_up();
  bool take_command(const command_ledger::entry& entry);
  void park(const command_ledger::entry& entry, const caf::error& reason);
  void accept(const events::session_id& id, const command_ledger::entry& entry,
              events::message<events::session::command> asked);
  void conclude(const events::session_id& id, open_session& session);
  void append_event(const events::session_id& id, open_session& session,
                    const events::session::event& happened, events::timestamp time, log_offset command);
  void append_partition_event(const events::partition::event& happened,
                              std::function<void(caf::expected<log_position>)> on_delivery);
  void append(ports::new_record record, appended_kind kind, const events::session_id& session,
              log_offset command);
  void send_outbox();
  void found_foreign_record(log_offset at);
  bool commit();
  void finish_hand_off_when_idle();
  void schedule_tick();

  partition_owner::pointer self_;
  recommender_parts parts_;
  std::shared_ptr<ports::group_consumer> consumer_;
  partition_id partition_;
  phase phase_ = phase::claiming;
  std::uint64_t generation_ = 0; ///< counts claims
  recovery_point recovery_;      ///< where the last or present rebuild begins
  log_offset token_;             ///< the claim's offset
  events::claim_fence fence_;    ///< during a rebuild
  std::unique_ptr<ports::log_reader::subscription> history_;
  open_sessions sessions_;
  command_ledger ledger_;
  std::unordered_set<std::string> parked_; ///< keys with a command in the dead letters
  log_offset acknowledged_;                ///< after the newest event that is known to be in the log
  std::size_t entered_ = 0;                ///< sessions counted in open_limit
  std::vector<std::pair<ports::new_record, ports::log_producer::delivered>> outbox_;
  std::size_t outstanding_ = 0; ///< appends without a delivery report
  /// Commands before this may have been accepted by earlier owners; unknown at first.
  std::optional<log_offset> commands_end_;
  std::optional<log_offset> committed_; ///< the watermark as last given to the group
  std::optional<recovery_point> committed_recovery_;
  bool owned_to_the_end_ = false; ///< it owned when it was told to hand off
  bool hand_off_appended_ = false;
  bool tick_scheduled_ = false;
};

partition_owner::behavior_type
partition_owner_actor(partition_owner::stateful_pointer<partition_owner_state> self, recommender_parts parts,
                      std::shared_ptr<ports::group_consumer> consumer, ports::assignment assigned);

} // namespace sonicmatch::actors
