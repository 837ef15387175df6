#include "infra/llm/curl_client.hpp"

#include "infra/llm/socket_watch.hpp"
#include "infra/llm/transfer.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sonicmatch::infra::llm {

using actors::ports::http_client;
using actors::ports::http_request;
using actors::ports::http_response;

namespace {

/// The longest sleep. Sockets and whoever calls end it earlier.
constexpr std::chrono::milliseconds sleep_max{1'000};
/// Handles kept for the next requests, some 6 KB each.
constexpr std::size_t spare_handles_max = 256;

struct multi_cleanup {
  void operator()(CURLM* handle) const noexcept {
    curl_multi_cleanup(handle);
  }
};
using multi_handle = std::unique_ptr<CURLM, multi_cleanup>;

/// libcurl is set up once for the process, and never torn down: other threads may use it.
void set_up_libcurl() {
  static const auto result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK)
    throw std::bad_alloc{};
}

/// All requests under way, and the loop that drives them. Shared by the client and its
/// thread, so that it lives as long as either. What is not guarded belongs to the thread.
class transfers {
public:
  using ticket = http_client::ticket;
  using clock = std::chrono::steady_clock;

  explicit transfers(curl_settings settings);

  /// From any thread.
  ticket add(http_request request, http_client::done on_done);
  void cancel(ticket which);
  /// Lets run() end. What comes later is cancelled at once.
  void stop();

  /// The thread: returns when it was stopped and everybody has been told.
  void run();

private:
  /// When a request is to be looked at, because it may have to be given up. libcurl's
  /// own timeouts do not see a request that waits for a connection.
  using alarms = std::multimap<clock::time_point, ticket>;

  struct under_way {
    std::unique_ptr<transfer> what;
    alarms::iterator alarm;
  };

  [[nodiscard]] bool take_inbox();
  void start(std::unique_ptr<transfer> one);
  void end_completed();
  void end_expired();
  [[nodiscard]] std::chrono::milliseconds sleep() const;
  void cancel_one(ticket which);
  [[nodiscard]] std::unique_ptr<transfer> withdraw(ticket which);
  [[nodiscard]] easy_handle take_handle();

  const curl_settings settings_;
  multi_handle multi_;
  std::unique_ptr<socket_watch> sockets_;
  std::unordered_map<ticket, under_way> active_;
  alarms alarms_;
  std::vector<easy_handle> spare_;

  std::atomic<ticket> last_ticket_ = 0;
  std::mutex guard_; ///< of what follows
  std::vector<std::unique_ptr<transfer>> posted_;
  std::vector<ticket> cancelled_;
  bool stopped_ = false;
};

transfers::transfers(curl_settings settings)
  : settings_(std::move(settings)) {
  set_up_libcurl();
  multi_.reset(curl_multi_init());
  if (!multi_)
    throw std::bad_alloc{};
  auto connections_max = static_cast<long>(settings_.connections_max);
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, long{CURLPIPE_MULTIPLEX});
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections_max);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections_max);
  sockets_ = std::make_unique<socket_watch>(multi_.get());
}

transfers::ticket transfers::add(http_request request, http_client::done on_done) {
  auto id = ++last_ticket_;
  auto one = std::make_unique<transfer>(id, std::move(request), std::move(on_done), settings_);
  {
    std::lock_guard lock{guard_};
    if (!stopped_) {
      posted_.push_back(std::move(one));
      sockets_->wake();
    }
  }
  if (one)
    one->tell(one->cancelled());
  return id;
}

void transfers::cancel(ticket which) {
  std::lock_guard lock{guard_};
  cancelled_.push_back(which);
  sockets_->wake();
}

void transfers::stop() {
  std::lock_guard lock{guard_};
  stopped_ = true;
  sockets_->wake();
}

void transfers::run() {
  while (take_inbox()) {
    sockets_->wait_and_act(sleep()); // what goes wrong with a request is told with its end
    end_completed();
    end_expired();
  }
  while (!active_.empty())
    cancel_one(active_.begin()->first);
}

/// Starts and cancels what was asked for; false once stopped.
bool transfers::take_inbox() {
  std::vector<std::unique_ptr<transfer>> to_start;
  std::vector<ticket> to_cancel;
  bool goes_on = true;
  {
    std::lock_guard lock{guard_};
    to_start.swap(posted_);
    to_cancel.swap(cancelled_);
    goes_on = !stopped_;
  }
  for (auto& one : to_start)
    start(std::move(one));
  for (auto which : to_cancel)
    cancel_one(which);
  return goes_on;
}

void transfers::start(std::unique_ptr<transfer> one) {
  if (auto error = one->prepare(take_handle())) {
    one->tell(std::move(error));
    return;
  }
  // Nothing is sent before libcurl's timer, which this sets, is looked at.
  if (auto result = curl_multi_add_handle(multi_.get(), one->handle()); result != CURLM_OK) {
    one->tell(one->unreachable(curl_multi_strerror(result)));
    return;
  }
  auto alarm = alarms_.emplace(one->deadline(), one->id());
  active_.emplace(alarm->second, under_way{std::move(one), alarm});
}

void transfers::end_completed() {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    auto how = message->data.result; // goes with the message
    transfer* ended = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ended);
    auto one = withdraw(ended->id());
    auto outcome = one->outcome(how);
    // A handle may remember a failure (curl issue 18206): only good ones are used again.
    if (how == CURLE_OK && spare_.size() < spare_handles_max)
      spare_.push_back(one->release());
    one->tell(std::move(outcome));
  }
}

void transfers::end_expired() {
  auto now = clock::now();
  while (!alarms_.empty() && alarms_.begin()->first <= now) {
    auto which = alarms_.begin()->second;
    auto& [what, alarm] = active_.at(which);
    if (what->deadline() > now) { // it has got its connection since
      alarms_.erase(alarm);
      alarm = alarms_.emplace(what->deadline(), which);
    } else {
      auto one = withdraw(which);
      one->tell(one->expired());
    }
  }
}

std::chrono::milliseconds transfers::sleep() const {
  if (alarms_.empty())
    return sleep_max;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(alarms_.begin()->first - clock::now());
  return std::clamp(left, std::chrono::milliseconds{0}, sleep_max);
}

void transfers::cancel_one(ticket which) {
  if (auto one = withdraw(which))
    one->tell(one->cancelled());
}

/// Takes a request from libcurl; null when it has ended.
std::unique_ptr<transfer> transfers::withdraw(ticket which) {
  auto found = active_.find(which);
  if (found == active_.end())
    return nullptr;
  auto out = std::move(found->second.what);
  alarms_.erase(found->second.alarm);
  active_.erase(found);
  curl_multi_remove_handle(multi_.get(), out->handle());
  return out;
}

easy_handle transfers::take_handle() {
  if (spare_.empty())
    return make_easy_handle(settings_);
  auto out = std::move(spare_.back());
  spare_.pop_back();
  return out;
}

class curl_client final : public http_client {
public:
  explicit curl_client(curl_settings settings)
    : transfers_(std::make_shared<transfers>(std::move(settings)))
    , thread_([shared = transfers_] { shared->run(); }) {}

  ~curl_client() override {
    transfers_->stop();
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }

  ticket post(http_request request, done on_done) override {
    return transfers_->add(std::move(request), std::move(on_done));
  }

  void cancel(ticket which) override {
    transfers_->cancel(which);
  }

private:
  std::shared_ptr<transfers> transfers_;
  std::thread thread_;
};

} // namespace

std::shared_ptr<http_client> make_curl_client(curl_settings settings) {
  return std::make_shared<curl_client>(std::move(settings));
}

} // namespace sonicmatch::infra::llm
