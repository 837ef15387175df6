#include "infra/kafka/topics.hpp"

#include "events/error.hpp"
#include "infra/kafka/client.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace sonicmatch::infra::kafka {

using events::errc;
using events::make_error;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

constexpr int probe_ms = 500;
constexpr auto waiting_note_interval = 5s;
constexpr auto request_timeout = 10s;
/// A topic that was just made is not everywhere at once.
constexpr auto appearance_timeout = 10s;
constexpr int replicas = 3;
constexpr int broker_default = -1;

using config = std::map<std::string, std::string>;

/// A topic as it should be.
struct plan {
  std::string name;
  std::int32_t partitions;
  config settings;
};

std::string milliseconds_of(std::chrono::hours duration) {
  return std::to_string(std::chrono::milliseconds{duration}.count());
}

std::vector<plan> plans_of(const topic_plan& values) {
  auto name = [&](const char* base) { return values.name_prefix + base; };
  auto kept = [](std::chrono::hours retention) {
    return config{{"cleanup.policy", "delete"}, {"retention.ms", milliseconds_of(retention)}};
  };
  auto dead_letters = kept(values.dead_letters_retention);
  // A parked record carries its origin's bytes and more: above the broker's 1 MB.
  dead_letters.emplace("max.message.bytes", std::to_string(2 << 20));
  return {
    {name(topic::commands), values.partitions, kept(values.commands_retention)},
    {name(topic::events), values.partitions, kept(values.events_retention)},
    {name(topic::catalog), 1, {{"cleanup.policy", "compact"}}},
    {name(topic::dead_letters), 1, std::move(dead_letters)},
  };
}

/// What the cluster has: its brokers, and the partition counts of its topics.
struct cluster {
  int brokers = 0;
  std::map<std::string, std::int32_t> partitions;
};

