#include "tests/support/simulated_log_fixture.hpp"

#include <atomic>
#include <future>

namespace sonicmatch::tests {

namespace {

using inbox_ptr = std::shared_ptr<task_inbox>;

/// Held around every callback, so that closing waits for the one under way;
/// recursive, for a callback may close.
struct gate {
  std::recursive_mutex calling;
  bool closed = false;

  void close() {
    std::lock_guard lock{calling};
    closed = true;
  }

  template <class Function, class... Args>
  void call(const Function& callback, Args&&... args) {
    std::lock_guard lock{calling};
    if (!closed && callback)
      callback(std::forward<Args>(args)...);
  }
};

/// The same records; what the batch lends goes back in the world's thread, wherever
/// it is dropped.
ports::batch_ptr relayed(const inbox_ptr& inbox, ports::batch_ptr batch) {
  auto out = std::make_shared<ports::record_batch>();
  out->records = batch->records;
  out->credit =
    std::shared_ptr<void>{static_cast<void*>(nullptr), [inbox, inner = std::move(batch)](void*) mutable {
                            inbox->post([kept = std::move(inner)]() mutable { kept.reset(); });
                          }};
  return out;
}

class relayed_producer final : public ports::log_producer {
public:
  relayed_producer(inbox_ptr inbox, std::unique_ptr<ports::log_producer> inner)
    : inbox_(std::move(inbox))
    , inner_(std::move(inner)) {}

  void append(ports::new_record record, delivered on_delivery) override {
    inbox_->post([this, record = std::move(record), on_delivery = std::move(on_delivery)]() mutable {
      inner_->append(std::move(record), std::move(on_delivery));
    });
  }

private:
  inbox_ptr inbox_;
  std::unique_ptr<ports::log_producer> inner_;
};

class relayed_reader final : public ports::log_reader {
public:
  relayed_reader(inbox_ptr inbox, std::unique_ptr<ports::log_reader> inner)
    : inbox_(std::move(inbox))
    , inner_(std::move(inner)) {}

  [[nodiscard]] std::unique_ptr<subscription> follow(const std::string& topic, partition_id partition,
                                                     log_offset from, sink out) override {
    auto fresh = std::make_unique<followed>(inbox_);
    auto at = fresh->at;
    auto inner = fresh->inner;
    inbox_->post([this, topic, partition, from, out = std::move(out), at, inner] {
      *inner =
        inner_->follow(topic, partition, from,
                       {[inbox = inbox_, at, out](ports::batch_ptr batch) {
                          at->call(out.on_batch, relayed(inbox, std::move(batch)));
                        },
                        [at, out](partition_id where, log_offset next) { at->call(out.on_end, where, next); },
                        [at, out](caf::error reason) { at->call(out.on_error, std::move(reason)); }});
    });
    return fresh;
  }
  void find_end(const std::string& topic, partition_id partition, std::chrono::milliseconds timeout,
                std::function<void(caf::expected<log_offset>)> on_found) override {
    inbox_->post([=, this] { inner_->find_end(topic, partition, timeout, on_found); });
  }
  void find_committed(
    const std::string& group, const std::string& topic, std::int32_t partition_count,
    std::chrono::milliseconds timeout,
    std::function<void(caf::expected<std::vector<std::optional<log_offset>>>)> on_found) override {
    inbox_->post([=, this] { inner_->find_committed(group, topic, partition_count, timeout, on_found); });
  }

private:
  struct followed final : subscription {
    explicit followed(inbox_ptr with)
      : inbox(std::move(with)) {}
    followed(const followed&) = delete;
    followed& operator=(const followed&) = delete;
    ~followed() override {
      at->close();
      inbox->post([kept = inner] { kept->reset(); });
    }

    inbox_ptr inbox;
    std::shared_ptr<gate> at = std::make_shared<gate>();
    std::shared_ptr<std::unique_ptr<subscription>> inner = std::make_shared<std::unique_ptr<subscription>>();
  };

  inbox_ptr inbox_;
  std::unique_ptr<ports::log_reader> inner_;
};

class relayed_consumer final : public ports::group_consumer {
public:
  using member_slot = std::shared_ptr<std::shared_ptr<simulated_member>>;

  relayed_consumer(inbox_ptr inbox, std::shared_ptr<gate> at, member_slot member)
    : inbox_(std::move(inbox))
    , at_(std::move(at))
    , member_(std::move(member)) {}
  relayed_consumer(const relayed_consumer&) = delete;
  relayed_consumer& operator=(const relayed_consumer&) = delete;
  ~relayed_consumer() override {
    at_->close();
    inbox_->post([member = member_] { (*member)->drop(); });
  }

