#pragma once

#include "actors/ports/http_client.hpp"
#include "infra/llm/curl_client.hpp"
#include "infra/llm/easy_handle.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sonicmatch::infra::llm {

struct list_cleanup {
  void operator()(curl_slist* list) const noexcept {
    curl_slist_free_all(list);
  }
};
using header_list = std::unique_ptr<curl_slist, list_cleanup>;

/// One request: what is sent, what has come back, and whom to tell. Made on any thread,
/// then used only by the client's. libcurl calls it back by its address.
class transfer {
public:
  /// `settings` outlives it.
  transfer(actors::ports::http_client::ticket id, actors::ports::http_request request,
           actors::ports::http_client::done on_done, const curl_settings& settings);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  /// Puts the request on a handle of make_easy_handle, and keeps it. Errors:
  /// peer_unreachable, for a request that cannot be sent at all.
  [[nodiscard]] caf::error prepare(easy_handle handle);

  [[nodiscard]] actors::ports::http_client::ticket id() const noexcept {
    return id_;
  }
  [[nodiscard]] CURL* handle() const noexcept {
    return handle_.get();
  }

  /// What the request came to when libcurl has ended it with `how`, as the port has it.
  [[nodiscard]] caf::expected<actors::ports::http_response> outcome(CURLcode how);

  /// When it is to be given up: at the end of its time to connect, and once something
  /// was sent, of its whole time.
  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const noexcept {
    return began_ + (sending_ ? request_.timeout : std::min(request_.timeout, settings_.connect_timeout));
  }

  [[nodiscard]] caf::error expired() const;
  [[nodiscard]] caf::error cancelled() const;
  [[nodiscard]] caf::error unreachable(std::string_view why) const;

  /// The handle, to be used for another request.
  [[nodiscard]] easy_handle release() noexcept;

  /// Tells whoever asked.
  void tell(caf::expected<actors::ports::http_response> outcome) {
    on_done_(std::move(outcome));
  }

private:
  [[nodiscard]] CURLcode set_request(bool is_secure);
  [[nodiscard]] bool set_headers();
  int begin_sending();
  std::size_t give(char* to, std::size_t room);
  int rewind(curl_off_t to);
  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  static int on_begin(void* self, char*, char*, int, int);
  static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static std::size_t on_header(char* from, std::size_t size, std::size_t count, void* self);
  static std::size_t on_write(char* from, std::size_t size, std::size_t count, void* self);

  actors::ports::http_client::ticket id_;
  actors::ports::http_request request_;
  actors::ports::http_client::done on_done_;
  const curl_settings& settings_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::string host_;    ///< for errors: with its port, if the URL has one
  header_list headers_; ///< libcurl reads them where they are
  easy_handle handle_;

  std::size_t body_bytes_;
  std::size_t position_ = 0; ///< in the body, of what is to be given next
  bool sending_ = false;     ///< something may have been sent
  bool whole_body_given_;    ///< the server may have all it needs to act
  std::size_t head_bytes_ = 0;
  bool head_is_whole_ = false;
  bool too_large_ = false;
  actors::ports::http_response response_;
};

} // namespace sonicmatch::infra::llm
