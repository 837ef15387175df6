#pragma once

#include "infra/llm/curl_client.hpp"

#include <curl/curl.h>

#include <memory>
#include <type_traits>

namespace sonicmatch::infra::llm {

struct easy_cleanup {
  void operator()(CURL* handle) const noexcept {
    curl_easy_cleanup(handle);
  }
};
using easy_handle = std::unique_ptr<CURL, easy_cleanup>;

/// A handle with everything set that all requests share; null when there is no memory,
/// or this libcurl lacks one of the options.
[[nodiscard]] easy_handle make_easy_handle(const curl_settings& settings);

/// Sets options of a handle until one is refused.
class option_setter {
public:
  explicit option_setter(CURL* handle)
    : handle_(handle) {}

  template <class Value>
  option_setter& set(CURLoption option, Value value) {
    static_assert(std::is_pointer_v<Value> || std::is_null_pointer_v<Value> || sizeof(Value) == sizeof(long),
                  "libcurl takes numbers as long");
    if (result_ == CURLE_OK)
      result_ = curl_easy_setopt(handle_, option, value);
    return *this;
  }

  [[nodiscard]] CURLcode result() const noexcept {
    return result_;
  }

private:
  CURL* handle_;
  CURLcode result_ = CURLE_OK;
};

} // namespace sonicmatch::infra::llm
