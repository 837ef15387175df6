#include "infra/wiring/probe.hpp"

#include "events/envelope.hpp"
#include "events/error.hpp"

#include <caf/all.hpp>

#include <mutex>

namespace sonicmatch::infra {

namespace {

using clock = std::chrono::steady_clock;
using answer_parts = std::function<void(std::vector<http::probed_part>)>;

/// Collects the two answers, from two threads, and passes them on together.
class collected {
public:
  explicit collected(answer_parts answer)
    : answer_(std::move(answer)) {}

  void add(std::string name, const caf::error& failed) {
    std::chrono::duration<double, std::milli> took = clock::now() - began_;
    std::unique_lock guard{mutex_};
    parts_.push_back({std::move(name), !failed, failed ? events::describe(failed) : "answers", took.count()});
    if (parts_.size() < 2)
      return;
    guard.unlock();
    answer_(std::move(parts_));
  }

private:
  clock::time_point began_ = clock::now();
  std::mutex mutex_;
  std::vector<http::probed_part> parts_;
  answer_parts answer_;
};

void ask_store(caf::event_based_actor* self, const actors::session_store& store,
               std::chrono::milliseconds patience, const std::shared_ptr<collected>& out) {
  self->request(store, patience, actors::ping_store{})
    .then([out](const actors::store_pinged& pinged) { out->add("postgresql", pinged.result); },
          [out](const caf::error&) {
            out->add("postgresql",
                     events::make_error(events::errc::store_unavailable, "does not answer in time"));
          });
}

} // namespace

http::health_probe make_health_probe(caf::actor_system& system, actors::session_store store,
                                     std::shared_ptr<actors::ports::log_reader> reader) {
  return [&system, store, reader](std::chrono::milliseconds patience, answer_parts answer) {
    auto out = std::make_shared<collected>(std::move(answer));
    system.spawn(
      [store, patience, out](caf::event_based_actor* self) { ask_store(self, store, patience, out); });
    reader->find_end(
      std::string{events::topics::events}, {}, patience,
      [out](caf::expected<events::log_offset> end) { out->add("kafka", end ? caf::error{} : end.error()); });
  };
}

} // namespace sonicmatch::infra
