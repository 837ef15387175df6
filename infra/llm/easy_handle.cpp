#include "infra/llm/easy_handle.hpp"

namespace sonicmatch::infra::llm {

namespace {

/// Of the handle, while its request is under way. Answers come to some 10 KB, and with
/// many requests under way the buffers are most of the memory.
constexpr long receive_buffer_bytes = 8'192;
constexpr long send_buffer_bytes = 16'384; // libcurl's least
/// An idle peer is probed, so that one that went away is noticed, and what translates
/// addresses between does not forget the connection while a model thinks.
constexpr long keepalive_s = 30;

} // namespace

easy_handle make_easy_handle(const curl_settings& settings) {
  easy_handle handle{curl_easy_init()};
  if (!handle)
    return nullptr;
  option_setter to{handle.get()};
  to.set(CURLOPT_NOSIGNAL, 1L)
    .set(CURLOPT_PROTOCOLS_STR, "http,https")
    .set(CURLOPT_FOLLOWLOCATION, 0L)
    .set(CURLOPT_SSL_VERIFYPEER, 1L)
    .set(CURLOPT_SSL_VERIFYHOST, 2L)
    .set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2})
    // libcurl parses the authorities once for all connections, and not for each, only
    // if they come from a file alone.
    .set(CURLOPT_CAPATH, nullptr)
    // Headers hold keys, which are none of a proxy's business.
    .set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE})
    .set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L)
    .set(CURLOPT_USERAGENT, settings.user_agent.c_str())
    .set(CURLOPT_BUFFERSIZE, receive_buffer_bytes)
    .set(CURLOPT_UPLOAD_BUFFERSIZE, send_buffer_bytes)
    .set(CURLOPT_TCP_KEEPALIVE, 1L)
    .set(CURLOPT_TCP_KEEPIDLE, keepalive_s)
    .set(CURLOPT_TCP_KEEPINTVL, keepalive_s)
    .set(CURLOPT_MAXAGE_CONN, static_cast<long>(settings.idle_max.count()))
    // A look-up that nobody waits for any more ends by itself: without this, giving one up
    // would block all requests until it is done.
    .set(CURLOPT_QUICK_EXIT, 1L);
  if (!settings.ca_file.empty())
    to.set(CURLOPT_CAINFO, settings.ca_file.c_str());
  return to.result() == CURLE_OK ? std::move(handle) : nullptr;
}

} // namespace sonicmatch::infra::llm
