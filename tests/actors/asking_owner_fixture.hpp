#pragma once

#include "tests/actors/owner_fixture.hpp"
#include "tests/actors/recording_model.hpp"

namespace sonicmatch::tests {

/// An owner that asks a language model, through a real gateway, which the test answers
/// for. The catalog has the headphones "a" and "b", which both meet the sample's wishes.
struct asking_owner_fixture : owner_fixture {
  explicit asking_owner_fixture(actors::language_model::gateway_settings settings = {}) {
    settings.partition_count = 1;
    auto dearer = [](std::string slug) {
      auto out = sample_headphone(std::move(slug));
      out.msrp_usd = out.price_usd = events::usd{300'00}; // within the sample's budget
      return out;
    };
    catalog->publish(
      std::make_shared<const events::catalog::snapshot>(std::vector{dearer("a"), dearer("b")}, 7));
    actors::language_model::gateway_parts gateway;
    gateway.settings = settings;
    gateway.provider = sample_provider();
    gateway.client = client;
    gateway.clock = clock;
    gateway.logger = logger;
    gateway.health = health;
    gateway.board = board;
    parts.model.emplace();
    parts.model->gateway =
      bench.spawn(actors::language_model::language_model_gateway_actor, std::move(gateway));
    parts.model->prompts = std::make_shared<actors::language_model::prompt_book>(sample_provider());
    parts.model->entropy = std::make_shared<counting_entropy>();
  }

  /// The next append that has not been reported on is in the log now, right behind the
  /// one before.
  void deliver_next() {
    deliver(delivered_++, next_offset_++);
  }
  void deliver_all() {
    while (delivered_ < producer->calls.size())
      deliver_next();
  }
  /// Owns from a claim at 100 on.
  void own_from_the_start(std::vector<ports::log_record> history = {}) {
    assign();
    own(100, std::move(history));
    delivered_ = 1;
    next_offset_ = 101;
  }
  /// A command is accepted and its call is with the model.
  void ask(const events::session_id& id, std::int64_t offset = 0) {
    give({command_record(id, offset)});
    deliver_all();
    deliver_all();
  }
  void respond(std::size_t n, int status, const std::string& body) {
    client->respond(n, status, body);
    bench.settle();
  }
  void reply(std::size_t n, const std::string& text, const std::string& stop_reason = "end_turn") {
    respond(n, 200, message_of(text, stop_reason));
  }
  void fail_call(std::size_t n, events::errc code) {
    client->fail(n, code);
    bench.settle();
  }
  void skip_offsets(std::int64_t count) {
    next_offset_ += count;
  }
  [[nodiscard]] std::int64_t next_offset() const {
    return next_offset_;
  }

  template <class Event, class Of>
  [[nodiscard]] Event event_at(std::size_t n) const {
    auto decoded = events::decode_event(producer->calls.at(n).record.value);
    if (!decoded)
      throw std::runtime_error{events::describe(decoded.error())};
    return std::get<Event>(std::get<Of>(decoded->body));
  }
  [[nodiscard]] events::session::recommendation_completed completed_at(std::size_t n) const {
    return event_at<events::session::recommendation_completed, events::session::event>(n);
  }

  /// An append as it is read back, at the offset it was delivered at.
  [[nodiscard]] ports::log_record written(std::size_t n, std::int64_t offset) const {
    return read_back(producer->calls.at(n).record, offset);
  }

  std::shared_ptr<recording_client> client = std::make_shared<recording_client>();
  std::shared_ptr<actors::language_model::gateway_board> board =
    std::make_shared<actors::language_model::gateway_board>();

private:
  std::size_t delivered_ = 0;
  std::int64_t next_offset_ = 101;
};

} // namespace sonicmatch::tests
