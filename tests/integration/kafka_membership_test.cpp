#include "tests/contract/log_contract.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kafka_fixture.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;

extern char** environ;

namespace {

/// Another process that is a member of a group: this program, running the hidden
/// test below. Killed at the end if it has not been.
class other_process {
public:
  other_process(const std::string& group, const std::string& topic) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    ::setenv("TEST_MEMBER_GROUP", group.c_str(), 1);
    ::setenv("TEST_MEMBER_TOPIC", topic.c_str(), 1);
    ::setenv("TEST_MEMBER_READY", "9", 1);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 9);
    std::array<std::string, 2> words{"member", "a member in a process of its own"};
    std::array<char*, 3> arguments{words[0].data(), words[1].data(), nullptr};
    REQUIRE(::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    ready_ = ends[0];
  }

  ~other_process() {
    kill();
    ::close(ready_);
  }

  /// True when it has been assigned partitions; false when it ended before.
  [[nodiscard]] bool await_assigned() const {
    char byte = 0;
    return ::read(ready_, &byte, 1) == 1;
  }

  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

private:
  pid_t pid_ = 0;
  int ready_ = -1;
};

} // namespace

TEST_CASE("a member in a process of its own", "[.]") {
  kafka_fixture log;
  member one;
  one.start_at_once();
  one.join(log.membership(), std::getenv("TEST_MEMBER_GROUP"), std::getenv("TEST_MEMBER_TOPIC"));
  auto assigned = one.await([](const auto& s) { return !s.assigned.empty(); });
  REQUIRE(assigned);
  REQUIRE(::write(std::atoi(std::getenv("TEST_MEMBER_READY")), "", 1) == 1);
  std::ignore = one.await([](const auto&) { return false; }, 120s); // to be killed
}

TEST_CASE("the partitions of a killed member go to the others within the session timeout") {
  kafka_fixture log;
  auto topic = log.new_topic(4);
  auto group = log.new_group();
  other_process other{group, topic};
  REQUIRE(other.await_assigned());
  member one;
  one.start_at_once();
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(2));
  auto killed = std::chrono::steady_clock::now();
  other.kill();
  REQUIRE(one.await_assigned(4));
  REQUIRE(std::chrono::steady_clock::now() - killed < log.settings().group.session_timeout + 4s);
  for (auto partition = 0; partition < 4; ++partition)
    contract::append_numbers(log, topic, partition, 3);
  REQUIRE(one.await_records(12));
}

TEST_CASE("a static member that comes back gets its partitions without a rebalance of the others") {
  kafka_fixture log;
  auto topic = log.new_topic(4);
  auto group = log.new_group();
  auto named = [&](const char* name) {
    auto values = log.settings();
    values.group.instance_id = name;
    return infra::kafka::membership{values, log.log()};
  };
  auto first = named("first");
  auto second = named("second");
  member stays;
  stays.join(first, group, topic);
  REQUIRE(stays.await_assigned(4));
  std::map<std::int32_t, ports::assignment> before;
  {
    member goes;
    goes.join(second, group, topic);
    REQUIRE(goes.await_assigned(2));
    REQUIRE(stays.await_assigned(2));
    before = goes.now().assigned;
    goes.consumer().commit({before.begin()->first}, {3}, "kept");
    goes.leave();
  }
  stays.keep_revoked(); // would show in `revoked`
  member back;
  back.join(second, group, topic);
  REQUIRE(back.await_assigned(2));
  auto after = back.now().assigned;
  REQUIRE(after.begin()->first == before.begin()->first);
  REQUIRE(after.begin()->second.committed == events::log_offset{3});
  REQUIRE(after.begin()->second.metadata == "kept");
  REQUIRE(stays.now().revoked.empty());
  REQUIRE(stays.now().assigned.size() == 2);
}

TEST_CASE("records beyond every bound of credit arrive once and in order while batches come and go") {
  kafka_fixture log;
  auto topic = log.new_topic(3);
  constexpr std::size_t count = 3'000;
  for (auto partition = 0; partition < 3; ++partition)
    contract::append_numbers(log, topic, partition, count, 0, 500);
  member one;
  one.hold();
  one.start_at_once();
  one.join(log.membership(), log.new_group(), topic);
  // Each time the bound is reached, everything is dropped and taken up again.
  for (std::size_t seen = 0; seen < 3 * count; seen = one.now().records.size()) {
    std::ignore = one.await_records(seen + 600, 200ms);
    one.let_go();
    one.hold();
  }
  std::map<std::int32_t, std::vector<ports::log_record>> by_partition;
  for (auto& record : one.now().records)
    by_partition[record.partition.value].push_back(record);
  for (auto& [partition, records] : by_partition)
    REQUIRE(contract::numbers_of(records) == contract::numbers(0, count));
  REQUIRE(by_partition.size() == 3);
}
