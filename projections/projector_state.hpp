#pragma once

#include "projections/projector.hpp"

#include <atomic>
#include <deque>
#include <map>

/// The inside of a projector. Only projector*.cpp include it.
namespace sonicmatch::projections {

/// What the callbacks of the group share with the projector, because they run on
/// the adapter's thread and may come after it has ended.
struct group_link {
  std::atomic<bool> ended = false;
  std::atomic<ports::group_consumer*> consumer = nullptr;
};

/// What a projector is doing; it does one thing at a time.
enum class activity : std::uint8_t { idle, loading, writing, reporting, backing_off };

/// A partition that the group has given to this member.
struct owned_partition {
  partition_position at;
  bool begun = false;   ///< its checkpoint is known and its reading has begun
  bool leaving = false; ///< taken away while a batch with it is being written
  log_offset expected;  ///< the next offset the reader should give
  /// Set when reading began again further back: what was on its way from before
  /// has offsets from here on and must not be taken for what follows.
  std::optional<log_offset> rewound_from;
};

/// Owner, by its actor's thread: everything a projector knows.
struct projector_state {
  projector_state() = default;
  projector_state(const projector_state&) = delete;
  projector_state& operator=(const projector_state&) = delete;
  /// Leaves the group: the store writer's thread waits for that.
  ~projector_state();

  void begin(projector::pointer actor, const read_model& what, const projector_settings& how,
             const projector_ports& through, const store_writer& with);

  // Partitions (projector_partitions.cpp).
  void take_on(const std::vector<ports::assignment>& given);
  void let_go(const std::vector<partition_id>& taken, bool lost);
  void load();
  void on_loaded(const caf::expected<stored_progress>& result);
  [[nodiscard]] bool reconcile(owned_partition& owned, const checkpoint* stored);
  void release(partition_id partition);

  // Batches (projector_batches.cpp).
  void collect(const ports::batch_ptr& given);
  void proceed();
  void fill_batch();
  void write();
  void on_written(const batch_outcome& outcome);
  void on_applied(const batch_outcome& outcome);
  void on_refused(const caf::error& error);
  [[nodiscard]] bool may_write_now();
  [[nodiscard]] bool wants(const record_ref& record) const;
  void forget_unwanted();

  // Trouble (projector_troubles.cpp).
  void report(const std::vector<poison>& unreported);
  void on_reported(const dead_letter_delivered& delivery);
  void back_off(const caf::error& error);
  void recovered();
  void end(const caf::error& reason);
  [[nodiscard]] projector_status status() const;

  projector::pointer self = nullptr;
  read_model model;
  projector_settings settings;
  std::optional<projector_ports> ports_;
  store_writer writer;
  std::shared_ptr<group_link> link;
  std::shared_ptr<ports::group_consumer> consumer;

  activity doing = activity::idle;
  bool load_wanted = false;
  bool reload_after_conflict = false;
  bool stopping = false;
  bool ended = false;
  bool alarm_set = false;
  std::map<partition_id, owned_partition> owned;

  std::deque<record_ref> pending; ///< read, in the order of reading
  std::size_t pending_bytes = 0;
  std::vector<record_ref> current;            ///< the batch that is being applied, until it is
  std::size_t limit = 0;                      ///< of records in a batch; less after a refusal
  std::optional<poison> refused;              ///< a record that the store refuses although it is alone
  std::vector<events::log_position> reported; ///< in the dead letters, and not applied yet
  std::size_t reports_awaited = 0;
  caf::error report_error;
  std::optional<caf::actor_clock::time_point> last_write;

  std::chrono::milliseconds backoff{0};
  std::string trouble;
  caf::actor_clock::time_point trouble_since{};
  std::uint64_t applied = 0;
  std::uint64_t batches = 0;
  std::uint64_t poisoned = 0;
};

} // namespace sonicmatch::projections