caf::expected<cluster> look_at(rd_kafka_t* client, std::chrono::milliseconds timeout) {
  const rd_kafka_metadata_t* raw = nullptr;
  auto code = rd_kafka_metadata(client, 1, nullptr, &raw, static_cast<int>(timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return error_of(code, "ask for the topics");
  handle<const rd_kafka_metadata_t, rd_kafka_metadata_destroy> metadata{raw};
  cluster result;
  result.brokers = metadata->broker_cnt;
  for (auto i = 0; i < metadata->topic_cnt; ++i)
    if (metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
      result.partitions.emplace(metadata->topics[i].topic, metadata->topics[i].partition_cnt);
  return result;
}

class administration {
public:
  administration(rd_kafka_t* client, actors::ports::logger& log)
    : client_(client)
    , log_(log)
    , answers_(rd_kafka_queue_new(client)) {}

  caf::error create(const plan& wanted, int brokers) {
    std::array<char, 512> reason{};
    auto factor = brokers >= replicas ? replicas : broker_default;
    new_topic_handle made{
      rd_kafka_NewTopic_new(wanted.name.c_str(), wanted.partitions, factor, reason.data(), reason.size())};
    if (!made)
      return make_error(errc::bad_configuration, wanted.name + ": " + reason.data());
    for (const auto& [name, value] : wanted.settings)
      rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
    if (brokers >= replicas) {
      rd_kafka_NewTopic_set_config(made.get(), "min.insync.replicas", "2");
      rd_kafka_NewTopic_set_config(made.get(), "unclean.leader.election.enable", "false");
    }
    auto options = options_for(RD_KAFKA_ADMIN_OP_CREATETOPICS);
    std::array list{made.get()};
    rd_kafka_CreateTopics(client_, list.data(), list.size(), options.get(), answers_.get());
    auto event = answer();
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return unanswered(event, "create " + wanted.name);
    std::size_t count = 0;
    const auto** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
    auto code = rd_kafka_topic_result_error(results[0]);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      return caf::none; // another process was faster
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto* detail = rd_kafka_topic_result_error_string(results[0]);
      return error_of(code, "create " + wanted.name + " (" + (detail ? detail : "") + ")");
    }
    log_.info("topic created", {{"topic", wanted.name}, {"partitions", std::to_string(wanted.partitions)}});
    return caf::none;
  }

  /// Warns of each setting that is not the plan's.
  caf::error compare(const plan& wanted) {
    config_resource_handle resource{
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, wanted.name.c_str())};
    auto options = options_for(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    std::array list{resource.get()};
    rd_kafka_DescribeConfigs(client_, list.data(), list.size(), options.get(), answers_.get());
    auto event = answer();
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return unanswered(event, "describe " + wanted.name);
    std::size_t count = 0;
    const auto** resources =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    const auto** entries = rd_kafka_ConfigResource_configs(resources[0], &count);
    for (std::size_t i = 0; i < count; ++i)
      compare(wanted, rd_kafka_ConfigEntry_name(entries[i]), rd_kafka_ConfigEntry_value(entries[i]));
    return caf::none;
  }

private:
  void compare(const plan& wanted, const char* name, const char* found) {
    auto expected = wanted.settings.find(name);
    if (expected == wanted.settings.end() || !found || expected->second == found)
      return;
    log_.warning(
      "a topic's setting is not the one it would be made with",
      {{"topic", wanted.name}, {"setting", name}, {"found", found}, {"expected", expected->second}});
  }

  admin_options_handle options_for(rd_kafka_admin_op_t operation) {
    admin_options_handle options{rd_kafka_AdminOptions_new(client_, operation)};
    std::array<char, 256> reason{};
    auto timeout_ms = static_cast<int>(std::chrono::milliseconds{request_timeout}.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, reason.data(), reason.size());
    if (operation == RD_KAFKA_ADMIN_OP_CREATETOPICS)
      rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms / 2, reason.data(),
                                                  reason.size());
    return options;
  }

  event_handle answer() {
    auto timeout = std::chrono::milliseconds{request_timeout + 1s};
    return event_handle{rd_kafka_queue_poll(answers_.get(), static_cast<int>(timeout.count()))};
  }

  static caf::error unanswered(const event_handle& event, const std::string& attempt) {
    return error_of(event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT, attempt);
  }

  rd_kafka_t* client_;
  actors::ports::logger& log_;
  queue_handle answers_;
};

caf::error check_partitions(const std::vector<plan>& plans, const cluster& found) {
  std::string mistakes;
  for (const auto& wanted : plans) {
    auto known = found.partitions.find(wanted.name);
    if (known == found.partitions.end() || known->second == wanted.partitions)
      continue;
    mistakes += (mistakes.empty() ? "" : "; ") + wanted.name + " has " + std::to_string(known->second)
                + " partitions, expected " + std::to_string(wanted.partitions);
  }
  return mistakes.empty() ? caf::error{} : make_error(errc::topic_mismatch, mistakes);
}

/// Waits until all planned topics are to be seen.
caf::error await_appearance(rd_kafka_t* client, const std::vector<plan>& plans) {
  auto deadline = clock::now() + appearance_timeout;
  while (clock::now() < deadline) {
    auto found = look_at(client, request_timeout);
    if (!found)
      return found.error();
    if (std::all_of(plans.begin(), plans.end(),
                    [&](const plan& one) { return found->partitions.contains(one.name); }))
      return check_partitions(plans, *found);
    std::this_thread::sleep_for(50ms); // the next look, not a guess at the time it takes
  }
  return make_error(errc::log_unavailable, "the topics that were created do not appear");
}

} // namespace

caf::error wait_for_broker(const settings& values, actors::ports::logger& log,
                           const std::function<bool()>& stop) {
  client_observer observer{log, "probe"};
  observer.quiet(true);
  auto client = configuration{values, observer}.open(RD_KAFKA_PRODUCER);
  if (!client)
    return client.error();
  auto noted = clock::now() - waiting_note_interval + 1s; // the first note after a second
  while (!stop()) {
    rd_kafka_poll(client->get(), 0);
    const rd_kafka_metadata_t* raw = nullptr;
    if (rd_kafka_metadata(client->get(), 0, nullptr, &raw, probe_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_metadata_destroy(raw);
      return caf::none;
    }
    if (clock::now() - noted >= waiting_note_interval) {
      noted = clock::now();
      log.warning("Kafka at " + values.brokers + " does not answer; waiting");
    }
  }
  return make_error(errc::shutting_down, "stopped while waiting for Kafka");
}

caf::error ensure_topics(const settings& values, actors::ports::logger& log) {
  client_observer observer{log, "topics"};
  auto client = configuration{values, observer}.open(RD_KAFKA_PRODUCER);
  if (!client)
    return client.error();
  auto found = look_at(client->get(), request_timeout);
  if (!found)
    return found.error();
  auto plans = plans_of(values.topics);
  if (auto error = check_partitions(plans, *found))
    return error;
  administration admin{client->get(), log};
  for (const auto& wanted : plans) {
    auto there = found->partitions.contains(wanted.name);
    if (auto error = there ? admin.compare(wanted) : admin.create(wanted, found->brokers))
      return error;
  }
  return await_appearance(client->get(), plans);
}

} // namespace sonicmatch::infra::kafka
