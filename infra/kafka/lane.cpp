#include "infra/kafka/lane.hpp"

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
/// A lasting trouble of a partition is told this often.
constexpr auto complaint_interval = 10s;

} // namespace

caf::expected<std::shared_ptr<lane>> lane::open(const settings& values, actors::ports::logger& log,
                                                std::string name) {
  auto result = std::make_shared<lane>(values, log, std::move(name));
  if (auto error = result->start())
    return error;
  return result;
}

lane::lane(const settings& values, actors::ports::logger& log, std::string name)
  : client_observer(log, std::move(name))
  , settings_(values) {}

lane::~lane() {
  shut_down();
}

caf::error lane::start() {
  configuration conf{settings_, *this};
  set_fetching(conf, settings_.consumer);
  conf.set("enable.partition.eof", "true").set("auto.offset.reset", "earliest");
  auto opened = std::move(conf).open(RD_KAFKA_CONSUMER);
  if (!opened)
    return opened.error();
  client_ = std::move(*opened);
  queue_.reset(rd_kafka_queue_new(client_.get()));
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  return caf::none;
}

bool lane::accept(const std::shared_ptr<following>& one) {
  {
    std::lock_guard lock{guard_};
    if (!taken_.emplace(one->topic, one->partition).second)
      return false;
    inbox_.push_back({one, true});
  }
  wake();
  return true;
}

void lane::dismiss(const std::shared_ptr<following>& one) {
  {
    std::lock_guard lock{guard_};
    // Requests are carried out in order: who follows the partition next begins
    // after this one has ended.
    taken_.erase({one->topic, one->partition});
    inbox_.push_back({one, false});
  }
  wake();
}

void lane::shut_down() {
  thread_.request_stop();
  if (thread_.joinable())
    thread_.join();
}

void lane::wake() {
  rd_kafka_queue_yield(queue_.get());
}

void lane::run(const std::stop_token& stop) {
  std::stop_callback on_stop{stop, [this] { wake(); }};
  while (!stop.stop_requested()) {
    perform_requests();
    resume_relieved();
    poll();
    rd_kafka_poll(client_.get(), 0); // errors of the client as a whole
  }
  for (auto& topic : topics_)
    for (auto& one : topic->partitions)
      if (one)
        end(*one);
}

void lane::perform_requests() {
  std::vector<request> requests;
  {
    std::lock_guard lock{guard_};
    requests.swap(inbox_);
  }
  for (const auto& [whom, starts] : requests) {
    if (starts)
      begin(whom);
    else
      end(*whom);
  }
}

void lane::begin(const std::shared_ptr<following>& whom) {
  const auto& limits = settings_.consumer;
  credit_ledger::limits bounds{limits.outstanding_batches_max, limits.partition_bytes_max,
                               limits.partition_bytes_max};
  whom->credit = std::make_shared<credit_ledger>(bounds, [this] { wake(); });
  auto& topic = entry_of(whom->topic);
  if (!topic.handle
      || rd_kafka_consume_start_queue(topic.handle.get(), whom->partition,
                                      std::max<std::int64_t>(whom->next, 0), queue_.get())
           != 0) {
    complain(*whom, rd_kafka_last_error());
    return;
  }
  auto index = static_cast<std::size_t>(whom->partition);
  if (index >= topic.partitions.size())
    topic.partitions.resize(index + 1);
  topic.partitions[index] = whom;
  whom->source = topic.handle.get();
}

void lane::end(following& whom) {
  if (!whom.source)
    return;
  if (whom.suspended)
    --suspended_;
  else
    rd_kafka_consume_stop(whom.source, whom.partition);
  whom.credit->disconnect();
  auto& topic = *static_cast<topic_entry*>(rd_kafka_topic_opaque(whom.source));
  whom.source = nullptr;
  topic.partitions[static_cast<std::size_t>(whom.partition)].reset(); // may be the last owner
}

lane::topic_entry& lane::entry_of(const std::string& topic) {
  for (auto& known : topics_)
    if (known->name == topic)
      return *known;
  auto& entry = *topics_.emplace_back(std::make_unique<topic_entry>());
  entry.name = topic;
  auto* conf = rd_kafka_default_topic_conf_dup(client_.get());
  rd_kafka_topic_conf_set_opaque(conf, &entry);
  entry.handle.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), conf));
  return entry;
}

void lane::poll() {
  auto timeout_ms = poll_ms;
  for (auto i = 0; i < messages_per_round; ++i, timeout_ms = 0) {
    message_handle message{rd_kafka_consume_queue(queue_.get(), timeout_ms)};
    if (!message)
      break; // nothing more for now: what there is goes out at once
    take(*message);
  }
  deliver_collected();
}

void lane::take(const rd_kafka_message_t& message) {
  if (!message.rkt)
    return;
  auto& topic = *static_cast<topic_entry*>(rd_kafka_topic_opaque(message.rkt));
  auto index = static_cast<std::size_t>(message.partition);
  if (index >= topic.partitions.size() || !topic.partitions[index])
    return;
  auto& whom = *topic.partitions[index];
  if (whom.suspended)
    return;
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    deliver(whom);
    if (!whom.suspended)
      whom.call(whom.out.on_end, events::partition_id{whom.partition}, events::log_offset{message.offset});
    return;
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    complain(whom, message.err);
    return;
  }
  if (whom.collected.empty())
    touched_.push_back(&whom);
  whom.next = message.offset + 1;
  whom.collected.push_back(record_of(message));
  whom.collected_bytes += cost_of(whom.collected.back());
  if (whom.collected.size() >= settings_.consumer.batch_records_max
      || whom.collected_bytes >= settings_.consumer.batch_bytes_max)
    deliver(whom);
}

void lane::deliver(following& whom) {
  if (whom.collected.empty())
    return;
  auto batch = std::make_shared<record_batch>();
  batch->records = std::exchange(whom.collected, {});
  batch->credit = whom.credit->lend({{whom.partition, std::exchange(whom.collected_bytes, 0)}});
  whom.call(whom.out.on_batch, std::move(batch));
  if (whom.credit->exhausted(whom.partition)) {
    rd_kafka_consume_stop(whom.source, whom.partition);
    whom.suspended = true;
    ++suspended_;
    whom.credit->await_relief();
  }
}

void lane::deliver_collected() {
  for (auto* whom : touched_)
    deliver(*whom);
  touched_.clear();
}

void lane::complain(following& whom, rd_kafka_resp_err_t code) {
  auto now = std::chrono::steady_clock::now();
  if (now - whom.complained < complaint_interval && whom.complained.time_since_epoch().count() != 0)
    return;
  whom.complained = now;
  whom.call(whom.out.on_error,
            error_of(code, "read " + whom.topic + "[" + std::to_string(whom.partition) + "]"));
}

void lane::resume_relieved() {
  if (suspended_ == 0)
    return;
  for (auto& topic : topics_) {
    for (auto& one : topic->partitions) {
      if (!one || !one->suspended || !one->credit->relieved(one->partition))
        continue;
      if (rd_kafka_consume_start_queue(one->source, one->partition, one->next, queue_.get()) != 0) {
        complain(*one, rd_kafka_last_error());
        continue;
      }
      one->suspended = false;
      --suspended_;
    }
  }
}

} // namespace sonicmatch::infra::kafka
