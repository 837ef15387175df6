#include "tests/support/simulated_reader.hpp"

#include "events/error.hpp"
#include "tests/support/simulated_groups.hpp"

namespace sonicmatch::tests {

namespace {

class followed final : public ports::log_reader::subscription {
public:
  explicit followed(std::shared_ptr<simulated_fetcher> fetcher)
    : fetcher_(std::move(fetcher)) {}
  followed(const followed&) = delete;
  followed& operator=(const followed&) = delete;
  ~followed() override {
    fetcher_->close();
  }

private:
  std::shared_ptr<simulated_fetcher> fetcher_;
};

caf::error unavailable() {
  return events::make_error(events::errc::log_unavailable, "simulated");
}

} // namespace

simulated_reader::simulated_reader(simulated_world& world, simulated_log& log, simulated_groups& groups,
                                   std::shared_ptr<simulated_host> host, const simulated_network& network)
  : world_(world)
  , log_(log)
  , groups_(groups)
  , host_(std::move(host))
  , network_(network) {}

std::unique_ptr<ports::log_reader::subscription>
simulated_reader::follow(const std::string& topic, partition_id partition, log_offset from, sink out) {
  auto fetcher = std::make_shared<simulated_fetcher>(
    world_, log_, host_, network_, topic,
    simulated_fetcher::sink{std::move(out.on_batch), std::move(out.on_end)});
  if (world_.io_point(*host_, "follow " + topic + " from " + to_string(log_position{partition, from})))
    fetcher->start(partition, from);
  return std::make_unique<followed>(std::move(fetcher));
}

void simulated_reader::ask(const std::string& what, std::chrono::milliseconds timeout,
                           std::function<std::function<void()>()> answer, std::function<void()> refuse) {
  if (!world_.io_point(*host_, "ask for " + what))
    return;
  if (world_.chance(network_.question_failure))
    return world_.after(timeout, [&world = world_, host = host_, what, refuse = std::move(refuse)] {
      if (world.io_point(*host, "no answer: " + what))
        refuse();
    });
  auto draw = [&world = world_, &network = network_] {
    return world.draw_delay(network.delay_min, network.delay_max);
  };
  world_.after(draw(), [&world = world_, host = host_, what, answer = std::move(answer), draw] {
    world.after(draw(), [&world, host, what, told = answer()] {
      if (world.io_point(*host, "told " + what))
        told();
    });
  });
}

void simulated_reader::find_end(const std::string& topic, partition_id partition,
                                std::chrono::milliseconds timeout,
                                std::function<void(caf::expected<log_offset>)> on_found) {
  ask(
    "the end of " + topic + "[" + to_string(partition) + "]", timeout,
    [&log = log_, topic, partition, on_found]() -> std::function<void()> {
      return [on_found, end = log.end_of(topic, partition)] { on_found(end); };
    },
    [on_found] { on_found(unavailable()); });
}

void simulated_reader::find_committed(
  const std::string& group, const std::string& topic, std::int32_t partition_count,
  std::chrono::milliseconds timeout,
  std::function<void(caf::expected<std::vector<std::optional<log_offset>>>)> on_found) {
  ask(
    "the offsets of " + group, timeout,
    [&groups = groups_, group, topic, partition_count, on_found]() -> std::function<void()> {
      std::vector<std::optional<log_offset>> offsets;
      for (partition_id p; p.value < partition_count; p = p.next())
        offsets.push_back(groups.of(group, topic).committed(p).committed);
      return [on_found, offsets] { on_found(offsets); };
    },
    [on_found] { on_found(unavailable()); });
}

} // namespace sonicmatch::tests
