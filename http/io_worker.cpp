#include "http/io_worker.hpp"

#include "http/connection.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <vector>

namespace sonicmatch::http {

namespace {

/// Deadlines are overstayed by this part of the shortest at most.
constexpr int sweeps_per_deadline = 4;
constexpr std::chrono::milliseconds sweep_interval_min{5};
constexpr std::chrono::milliseconds sweep_interval_max{250};

std::chrono::milliseconds sweep_interval(const server_settings& settings) {
  auto shortest = std::min({settings.head_deadline, settings.body_deadline, settings.idle_deadline,
                            settings.write_deadline, settings.answer_deadline, settings.stream_heartbeat});
  return std::clamp(shortest / sweeps_per_deadline, sweep_interval_min, sweep_interval_max);
}

} // namespace

io_worker::io_worker(edge& shared)
  : shared_{shared}
  , context_{1}
  , work_{context_.get_executor()}
  , sweep_timer_{context_}
  , sweep_interval_{sweep_interval(shared.settings)}
  , now_{clock::now()}
  , mailbox_{std::make_shared<answer_mailbox>(context_, shared.log)} {}

io_worker::~io_worker() {
  stop();
}

void io_worker::start() {
  schedule_sweep();
  thread_ = std::thread{[this] { context_.run(); }};
}

void io_worker::schedule_sweep() {
  sweep_timer_.expires_after(sweep_interval_);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    // A sweep that was due already when stop() cancelled comes without an error,
    // and would keep the thread at work for ever.
    if (error || is_stopping_)
      return;
    sweep();
    schedule_sweep();
  });
}

void io_worker::sweep() {
  now_ = clock::now();
  for (auto* member : connections_)
    member->check_deadline(now_);
}

void io_worker::drain() {
  boost::asio::post(context_, [this] {
    for (auto* member : connections_)
      member->drain();
  });
}

void io_worker::stop() {
  if (!thread_.joinable())
    return;
  boost::asio::post(context_, [this] {
    is_stopping_ = true;
    for (auto* member : connections_)
      member->cut_off();
    sweep_timer_.cancel();
    work_.reset();
  });
  thread_.join();
  mailbox_->close();
}

} // namespace sonicmatch::http
