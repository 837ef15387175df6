#include "infra/llm/socket_watch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace sonicmatch::infra::llm {

namespace {

constexpr std::size_t events_at_once = 128;

int checked(int file) {
  if (file < 0)
    throw std::system_error{errno, std::generic_category(), "the language model's transport"};
  return file;
}

} // namespace

socket_watch::socket_watch(CURLM* multi)
  : multi_(multi)
  , epoll_(checked(epoll_create1(EPOLL_CLOEXEC)))
  , wakeup_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wakeup_;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event));
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &socket_watch::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &socket_watch::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

socket_watch::~socket_watch() {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  close(wakeup_);
  close(epoll_);
}

// The eventfd's count says no more than that somebody called.
void socket_watch::wake() noexcept {
  eventfd_write(wakeup_, 1);
}

void socket_watch::wait_and_act(std::chrono::milliseconds longest) {
  auto now = std::chrono::steady_clock::now();
  if (timer_)
    longest = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*timer_ - now),
                         std::chrono::milliseconds{0}, longest);
  std::array<epoll_event, events_at_once> ready{};
  auto count =
    epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), static_cast<int>(longest.count()));
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const auto& each = ready[static_cast<std::size_t>(i)];
    if (each.data.fd == wakeup_) {
      eventfd_t calls = 0;
      eventfd_read(wakeup_, &calls);
      continue;
    }
    auto what = ((each.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0)
                | ((each.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
                | ((each.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_, each.data.fd, what, &running);
  }
  if (timer_ && *timer_ <= std::chrono::steady_clock::now()) {
    timer_.reset(); // libcurl sets the next one
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

int socket_watch::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& me = *static_cast<socket_watch*>(self);
  if (timeout_ms < 0)
    me.timer_.reset();
  else
    me.timer_ = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
  return 0;
}

int socket_watch::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  static_cast<socket_watch*>(self)->watch(socket, what, known != nullptr);
  return 0;
}

// libcurl takes a socket that is watched no more for closed or about to be, so that
// epoll may have forgotten it already.
void socket_watch::watch(curl_socket_t socket, int what, bool is_known) {
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  epoll_event event{};
  event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0u) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0u);
  event.data.fd = socket;
  auto failed = epoll_ctl(epoll_, is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) != 0;
  if (failed && (errno == EEXIST || errno == ENOENT)) // a socket of that number was here before
    epoll_ctl(epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  if (!is_known)
    curl_multi_assign(multi_, socket, this);
}

} // namespace sonicmatch::infra::llm
