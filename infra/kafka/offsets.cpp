#include "infra/kafka/offsets.hpp"

#include "events/error.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace sonicmatch::infra::kafka {

using events::errc;
using events::log_offset;
using events::make_error;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t waiting_max = 4'096;
/// Before a question that failed is asked again.
constexpr milliseconds pause{20};

template <class Deadline>
int attempt_ms(Deadline deadline) {
  auto left = std::chrono::duration_cast<milliseconds>(deadline - Deadline::clock::now());
  return static_cast<int>(std::clamp(left, milliseconds{1}, offset_finder::attempt_max).count());
}

} // namespace

offset_finder::offset_finder(const settings& values, actors::ports::logger& log)
  : client_observer(log, "offset finder")
  , settings_(values)
  , thread_([this](const std::stop_token& stop) { run(stop); }) {}

offset_finder::~offset_finder() {
  thread_.request_stop();
  thread_.join();
}

void offset_finder::find_end(const std::string& topic, std::int32_t partition, milliseconds timeout,
                             end_answer on_found) {
  enqueue(&questions::ends, {topic, partition, clock::now() + timeout, std::move(on_found)});
}

void offset_finder::find_committed(const std::string& group, const std::string& topic,
                                   std::int32_t partition_count, milliseconds timeout,
                                   committed_answer on_found) {
  enqueue(&questions::committed,
          {group, topic, partition_count, clock::now() + timeout, std::move(on_found)});
}

template <class Question>
void offset_finder::enqueue(std::vector<Question> questions::*kind, Question one) {
  std::unique_lock lock{guard_};
  if (waiting_.count() >= waiting_max) {
    lock.unlock();
    one.on_found(make_error(errc::overloaded, "too many questions for offsets"));
    return;
  }
  (waiting_.*kind).push_back(std::move(one));
  asked_.notify_one();
}

void offset_finder::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    questions now;
    {
      std::unique_lock lock{guard_};
      asked_.wait(lock, stop, [this] { return waiting_.count() > 0; });
      now = std::exchange(waiting_, {});
    }
    if (now.count() == 0)
      continue;
    if (auto error = open_client()) {
      fail(now, error);
      continue;
    }
    rd_kafka_poll(client_.get(), 0);
    auto ends = ask(std::move(now.ends));
    auto committed = ask(std::move(now.committed));
    if (ends.empty() && committed.empty())
      continue;
    std::unique_lock lock{guard_};
    std::move(ends.begin(), ends.end(), std::back_inserter(waiting_.ends));
    std::move(committed.begin(), committed.end(), std::back_inserter(waiting_.committed));
    asked_.wait_for(lock, stop, pause, [] { return false; });
  }
  std::unique_lock lock{guard_};
  auto rest = std::exchange(waiting_, {});
  lock.unlock();
  fail(rest, make_error(errc::shutting_down, "the reader was closed"));
}

void offset_finder::fail(questions& those, const caf::error& error) {
  for (auto& one : those.ends)
    one.on_found(error);
  for (auto& one : those.committed)
    one.on_found(error);
}

caf::error offset_finder::open_client() {
  if (client_)
    return caf::none;
  auto opened = configuration{settings_, *this}.open(RD_KAFKA_PRODUCER); // the lightest kind of client
  if (!opened)
    return opened.error();
  client_ = std::move(*opened);
  return caf::none;
}

std::vector<offset_finder::end_question> offset_finder::ask(std::vector<end_question> those) {
  std::vector<end_question> again;
  if (those.empty())
    return again;
  partitions_handle ends{rd_kafka_topic_partition_list_new(static_cast<int>(those.size()))};
  auto first_deadline = clock::time_point::max();
  for (const auto& one : those) {
    first_deadline = std::min(first_deadline, one.deadline);
    if (!rd_kafka_topic_partition_list_find(ends.get(), one.topic.c_str(), one.partition))
      rd_kafka_topic_partition_list_add(ends.get(), one.topic.c_str(), one.partition)->offset =
        RD_KAFKA_OFFSET_END; // -1, which is the protocol's timestamp for the end
  }
  auto code = rd_kafka_offsets_for_times(client_.get(), ends.get(), attempt_ms(first_deadline));
  for (auto& one : those) {
    const auto* end = rd_kafka_topic_partition_list_find(ends.get(), one.topic.c_str(), one.partition);
    auto trouble = code != RD_KAFKA_RESP_ERR_NO_ERROR ? code : end->err;
    if (trouble == RD_KAFKA_RESP_ERR_NO_ERROR && end->offset >= 0)
      one.on_found(log_offset{end->offset});
    else if (clock::now() >= one.deadline)
      one.on_found(
        error_of(trouble, "find the end of " + one.topic + "[" + std::to_string(one.partition) + "]"));
    else
      again.push_back(std::move(one));
  }
  return again;
}

std::vector<offset_finder::committed_question> offset_finder::ask(std::vector<committed_question> those) {
  std::vector<committed_question> again;
  for (auto& one : those) {
    std::vector<std::optional<log_offset>> found(static_cast<std::size_t>(std::max(one.partition_count, 0)));
    auto code = ask_once(one, found);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      one.on_found(std::move(found));
    else if (clock::now() >= one.deadline)
      one.on_found(error_of(code, "find what " + one.group + " has committed"));
    else
      again.push_back(std::move(one));
  }
  return again;
}

// Not through the admin API: librdkafka 2.0.2's ListConsumerGroupOffsets crashes on
// a thread of its own while the group's coordinator is not there yet, as on a new
// cluster. A consumer that subscribes to nothing asks the same and joins nothing.
rd_kafka_resp_err_t offset_finder::ask_once(const committed_question& one,
                                            std::vector<std::optional<log_offset>>& found) {
  if (one.partition_count <= 0)
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  configuration conf{settings_, *this};
  conf.set("group.id", one.group).set("enable.auto.commit", "false");
  auto visitor = std::move(conf).open(RD_KAFKA_CONSUMER);
  if (!visitor)
    return RD_KAFKA_RESP_ERR__INVALID_ARG;
  partitions_handle wanted{rd_kafka_topic_partition_list_new(one.partition_count)};
  rd_kafka_topic_partition_list_add_range(wanted.get(), one.topic.c_str(), 0, one.partition_count - 1);
  auto code = rd_kafka_committed(visitor->get(), wanted.get(), attempt_ms(one.deadline));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return code;
  for (auto i = 0; i < wanted->cnt; ++i) {
    const auto& entry = wanted->elems[i];
    if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return entry.err;
    if (entry.offset >= 0)
      found[static_cast<std::size_t>(entry.partition)] = log_offset{entry.offset};
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

} // namespace sonicmatch::infra::kafka
