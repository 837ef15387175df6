#include "http/stream_queue.hpp"

#include <utility>

namespace sonicmatch::http {

namespace {

/// What a part costs beside its bytes, so that many small ones are bounded too.
constexpr std::size_t bookkeeping_bytes = 64;

std::size_t cost_of(const std::string& part) noexcept {
  return part.size() + bookkeeping_bytes;
}

} // namespace

bool stream_queue::write(std::shared_ptr<const std::string> bytes) {
  if (!bytes || bytes->empty()) // an empty chunk would end the answer
    return true;
  bool is_taken = false;
  {
    std::lock_guard guard{mutex_};
    if (condition_ != condition::open)
      return false;
    is_taken = waiting_cost_ + cost_of(*bytes) <= cost_max_;
    if (is_taken) {
      waiting_cost_ += cost_of(*bytes);
      waiting_parts_.push_back(std::move(bytes));
      if (std::exchange(is_waking_, true))
        return true;
    } else {
      condition_ = condition::overrun;
      waiting_parts_ = {};
      waiting_cost_ = 0;
    }
  }
  wake_connection();
  return is_taken;
}

void stream_queue::end() {
  {
    std::lock_guard guard{mutex_};
    if (condition_ != condition::open)
      return;
    condition_ = condition::ending;
    if (std::exchange(is_waking_, true))
      return;
  }
  wake_connection();
}

void stream_queue::on_closed(std::function<void()> closed) {
  {
    std::lock_guard guard{mutex_};
    if (condition_ != condition::closed) {
      closed_.push_back(std::move(closed));
      return;
    }
  }
  closed();
}

stream_sink stream_queue::sink() {
  return {this, [self = shared_from_this()](open_stream* stream) { stream->end(); }};
}

stream_queue::batch stream_queue::take(std::size_t bytes_max) {
  batch taken;
  std::lock_guard guard{mutex_};
  is_waking_ = false;
  std::size_t count = 0;
  for (; count < waiting_parts_.size() && taken.bytes < bytes_max; ++count) {
    taken.bytes += waiting_parts_[count]->size();
    waiting_cost_ -= cost_of(*waiting_parts_[count]);
  }
  if (count == waiting_parts_.size()) {
    taken.parts.swap(waiting_parts_);
    taken.is_last = condition_ == condition::ending;
  } else {
    auto end = waiting_parts_.begin() + static_cast<std::ptrdiff_t>(count);
    taken.parts.assign(std::make_move_iterator(waiting_parts_.begin()), std::make_move_iterator(end));
    waiting_parts_.erase(waiting_parts_.begin(), end);
  }
  return taken;
}

bool stream_queue::is_overrun() {
  std::lock_guard guard{mutex_};
  return condition_ == condition::overrun;
}

void stream_queue::close() {
  std::vector<std::function<void()>> told;
  std::vector<std::shared_ptr<const std::string>> dropped;
  waiting = nullptr;
  {
    std::lock_guard guard{mutex_};
    condition_ = condition::closed;
    told.swap(closed_);
    dropped.swap(waiting_parts_);
    waiting_cost_ = 0;
  }
  for (auto& tell : told)
    tell();
}

void stream_queue::wake_connection() {
  mailbox_->wake(shared_from_this());
}

} // namespace sonicmatch::http
