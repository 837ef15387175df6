#pragma once

#include "actors/ports/log.hpp"
#include "infra/kafka/handles.hpp"

namespace sonicmatch::infra::kafka {

/// The records a producer owes an answer for, oldest first: one allocation per
/// record, constant time to add and to take. Not thread-safe; the producer's lock
/// protects it. An entry stays where it is in memory, so that librdkafka can read
/// the record's bytes in place.
class unacknowledged {
public:
  struct entry {
    actors::ports::new_record record;
    actors::ports::log_producer::delivered on_delivery;
    std::size_t cost = 0;
    entry* before = nullptr;
    entry* after = nullptr;
  };

  using entry_ptr = std::unique_ptr<entry>;

  unacknowledged() = default;
  unacknowledged(const unacknowledged&) = delete;
  unacknowledged& operator=(const unacknowledged&) = delete;
  ~unacknowledged();

  /// About what a record costs in memory.
  [[nodiscard]] static std::size_t cost_of(const actors::ports::new_record& record) noexcept;

  entry* add(actors::ports::new_record record, actors::ports::log_producer::delivered on_delivery);

  [[nodiscard]] entry_ptr take(entry* one) noexcept;

  /// The oldest, or nothing.
  [[nodiscard]] entry_ptr take_first() noexcept;

  template <class Action>
  void for_each(Action act) {
    for (auto* i = first_; i; i = i->after)
      act(*i);
  }

  [[nodiscard]] std::size_t count() const noexcept {
    return count_;
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  entry* first_ = nullptr;
  entry* last_ = nullptr;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

/// Gives the record of `entry` to librdkafka, with `entry` as its opaque. Value
/// bytes are read in place until the delivery report.
[[nodiscard]] rd_kafka_resp_err_t produce(rd_kafka_t* client, rd_kafka_topic_t* topic,
                                          unacknowledged::entry& entry);

} // namespace sonicmatch::infra::kafka
