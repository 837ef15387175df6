#include "actors/recommender/command_ledger.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <random>

using namespace sonicmatch;
using namespace sonicmatch::actors;

namespace {

ports::batch_ptr holding(std::int64_t offset) {
  return tests::batch_of({{{}, {offset}, {}, "key", std::nullopt, {}}});
}

/// The same as the ledger, as slowly and plainly as it can be said.
class naive_ledger {
public:
  explicit naive_ledger(std::int64_t next)
    : watermark_(next)
    , newest_(next) {}

  void add(std::int64_t offset) {
    if (offset < newest_)
      return;
    commands_[offset] = {};
    newest_ = offset + 1;
  }
  [[nodiscard]] std::optional<std::int64_t> front() const {
    for (const auto& [offset, each] : commands_)
      if (!each.taken)
        return offset;
    return std::nullopt;
  }
  void take() {
    commands_.at(*front()).taken = true;
  }
  void done(std::int64_t offset, std::optional<log_offset> event) {
    auto& each = commands_.at(offset);
    if (each.done)
      return;
    each.done = true;
    each.event = event;
  }
  void rewind() {
    for (auto& [offset, each] : commands_)
      each.taken = each.done;
  }
  [[nodiscard]] std::int64_t watermark() const {
    auto out = watermark_;
    for (const auto& [offset, each] : commands_) {
      if (!each.done)
        break;
      out = offset + 1;
    }
    return out;
  }
  [[nodiscard]] std::optional<log_offset> lowest_event() const {
    std::optional<log_offset> out;
    for (const auto& [offset, each] : commands_)
      if (offset >= watermark() && each.done && each.event && (!out || *each.event < *out))
        out = each.event;
    return out;
  }
  [[nodiscard]] std::vector<std::int64_t> taken_and_not_done() const {
    std::vector<std::int64_t> out;
    for (const auto& [offset, each] : commands_)
      if (each.taken && !each.done)
        out.push_back(offset);
    return out;
  }

private:
  struct command {
    bool taken = false;
    bool done = false;
    std::optional<log_offset> event;
  };
  std::int64_t watermark_;
  std::int64_t newest_;
  std::map<std::int64_t, command> commands_;
};

} // namespace

TEST_CASE("commands are taken in order and done in any", "[actors][ledger]") {
  command_ledger ledger{{10}};
  for (auto offset : {10, 11, 13})
    ledger.add(holding(offset), 0);
  CHECK(ledger.watermark() == log_offset{10});
  for (auto offset : {10, 11, 13}) {
    REQUIRE(ledger.front() != nullptr);
    CHECK(ledger.front()->offset == log_offset{offset});
    ledger.take();
  }
  CHECK(ledger.front() == nullptr);
  ledger.done({11}, log_offset{100});
  CHECK(ledger.watermark() == log_offset{10});
  CHECK(ledger.lowest_event() == log_offset{100});
  ledger.done({10}, log_offset{101});
  CHECK(ledger.watermark() == log_offset{12});
  CHECK_FALSE(ledger.lowest_event());
  ledger.done({13}, std::nullopt);
  CHECK(ledger.watermark() == log_offset{14});
  CHECK(ledger.size() == 0);
}

TEST_CASE("a command that is read again is ignored", "[actors][ledger]") {
  command_ledger ledger{{10}};
  ledger.add(holding(9), 0);
  CHECK(ledger.front() == nullptr);
  ledger.add(holding(10), 0);
  ledger.add(holding(10), 0);
  CHECK(ledger.size() == 1);
  ledger.take();
  ledger.done({10}, std::nullopt);
  ledger.add(holding(10), 0);
  CHECK(ledger.size() == 0);
}

TEST_CASE("a command holds its batch until it is done", "[actors][ledger]") {
  command_ledger ledger;
  auto batch = tests::batch_of({{{}, {0}, {}, "a", {}, {}}, {{}, {1}, {}, "b", {}, {}}});
  std::weak_ptr<const ports::record_batch> watched = batch;
  ledger.add(batch, 0);
  ledger.add(batch, 1);
  batch.reset();
  CHECK(ledger.front()->record().key == "a");
  ledger.take();
  CHECK(ledger.front()->record().key == "b");
  ledger.take();
  ledger.done({1}, std::nullopt);
  CHECK_FALSE(watched.expired());
  ledger.done({0}, std::nullopt);
  CHECK(watched.expired());
}

TEST_CASE("what was taken and not done comes again after a rewind", "[actors][ledger]") {
  command_ledger ledger;
  for (auto offset : {0, 1, 2})
    ledger.add(holding(offset), 0);
  ledger.take();
  ledger.take();
  ledger.done({1}, log_offset{7});
  ledger.rewind();
  CHECK(ledger.front()->offset == log_offset{0});
  ledger.take();
  CHECK(ledger.front()->offset == log_offset{2});
  CHECK(ledger.lowest_event() == log_offset{7});
}

TEST_CASE("done for a command that is not there changes nothing", "[actors][ledger]") {
  command_ledger ledger{{5}};
  ledger.add(holding(7), 0);
  ledger.take();
  ledger.done({6}, std::nullopt);
  ledger.done({5}, std::nullopt);
  CHECK(ledger.watermark() == log_offset{5});
  ledger.done({7}, std::nullopt);
  ledger.done({7}, std::nullopt);
  CHECK(ledger.watermark() == log_offset{8});
}

TEST_CASE("the ledger does what a naive one does", "[actors][ledger][property]") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random{seed};
    auto begin = static_cast<std::int64_t>(random() % 5);
    command_ledger ledger{{begin}};
    naive_ledger model{begin};
    std::int64_t next_event = 1'000;
    for (int step = 0; step < 200; ++step) {
      switch (random() % 8) {
      case 0:
      case 1:
      case 2: {
        auto offset = static_cast<std::int64_t>(random() % (static_cast<std::uint64_t>(step) + 10));
        ledger.add(holding(offset), 0);
        model.add(offset);
        break;
      }
      case 3:
      case 4:
        if (model.front()) {
          ledger.take();
          model.take();
        }
        break;
      case 5:
      case 6:
        if (auto open = model.taken_and_not_done(); !open.empty()) {
          auto offset = open[random() % open.size()];
          auto event = random() % 2 == 0 ? std::optional{log_offset{next_event++}} : std::nullopt;
          ledger.done({offset}, event);
          model.done(offset, event);
        }
        break;
      default:
        if (random() % 4 == 0) {
          ledger.rewind();
          model.rewind();
        }
      }
      CAPTURE(seed, step);
      REQUIRE(ledger.watermark().value == model.watermark());
      REQUIRE((ledger.front() ? std::optional{ledger.front()->offset.value} : std::nullopt) == model.front());
      REQUIRE(ledger.lowest_event() == model.lowest_event());
    }
  }
}
