#include "infra/kafka/producer.hpp"

#include "events/error.hpp"
#include "infra/kafka/client.hpp"
#include "infra/kafka/unacknowledged.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace sonicmatch::infra::kafka {

using actors::ports::new_record;
using events::errc;
using events::log_position;
using namespace std::chrono_literals;

namespace {

constexpr int poll_ms = 100;
/// How long a broken client may take to report on requests it has sent.
constexpr int settle_ms = 1'000;

/// Errors with which librdkafka gives records back that it has not tried, or not
/// finished trying, because the client is broken or is being closed.
bool given_back(rd_kafka_resp_err_t code) noexcept {
  return code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__PURGE_QUEUE
         || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

} // namespace

/// One producer's client and what it owes. `guard_` protects the client, the topic
/// handles and the records; callbacks are called without it.
class producer::session final : public client_observer {
public:
  session(const settings& values, actors::ports::logger& log)
    : client_observer(log, "producer")
    , settings_(values) {}

  ~session() override {
    thread_.request_stop();
    if (thread_.joinable())
      thread_.join();
  }

  caf::error start() {
    if (auto opened = open_client(); opened)
      client_ = std::move(*opened);
    else
      return opened.error();
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    return caf::none;
  }

  void append(new_record record, delivered on_delivery) {
    auto cost = unacknowledged::cost_of(record);
    std::unique_lock lock{guard_};
    if (owed_.count() >= settings_.producer.queued_records_max
        || owed_.bytes() + cost > settings_.producer.queued_bytes_max) {
      lock.unlock();
      on_delivery(events::make_error(errc::log_full, "the producer's queue is full"));
      return;
    }
    auto* entry = owed_.add(std::move(record), std::move(on_delivery));
    if (broken_)
      return; // sent when the client has been made anew
    if (auto code = send(*entry); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      auto refused = owed_.take(entry);
      lock.unlock();
      refused->on_delivery(refusal(code, refused->record));
    }
  }

  bool flush(std::chrono::milliseconds timeout) {
    std::unique_lock lock{guard_};
    return all_told_.wait_for(lock, timeout, [this] { return owed_.count() == 0 && telling_ == 0; });
  }

  caf::error prepare(const std::string& topic, std::chrono::milliseconds timeout) {
    std::lock_guard lock{guard_};
    if (broken_)
      return caf::none; // the first record will wait a little
    topic_handle wanted{rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr)};
    const struct rd_kafka_metadata* found = nullptr;
    auto code = rd_kafka_metadata(client_.get(), 0, wanted.get(), &found, static_cast<int>(timeout.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      return error_of(code, "learn who leads " + topic);
    rd_kafka_metadata_destroy(found);
    return caf::none;
  }

  void provoke_fatal_error() {
    std::lock_guard lock{guard_};
    if (!broken_)
      rd_kafka_test_fatal_error(client_.get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "provoked");
  }

private:
  caf::expected<client_handle> open_client() {
    configuration conf{settings_, *this};
    const auto& limits = settings_.producer;
    conf.set("enable.idempotence", "true")
      .set("acks", "all")
      .set("compression.codec", "lz4")
      .set("linger.ms", std::to_string(limits.linger_ms))
      .set("message.timeout.ms", limits.delivery_timeout.count())
      // The session's own bounds refuse first; these leave them room.
      .set("queue.buffering.max.messages", static_cast<long long>(limits.queued_records_max + 1))
      .set("queue.buffering.max.kbytes", static_cast<long long>(limits.queued_bytes_max / 1024 + 2'048))
      // Above the topics' own limits, so that it is the broker that refuses.
      .set("message.max.bytes", 4 << 20);
    rd_kafka_conf_set_dr_msg_cb(
      conf.native(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
        static_cast<session*>(static_cast<client_observer*>(opaque))->on_report(*message);
      });
    return std::move(conf).open(RD_KAFKA_PRODUCER);
  }

  /// Hands a record to librdkafka, which reads key, value and headers where they
  /// are until the report. Holds guard_.
  rd_kafka_resp_err_t send(unacknowledged::entry& entry) {
    auto* topic = topic_of(entry.record.topic);
    if (!topic)
      return rd_kafka_last_error();
    auto code = produce(client_.get(), topic, entry);
    if (code != RD_KAFKA_RESP_ERR__FATAL)
      return code;
    broken_ = true; // noticed here before the polling thread did
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  /// Creating a handle takes a lock and a search in librdkafka; there are four topics.
  rd_kafka_topic_t* topic_of(const std::string& name) {
    for (auto& [known, topic] : topics_)
      if (known == name)
        return topic.get();
    topic_handle topic{rd_kafka_topic_new(client_.get(), name.c_str(), nullptr)};
    auto* result = topic.get();
    if (result)
      topics_.emplace_back(name, std::move(topic));
    return result;
  }

  void on_client_error(rd_kafka_resp_err_t code, std::string_view reason) override {
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
      log().warning("the producer's idempotence broke; making it anew", {{"error", std::string{reason}}});
      std::lock_guard lock{guard_};
      broken_ = true;
      return;
    }
    client_observer::on_client_error(code, reason);
  }

  /// A delivery report, on the polling thread.
  void on_report(const rd_kafka_message_t& message) {
    auto* entry = static_cast<unacknowledged::entry*>(message._private);
    std::unique_lock lock{guard_};
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && !closing_ && (broken_ || given_back(message.err)))
      return; // kept, and sent again
    auto done = owed_.take(entry);
    ++telling_;
    lock.unlock();
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR)
      done->on_delivery(log_position{{message.partition}, {message.offset}});
    else
      done->on_delivery(refusal(message.err, done->record));
    done.reset();
    lock.lock();
    if (--telling_ == 0 && owed_.count() == 0)
      all_told_.notify_all();
  }

  static caf::error refusal(rd_kafka_resp_err_t code, const new_record& record) {
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
      return events::make_error(errc::log_full, "librdkafka's queue is full");
    return error_of(code, "append to " + record.topic + "[" + to_string(record.partition) + "]");
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      rd_kafka_poll(client_.get(), poll_ms);
      if (is_broken())
        renew(stop);
    }
    {
      std::lock_guard lock{guard_};
      closing_ = true;
    }
    if (client_)
      close_client();
    fail_the_rest();
  }

