#pragma once

#include "projections/projector.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/simulated_store.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <deque>

namespace sonicmatch::tests {

/// What a projector has done to its group.
struct group_record {
  actors::ports::group_consumer::sink out;
  std::string group;
  std::vector<std::pair<events::partition_id, events::log_offset>> started;
  std::map<events::partition_id, events::log_offset> committed;
  std::vector<events::partition_id> released;
  bool left = false;
};

/// A group with one member, which the test gives and takes partitions by hand.
class scripted_membership final : public actors::ports::group_membership {
public:
  std::shared_ptr<group_record> record = std::make_shared<group_record>();

  std::unique_ptr<actors::ports::group_consumer> join(const std::string& group, const std::string&,
                                                      actors::ports::group_consumer::sink out) override {
    record->group = group;
    record->out = std::move(out);
    return std::make_unique<consumer>(record);
  }

private:
  struct consumer final : actors::ports::group_consumer {
    explicit consumer(std::shared_ptr<group_record> in)
      : record_(std::move(in)) {}
    void leave() override {
      record_->left = true;
    }
    void start(events::partition_id partition, events::log_offset from) override {
      record_->started.emplace_back(partition, from);
    }
    void commit(events::partition_id partition, events::log_offset next, std::string) override {
      record_->committed[partition] = next;
    }
    void release(events::partition_id partition) override {
      record_->released.push_back(partition);
    }
    std::shared_ptr<group_record> record_;
  };
};

/// Keeps what is appended; answers when the test says so, or at once.
class scripted_producer final : public actors::ports::log_producer {
public:
  std::vector<actors::ports::new_record> records;
  std::deque<caf::error> failures; ///< of the next appends

  void append(actors::ports::new_record record, delivered on_delivery) override {
    if (!failures.empty()) {
      auto error = failures.front();
      failures.pop_front();
      on_delivery(error);
      return;
    }
    records.push_back(std::move(record));
    on_delivery(events::log_position{{0}, {static_cast<std::int64_t>(records.size()) - 1}});
  }
};

/// Counts the lines of each message.
class counting_logger final : public actors::ports::logger {
public:
  std::map<std::string, int, std::less<>> lines;

  void write(actors::ports::severity, std::string_view message,
             std::initializer_list<actors::ports::log_field>) override {
    ++lines[std::string{message}];
  }
};

class testing_config : public caf::actor_system_config {
public:
  testing_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// A projector and its store writer on CAF's test scheduler.
class projector_fixture {
public:
  ~projector_fixture() {
    if (projector)
      caf::anon_send(projector, projections::stop_projector{});
    scheduler().run();
    group->out = {};
    projector = nullptr;
  }

  void spawn(projections::read_model model, projections::projector_settings settings = {}) {
    auto store = std::make_unique<simulated_store>(tables, [this](store_step step) {
      ++calls[step];
      return hook ? hook(step) : caf::error{};
    });
    auto writer = projections::spawn_store_writer(system, model, std::move(store), false);
    projector = projections::spawn_projector(system, model, settings, {membership, producer, logger}, writer);
    run();
  }

  void run() {
    scheduler().run();
  }

  /// Lets time pass in small steps.
  void pass(std::chrono::milliseconds time) {
    for (auto left = time; left.count() > 0; left -= std::chrono::milliseconds{5}) {
      scheduler().advance_time(std::chrono::milliseconds{5});
      run();
    }
  }

  void assign(std::vector<std::int32_t> partitions) {
    std::vector<actors::ports::assignment> given;
    for (auto each : partitions)
      given.push_back({{each}, {}, {}});
    group->out.on_assigned(std::move(given));
    run();
  }

  void revoke(std::vector<std::int32_t> partitions, bool lost = false) {
    std::vector<events::partition_id> taken;
    for (auto each : partitions)
      taken.push_back({each});
    group->out.on_revoked(std::move(taken), lost);
  }

  /// Gives the projector some of the log's records, as one batch; it can be watched
  /// for as long as somebody holds it.
  std::weak_ptr<void> deliver(std::size_t from, std::size_t to) {
    auto batch = std::make_shared<actors::ports::record_batch>();
    for (; from < to; ++from)
      batch->records.push_back(log.records[from]);
    batch->credit = std::make_shared<int>(0);
    std::weak_ptr<void> watch = batch->credit;
    group->out.on_batch(std::move(batch));
    return watch;
  }

  projections::projector_status status() {
    projections::projector_status out;
    caf::scoped_actor self{system};
    auto asked = self->request(projector, caf::infinite, projections::describe_projector{});
    run();
    asked.receive([&](const projections::projector_status& given) { out = given; }, [](const caf::error&) {});
    return out;
  }

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  testing_config config;
  caf::actor_system system{config};
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  store_hook hook;
  std::map<store_step, int> calls;
  scripted_membership membership;
  std::shared_ptr<group_record> group = membership.record;
  scripted_producer producer;
  counting_logger logger;
  projections::projector projector;
};

} // namespace sonicmatch::tests