  void leave() override {
    auto left = std::make_shared<std::promise<void>>();
    inbox_->post([member = member_, left] { (*member)->leave([left] { left->set_value(); }); });
    left->get_future().wait();
  }
  void start(partition_id partition, log_offset from) override {
    inbox_->post([=, member = member_] { (*member)->start(partition, from); });
  }
  void commit(partition_id partition, log_offset next, std::string metadata) override {
    inbox_->post([=, member = member_] { (*member)->commit(partition, next, metadata); });
  }
  void release(partition_id partition) override {
    inbox_->post([=, member = member_] { (*member)->release(partition); });
  }

private:
  inbox_ptr inbox_;
  std::shared_ptr<gate> at_;
  member_slot member_;
};

class relayed_membership final : public ports::group_membership {
public:
  relayed_membership(inbox_ptr inbox, std::unique_ptr<simulated_membership> inner)
    : inbox_(std::move(inbox))
    , inner_(std::move(inner)) {}

  [[nodiscard]] std::unique_ptr<ports::group_consumer>
  join(const std::string& group, const std::string& topic, ports::group_consumer::sink out) override {
    auto at = std::make_shared<gate>();
    auto member = std::make_shared<std::shared_ptr<simulated_member>>();
    ports::group_consumer::sink through{
      [at, out](std::vector<ports::assignment> given) { at->call(out.on_assigned, std::move(given)); },
      [at, out](std::vector<partition_id> taken, bool lost) {
        at->call(out.on_revoked, std::move(taken), lost);
      },
      [inbox = inbox_, at, out](ports::batch_ptr batch) {
        at->call(out.on_batch, relayed(inbox, std::move(batch)));
      },
      [at, out](caf::error reason) { at->call(out.on_error, std::move(reason)); }};
    inbox_->post([this, group, topic, member, through = std::move(through)]() mutable {
      *member = inner_->join_as_member(group, topic, std::move(through));
    });
    return std::make_unique<relayed_consumer>(inbox_, std::move(at), std::move(member));
  }

private:
  inbox_ptr inbox_;
  std::unique_ptr<simulated_membership> inner_;
};

} // namespace

// -- the paced world ----------------------------------------------------------

void task_inbox::post(std::function<void()> task) {
  {
    std::lock_guard lock{guard_};
    if (ended_)
      return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
}

bool task_inbox::await(std::vector<std::function<void()>>& tasks) {
  std::unique_lock lock{guard_};
  changed_.wait_for(lock, std::chrono::microseconds{500}, [this] { return ended_ || !tasks_.empty(); });
  tasks.swap(tasks_);
  return !ended_;
}

void task_inbox::end() {
  {
    std::lock_guard lock{guard_};
    ended_ = true;
  }
  changed_.notify_all();
}

paced_world::paced_world()
  : thread_([this] { run(); }) {}

paced_world::~paced_world() {
  stop();
}

void paced_world::stop() {
  inbox_->end();
  if (thread_.joinable())
    thread_.join();
}

void paced_world::perform(const std::function<void()>& task) {
  std::promise<void> done;
  inbox_->post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void paced_world::run() {
  auto began = std::chrono::steady_clock::now();
  auto beginning = world.now();
  std::vector<std::function<void()>> tasks;
  while (inbox_->await(tasks)) {
    for (auto& task : tasks)
      task();
    tasks.clear();
    auto elapsed = std::chrono::steady_clock::now() - began;
    world.run_until(beginning + std::chrono::duration_cast<std::chrono::microseconds>(elapsed));
  }
}

// -- the fixture --------------------------------------------------------------

simulated_log_fixture::simulated_log_fixture()
  : producer_(std::make_unique<relayed_producer>(
    paced_.inbox(), std::make_unique<simulated_producer>(paced_.world, log_, host_, network_)))
  , reader_(std::make_unique<relayed_reader>(
      paced_.inbox(), std::make_unique<simulated_reader>(paced_.world, log_, groups_, host_, network_)))
  , membership_(std::make_unique<relayed_membership>(
      paced_.inbox(), std::make_unique<simulated_membership>(paced_.world, log_, groups_, host_, network_))) {
  host_->name = "test";
}

// Nothing happens in the world any more while its parts go.
simulated_log_fixture::~simulated_log_fixture() {
  paced_.stop();
}

std::string simulated_log_fixture::new_topic(std::int32_t partitions) {
  auto name = "topic " + std::to_string(++names_);
  paced_.perform([&] { log_.create_topic(name, partitions); });
  return name;
}

std::string simulated_log_fixture::new_group() {
  return "group " + std::to_string(++names_);
}

void simulated_log_fixture::append_tombstone(const std::string& topic, std::int32_t partition,
                                             const std::string& key) {
  paced_.perform([&] { log_.append({topic, {partition}, key, {}, {}}, true); });
}

void simulated_log_fixture::remove_before(const std::string& topic, std::int32_t partition,
                                          std::int64_t offset) {
  paced_.perform([&] { log_.remove_before(topic, {partition}, {offset}); });
}

} // namespace sonicmatch::tests