  bool is_broken() {
    std::lock_guard lock{guard_};
    return broken_;
  }

  /// Replaces the broken client. Appends meanwhile are only noted down, so nobody
  /// else touches client_ while broken_ is set.
  void renew(const std::stop_token& stop) {
    rd_kafka_flush(client_.get(), settle_ms); // what is on its way may still succeed
    close_client();
    client_.reset();
    while (!client_ && !stop.stop_requested()) {
      if (auto opened = open_client()) {
        client_ = std::move(*opened);
      } else {
        // The same settings opened one before: memory or threads have run out.
        log().error("the producer could not be made anew", {{"error", events::describe(opened.error())}});
        std::this_thread::sleep_for(1s);
      }
    }
    if (client_)
      send_again();
  }

  void send_again() {
    std::vector<std::pair<unacknowledged::entry_ptr, rd_kafka_resp_err_t>> refused;
    std::unique_lock lock{guard_};
    broken_ = false;
    log().info("the producer is new; sending again", {{"records", std::to_string(owed_.count())}});
    owed_.for_each([&](unacknowledged::entry& entry) {
      if (auto code = send(entry); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        refused.emplace_back(&entry, code);
    });
    for (auto& [entry, code] : refused)
      std::ignore = owed_.take(entry.get()).release();
    lock.unlock();
    for (auto& [entry, code] : refused)
      entry->on_delivery(refusal(code, entry->record));
  }

  /// Gives every record of the client its report and lets the topics go.
  void close_client() {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(client_.get()) > 0)
      rd_kafka_poll(client_.get(), poll_ms);
    std::lock_guard lock{guard_};
    topics_.clear();
  }

  void fail_the_rest() {
    std::unique_lock lock{guard_};
    while (auto rest = owed_.take_first()) {
      lock.unlock();
      rest->on_delivery(events::make_error(errc::log_unavailable, "the producer was closed"));
      lock.lock();
    }
    all_told_.notify_all();
  }

  settings settings_;
  std::mutex guard_;
  std::condition_variable all_told_;
  client_handle client_; ///< before topics_, which must go first
  std::vector<std::pair<std::string, topic_handle>> topics_;
  unacknowledged owed_;
  std::size_t telling_ = 0; ///< callbacks under way
  bool broken_ = false;     ///< a fatal error: nothing is given to this client any more
  bool closing_ = false;
  std::jthread thread_; ///< the only one that polls
};

producer::producer(std::unique_ptr<session> impl)
  : session_(std::move(impl)) {}

producer::~producer() = default;

caf::expected<std::unique_ptr<producer>> producer::open(const settings& values, actors::ports::logger& log) {
  auto impl = std::make_unique<session>(values, log);
  if (auto error = impl->start())
    return error;
  return std::unique_ptr<producer>{new producer{std::move(impl)}};
}

void producer::append(new_record record, delivered on_delivery) {
  session_->append(std::move(record), std::move(on_delivery));
}

caf::error producer::prepare(const std::string& topic, std::chrono::milliseconds timeout) {
  return session_->prepare(topic, timeout);
}

bool producer::flush(std::chrono::milliseconds timeout) {
  return session_->flush(timeout);
}

void producer::provoke_fatal_error() {
  session_->provoke_fatal_error();
}

} // namespace sonicmatch::infra::kafka
