#include "tests/support/simulated_producer.hpp"

#include "events/error.hpp"

namespace sonicmatch::tests {

namespace {

using namespace std::chrono_literals;

/// How likely it is that what was under way arrives although its sender has died.
constexpr double arrives_after_death = 0.8;

enum class fate : std::uint8_t { delivered, unknown_and_there, unknown_and_lost };

std::string describe(const ports::new_record& record) {
  std::string out = record.topic + "[" + to_string(record.partition) + "] " + record.key.substr(0, 36);
  for (const auto& [name, value] : record.headers)
    if (name == "type" || name == "claim")
      out.append(" ").append(value);
  return out;
}

} // namespace

/// The way of one process's records to one partition. Outlives the process, as
/// what is on the wire does.
struct simulated_producer::pipeline : std::enable_shared_from_this<pipeline> {
  struct parcel {
    ports::new_record record;
    delivered on_delivery;
    fate outcome;
    std::string label;
  };
  struct report {
    delivered on_delivery;
    caf::expected<log_position> where;
    std::string label;
  };

  pipeline(simulated_world& w, simulated_log& l, std::shared_ptr<simulated_host> h,
           const simulated_network& n)
    : world(w)
    , log(l)
    , host(std::move(h))
    , network(n) {}

  void send(parcel one) {
    arrival = std::max(arrival, world.now() + world.draw_delay(network.delay_min, network.delay_max));
    on_the_way.push_back(std::move(one));
    world.after(arrival - world.now(), [self = shared_from_this()] { self->arrive(); });
  }

  void arrive() {
    auto one = std::move(on_the_way.front());
    on_the_way.pop_front();
    if (!host->alive) {
      broken = broken || !world.chance(arrives_after_death);
      if (broken)
        return world.trace(host->name, "lost with it: " + one.label);
    }
    caf::expected<log_position> where = events::make_error(events::errc::log_unavailable, "simulated");
    if (one.outcome != fate::unknown_and_lost) {
      auto there = log.append(std::move(one.record));
      one.label.append(" @").append(to_string(there.offset));
      if (one.outcome == fate::delivered)
        where = there;
    }
    if (!world.io_point(*host, "appended " + one.label))
      return;
    auto patience = where ? 0us : world.draw_delay(100ms, 5s);
    told = std::max(told, world.now() + patience + world.draw_delay(network.delay_min, network.delay_max));
    reports.push_back({std::move(one.on_delivery), std::move(where), std::move(one.label)});
    world.after(told - world.now(), [self = shared_from_this()] { self->tell(); });
  }

  void tell() {
    auto one = std::move(reports.front());
    reports.pop_front();
    if (world.io_point(*host, (one.where ? "told of " : "told of failed ") + one.label))
      one.on_delivery(std::move(one.where));
  }

  simulated_world& world;
  simulated_log& log;
  std::shared_ptr<simulated_host> host;
  const simulated_network& network;
  std::deque<parcel> on_the_way;
  std::deque<report> reports;
  events::timestamp arrival;
  events::timestamp told;
  bool broken = false;
};

simulated_producer::simulated_producer(simulated_world& world, simulated_log& log,
                                       std::shared_ptr<simulated_host> host, const simulated_network& network)
  : world_(world)
  , log_(log)
  , host_(std::move(host))
  , network_(network) {}

void simulated_producer::append(ports::new_record record, delivered on_delivery) {
  auto label = describe(record);
  if (!world_.io_point(*host_, "append " + label))
    return;
  if (world_.chance(network_.queue_full))
    return on_delivery(events::make_error(events::errc::log_full, "simulated"));
  auto outcome = fate::delivered;
  if (world_.chance(network_.append_failure))
    outcome = world_.chance(0.5) ? fate::unknown_and_there : fate::unknown_and_lost;
  auto& way = pipelines_[{record.topic, record.partition}];
  if (!way)
    way = std::make_shared<pipeline>(world_, log_, host_, network_);
  way->send({std::move(record), std::move(on_delivery), outcome, std::move(label)});
}

} // namespace sonicmatch::tests
