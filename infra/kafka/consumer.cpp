#include "infra/kafka/consumer.hpp"

#include "events/error.hpp"
#include "infra/kafka/records.hpp"

#include <algorithm>

namespace sonicmatch::infra::kafka {

using actors::ports::record_batch;
using namespace std::chrono_literals;

namespace {

constexpr int poll_ms = 100;
/// Messages taken from librdkafka before the requests are looked at again.
constexpr int messages_per_round = 4'096;
constexpr auto complaint_interval = 10s;
/// Beyond the handshake of a revocation, for the commits and the farewell.
constexpr auto leave_timeout = 3s;

} // namespace

consumer::consumer(const settings& values, std::string group, std::string topic, sink out,
                   actors::ports::logger& log)
  : client_observer(log, group)
  , settings_(values)
  , topic_(std::move(topic))
  , out_(std::move(out)) {
  if (auto error = open(group)) {
    complain(error);
    return;
  }
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

consumer::~consumer() {
  silent_ = true;
  asked_.notify_all(); // a handshake that somebody else's rebalance began ends too
  leave();
  if (credit_)
    credit_->disconnect();
}

void consumer::leave() {
  thread_.request_stop();
  if (thread_.joinable())
    thread_.join();
}

caf::error consumer::open(const std::string& group) {
  configuration conf{settings_, *this};
  set_fetching(conf, settings_.consumer);
  const auto& limits = settings_.group;
  conf.set("group.id", group)
    .set("partition.assignment.strategy", "range")
    .set("session.timeout.ms", limits.session_timeout.count())
    .set("heartbeat.interval.ms", limits.heartbeat_interval.count())
    .set("max.poll.interval.ms", limits.max_poll_interval.count())
    .set("enable.auto.commit", "false")
    .set("enable.auto.offset.store", "false")
    .set("auto.offset.reset", "earliest")
    .set("statistics.interval.ms", (limits.hang_timeout / 10).count());
  if (!limits.instance_id.empty())
    conf.set("group.instance.id", limits.instance_id + "." + group);
  rd_kafka_conf_set_rebalance_cb(
    conf.native(),
    [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
      static_cast<consumer*>(static_cast<client_observer*>(opaque))->on_rebalance(code, partitions);
    });
  auto opened = std::move(conf).open(RD_KAFKA_CONSUMER);
  if (!opened)
    return opened.error();
  client_ = std::move(*opened);
  queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  rd_kafka_poll_set_consumer(client_.get());
  commits_.emplace(client_.get(), topic_, limits.commit_interval, log());
  const auto& bounds = settings_.consumer;
  credit_ = std::make_shared<credit_ledger>(credit_ledger::limits{bounds.outstanding_batches_max,
                                                                  bounds.outstanding_bytes_max,
                                                                  bounds.partition_bytes_max},
                                            [this] {
                                              rd_kafka_queue_yield(queue_.get());
                                              asked_.notify_all();
                                            });
  partitions_handle wanted{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(wanted.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  if (auto code = rd_kafka_subscribe(client_.get(), wanted.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "subscribe to " + topic_);
  watchdog_.emplace("group " + group, limits.hang_timeout, log());
  return caf::none;
}

void consumer::start(events::partition_id partition, events::log_offset from) {
  ask(start_request{partition.value, from.value});
}

void consumer::commit(events::partition_id partition, events::log_offset next, std::string metadata) {
  ask(commit_request{partition.value, next.value, std::move(metadata)});
}

void consumer::release(events::partition_id partition) {
  ask(release_request{partition.value});
}

void consumer::ask(request wish) {
  // A commit waits for the next round, in a moment: waking the thread for each
  // would cost more than the commit.
  auto urgent = !std::holds_alternative<commit_request>(wish);
  {
    std::lock_guard lock{guard_};
    inbox_.push_back(std::move(wish));
  }
  asked_.notify_all();
  if (urgent && queue_)
    rd_kafka_queue_yield(queue_.get());
}

void consumer::run(const std::stop_token& stop) {
  leaving_ = stop;
  std::stop_callback on_stop{stop, [this] { rd_kafka_queue_yield(queue_.get()); }};
  while (!stop.stop_requested()) {
    perform_requests();
    resume_relieved();
    commits_->progress();
    poll();
    if (!wedged_)
      watchdog_->pulse();
  }
  close();
}

void consumer::poll() {
  auto until_commit = std::chrono::ceil<std::chrono::milliseconds>(
    std::clamp<clock::duration>(commits_->due() - clock::now(), 1ms, std::chrono::milliseconds{poll_ms}));
  auto timeout_ms = static_cast<int>(until_commit.count());
  for (auto i = 0; i < messages_per_round; ++i, timeout_ms = 0) {
    message_handle message{rd_kafka_consumer_poll(client_.get(), timeout_ms)};
    if (!message)
      break; // nothing more for now: what there is goes out at once
    take(*message);
    if (collected_.size() >= settings_.consumer.batch_records_max
        || collected_bytes_ >= settings_.consumer.batch_bytes_max) {
      deliver();
      break;
    }
  }
  deliver();
}

void consumer::take(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    complain(error_of(message.err, std::string{"read "} + topic_ + ": " + rd_kafka_message_errstr(&message)));
    return;
  }
  auto& place = slot_of(message.partition);
  if (!place.fetching)
    return;
  if (message.offset < place.next) {
    if (message.offset >= place.sought)
      return; // a rewind
    log().warning("the offset asked for is not in the log any more; reading from the earliest there is",
                  {{"topic", topic_},
                   {"partition", std::to_string(message.partition)},
                   {"offset", std::to_string(message.offset)}});
    place.sought = message.offset;
  }
  place.next = message.offset + 1;
  collected_.push_back(record_of(message));
  collected_bytes_ += cost_of(collected_.back());
}

void consumer::deliver() {
  if (collected_.empty())
    return;
  auto batch = std::make_shared<record_batch>();
  batch->records = std::exchange(collected_, {});
  collected_bytes_ = 0;
  std::vector<credit_ledger::share> shares;
  for (const auto& record : batch->records) {
    auto known = std::find_if(shares.begin(), shares.end(),
                              [&](const auto& share) { return share.partition == record.partition.value; });
    if (known == shares.end())
      known = shares.insert(known, {record.partition.value, 0});
    known->bytes += cost_of(record);
  }
  batch->credit = credit_->lend(shares);
  if (!silent_)
    out_.on_batch(std::move(batch));
  wait_for_credit();
  for (const auto& share : shares)
    if (credit_->exhausted(share.partition))
      hold(share.partition);
}

void consumer::perform_requests() {
  std::vector<request> requests;
  {
    std::lock_guard lock{guard_};
    requests.swap(inbox_);
  }
  for (auto& one : requests)
    std::visit([this](auto& wish) { perform(wish); }, one);
}

void consumer::perform(const start_request& wish) {
  auto& place = slot_of(wish.partition);
  if (!place.assigned || place.retained)
    return; // revoked meanwhile
  hold(wish.partition);
  if (!place.started)
    ++held_back_;
  place.started = true;
  place.next = std::max<std::int64_t>(wish.from, 0);
  credit_->await_relief(); // resume_relieved() begins it, with the others that may begin
}

void consumer::perform(commit_request& wish) {
  if (slot_of(wish.partition).assigned)
    commits_->note(wish.partition, wish.next, std::move(wish.metadata));
}

void consumer::perform(const release_request& wish) {
  slot_of(wish.partition).retained = false;
}

void consumer::close() {
  auto deadline = clock::now() + settings_.group.release_timeout + leave_timeout;
  queue_handle farewell{rd_kafka_queue_new(client_.get())};
  error_handle error{rd_kafka_consumer_close_queue(client_.get(), farewell.get())};
  while (!error && !rd_kafka_consumer_closed(client_.get()) && clock::now() < deadline) {
    event_handle event{rd_kafka_queue_poll(farewell.get(), poll_ms)};
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE)
      on_rebalance(rd_kafka_event_error(event.get()), rd_kafka_event_topic_partition_list(event.get()));
  }
  watchdog_.reset();
  credit_->disconnect();
  if (error || rd_kafka_consumer_closed(client_.get()))
    return;
  // Destroying a client that hangs would hang as well. The process is on its way
  // out; the group notices by the session timeout.
  log().warning("the group was not left in time", {{"topic", topic_}});
  commits_.reset();
  std::ignore = queue_.release();
  std::ignore = client_.release();
}

void consumer::complain(const caf::error& error) {
  auto now = clock::now();
  if (complained_ != clock::time_point{} && now - complained_ < complaint_interval)
    return;
  complained_ = now;
  if (out_.on_error && !silent_)
    out_.on_error(error);
}

void consumer::on_client_error(rd_kafka_resp_err_t code, std::string_view reason) {
  client_observer::on_client_error(code, reason);
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__FATAL)
    complain(error_of(code, "consume " + topic_));
}

consumer::slot& consumer::slot_of(std::int32_t partition) {
  auto index = static_cast<std::size_t>(partition);
  if (index >= slots_.size())
    slots_.resize(index + 1);
  return slots_[index];
}

} // namespace sonicmatch::infra::kafka
