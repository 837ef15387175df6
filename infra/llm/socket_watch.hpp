#pragma once

#include <curl/curl.h>

#include <chrono>
#include <optional>

namespace sonicmatch::infra::llm {

/// Drives a multi handle by its sockets: what is done costs as much as the sockets that
/// are ready, however many wait. (curl_multi_perform and curl_multi_poll look at every
/// one each time.) Used by one thread, but for wake().
class socket_watch {
public:
  /// `multi` outlives it. Errors: throws std::system_error when there are no more files.
  explicit socket_watch(CURLM* multi);
  ~socket_watch();
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

  /// Waits, `longest` at most, until a socket is ready, one of libcurl's timers is due or
  /// wake() was called, and has libcurl do what there is to do.
  void wait_and_act(std::chrono::milliseconds longest);

  /// Ends a wait, the present one or the next. From any thread.
  void wake() noexcept;

private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM*, long timeout_ms, void* self);
  void watch(curl_socket_t socket, int what, bool is_known);

  CURLM* multi_;
  int epoll_ = -1;
  int wakeup_ = -1;
  std::optional<std::chrono::steady_clock::time_point> timer_; ///< libcurl's next
};

} // namespace sonicmatch::infra::llm
