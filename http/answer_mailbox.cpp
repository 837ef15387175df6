#include "http/answer_mailbox.hpp"

#include "events/error.hpp"
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/stream_queue.hpp"

#include <boost/asio/post.hpp>

namespace sonicmatch::http {

namespace {

void settle(answer_slot& slot, response answer) {
  if (slot.answer)
    return;
  slot.answer = std::move(answer);
  if (slot.waiting != nullptr)
    slot.waiting->wake();
}

void wake_connection_of(stream_queue& stream) {
  if (stream.waiting == nullptr)
    return;
  if (stream.is_overrun())
    stream.waiting->cut_off();
  else
    stream.waiting->wake();
}

} // namespace

void answer_mailbox::deliver(const std::shared_ptr<answer_slot>& slot, response answer) {
  std::unique_lock lock{mutex_};
  if (context_ == nullptr)
    return;
  if (context_->get_executor().running_in_this_thread()) {
    lock.unlock();
    settle(*slot, std::move(answer));
    return;
  }
  waiting_.emplace_back(slot, std::move(answer));
  call_to_empty();
}

void answer_mailbox::wake(std::shared_ptr<stream_queue> stream) {
  std::lock_guard guard{mutex_};
  if (context_ == nullptr)
    return;
  waking_.push_back(std::move(stream));
  call_to_empty();
}

void answer_mailbox::call_to_empty() {
  if (!std::exchange(is_called_, true))
    boost::asio::post(*context_, [self = shared_from_this()] { self->empty(); });
}

void answer_mailbox::empty() {
  std::vector<std::pair<std::shared_ptr<answer_slot>, response>> answers;
  std::vector<std::shared_ptr<stream_queue>> streams;
  {
    std::lock_guard guard{mutex_};
    answers.swap(waiting_);
    streams.swap(waking_);
    is_called_ = false;
  }
  for (auto& [slot, answer] : answers)
    settle(*slot, std::move(answer));
  for (const auto& stream : streams)
    wake_connection_of(*stream);
}

void answer_mailbox::report(std::string_view message, const request& asked, std::string error) {
  std::lock_guard guard{mutex_};
  if (log_ != nullptr)
    log_->error(message, {{"request_id", std::string{asked.request_id()}},
                          {"path", std::string{asked.path()}},
                          {"error", std::move(error)}});
}

void answer_mailbox::close() {
  // Destroyed without the lock: what they hold may come back here.
  std::vector<std::pair<std::shared_ptr<answer_slot>, response>> answers;
  std::vector<std::shared_ptr<stream_queue>> streams;
  std::lock_guard guard{mutex_};
  context_ = nullptr;
  log_ = nullptr;
  answers.swap(waiting_);
  streams.swap(waking_);
}

awaited_answer::~awaited_answer() {
  if (is_answered_.exchange(true))
    return;
  mailbox_->report("a request was dropped without an answer", asked_, "responder destroyed");
  mailbox_->deliver(slot_, to_response(internal_error(), asked_));
}

void awaited_answer::deliver(response answer) {
  if (!is_answered_.exchange(true))
    mailbox_->deliver(slot_, std::move(answer));
}

void awaited_answer::fail(const caf::error& error) {
  auto shown = problem_of(error);
  if (shown.status >= 500)
    mailbox_->report("a request failed", asked_, events::describe(error));
  deliver(to_response(shown, asked_));
}

} // namespace sonicmatch::http
