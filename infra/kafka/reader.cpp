#include "infra/kafka/reader.hpp"

#include "events/error.hpp"
#include "infra/kafka/lane.hpp"
#include "infra/kafka/offsets.hpp"

namespace sonicmatch::infra::kafka {

namespace {

/// So many times the same partition can be followed at once.
constexpr std::size_t lanes_max = 8;

class lane_subscription final : public actors::ports::log_reader::subscription {
public:
  lane_subscription(std::shared_ptr<lane> where, std::shared_ptr<following> what)
    : lane_(std::move(where))
    , following_(std::move(what)) {}

  ~lane_subscription() override {
    following_->close();
    lane_->dismiss(following_);
  }

private:
  std::shared_ptr<lane> lane_;
  std::shared_ptr<following> following_;
};

/// What a follow() gets that could not be served; its sink has been told.
class no_subscription final : public actors::ports::log_reader::subscription {};

} // namespace

caf::expected<std::unique_ptr<reader>> reader::open(const settings& values, actors::ports::logger& log) {
  std::unique_ptr<reader> result{new reader{values, log}};
  if (auto error = result->add_lane())
    return error;
  return result;
}

reader::reader(const settings& values, actors::ports::logger& log)
  : settings_(values)
  , log_(log)
  , offsets_(std::make_unique<offset_finder>(values, log)) {}

reader::~reader() {
  for (auto& one : lanes_)
    one->shut_down();
}

caf::error reader::add_lane() {
  auto opened = lane::open(settings_, log_, "reader " + std::to_string(lanes_.size() + 1));
  if (!opened)
    return opened.error();
  lanes_.push_back(std::move(*opened));
  return caf::none;
}

std::unique_ptr<reader::subscription> reader::follow(const std::string& topic, events::partition_id partition,
                                                     events::log_offset from, sink out) {
  auto one = std::make_shared<following>();
  one->topic = topic;
  one->partition = partition.value;
  one->next = from.value;
  one->out = std::move(out);

  std::unique_lock lock{guard_};
  for (auto& known : lanes_)
    if (known->accept(one))
      return std::make_unique<lane_subscription>(known, one);
  auto error = lanes_.size() < lanes_max
                 ? add_lane()
                 : events::make_error(events::errc::overloaded, topic + " is followed too often at once");
  if (!error && lanes_.back()->accept(one))
    return std::make_unique<lane_subscription>(lanes_.back(), one);
  lock.unlock();
  one->call(one->out.on_error, error);
  return std::make_unique<no_subscription>();
}

void reader::find_end(const std::string& topic, events::partition_id partition,
                      std::chrono::milliseconds timeout,
                      std::function<void(caf::expected<events::log_offset>)> on_found) {
  offsets_->find_end(topic, partition.value, timeout, std::move(on_found));
}

void reader::find_committed(
  const std::string& group, const std::string& topic, std::int32_t partition_count,
  std::chrono::milliseconds timeout,
  std::function<void(caf::expected<std::vector<std::optional<events::log_offset>>>)> on_found) {
  offsets_->find_committed(group, topic, partition_count, timeout, std::move(on_found));
}

} // namespace sonicmatch::infra::kafka
