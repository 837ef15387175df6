#include "infra/llm/transfer.hpp"

#include "events/error.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>

namespace sonicmatch::infra::llm {

using actors::ports::http_response;
using events::errc;
using events::make_error;

namespace {

struct url_cleanup {
  void operator()(CURLU* url) const noexcept {
    curl_url_cleanup(url);
  }
};
using url_handle = std::unique_ptr<CURLU, url_cleanup>;

std::string part_of(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK)
    return {};
  std::string out{text};
  curl_free(text);
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// libcurl's words for a result. They are fixed texts, unlike those of its error buffer,
/// which may quote what was sent or received.
std::string words_of(CURLcode result, CURL* handle) {
  if (result == CURLE_OK)
    return "the answer ended in its head";
  std::string out = curl_easy_strerror(result);
  long os_error = 0;
  if (curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error) == CURLE_OK && os_error != 0)
    out += ": " + std::generic_category().message(static_cast<int>(os_error));
  return out;
}

} // namespace

transfer::transfer(actors::ports::http_client::ticket id, actors::ports::http_request request,
                   actors::ports::http_client::done on_done, const curl_settings& settings)
  : id_(id)
  , request_(std::move(request))
  , on_done_(std::move(on_done))
  , settings_(settings)
  , host_("the server")
  , body_bytes_((request_.opening ? request_.opening->size() : 0) + request_.rest.size())
  , whole_body_given_(body_bytes_ == 0) {}

caf::error transfer::prepare(easy_handle handle) {
  if (!handle)
    return unreachable("libcurl cannot be set up for it");
  handle_ = std::move(handle);
  url_handle url{curl_url()};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK)
    return unreachable("its URL cannot be read");
  host_ = part_of(url.get(), CURLUPART_HOST);
  if (auto port = part_of(url.get(), CURLUPART_PORT); !port.empty())
    host_ += ":" + port;
  if (!set_headers())
    return unreachable("a header of the request has more than one line");
  if (auto result = set_request(part_of(url.get(), CURLUPART_SCHEME) == "https"); result != CURLE_OK)
    return unreachable(curl_easy_strerror(result));
  return caf::none;
}

bool transfer::set_headers() {
  auto append = [this](const std::string& line) {
    headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
  };
  append("Expect:"); // or libcurl would wait for a 100 before it sends a large body
  for (const auto& [name, value] : request_.headers) {
    if ((name + value).find_first_of("\r\n") != std::string::npos)
      return false;
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  return true;
}

CURLcode transfer::set_request(bool is_secure) {
  // For libcurl to divide among the addresses of a host; 0 would be no limit.
  auto connect_timeout_ms = std::max<long>(std::min(request_.timeout, settings_.connect_timeout).count(), 1);
  option_setter to{handle_.get()};
  to.set(CURLOPT_URL, request_.url.c_str())
    .set(CURLOPT_HTTPHEADER, headers_.get())
    .set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms)
    // Requests that come together wait for the first connection, to share it if it turns
    // out to be HTTP/2. In the clear they would wait for its first answer.
    .set(CURLOPT_HTTP_VERSION, is_secure ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1})
    .set(CURLOPT_PIPEWAIT, is_secure ? 1L : 0L)
    .set(CURLOPT_POST, 1L)
    .set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_bytes_))
    .set(CURLOPT_PRIVATE, this)
    .set(CURLOPT_PREREQFUNCTION, &transfer::on_begin)
    .set(CURLOPT_PREREQDATA, this)
    .set(CURLOPT_READFUNCTION, &transfer::on_read)
    .set(CURLOPT_READDATA, this)
    .set(CURLOPT_SEEKFUNCTION, &transfer::on_seek)
    .set(CURLOPT_SEEKDATA, this)
    .set(CURLOPT_HEADERFUNCTION, &transfer::on_header)
    .set(CURLOPT_HEADERDATA, this)
    .set(CURLOPT_WRITEFUNCTION, &transfer::on_write)
    .set(CURLOPT_WRITEDATA, this);
  return to.result();
}

caf::expected<http_response> transfer::outcome(CURLcode how) {
  if (how == CURLE_OK && head_is_whole_) { // a head that was cut is all right for libcurl
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
  }
  if (too_large_)
    return make_error(errc::response_too_large, "the answer of " + host_ + " is more than is read");
  if (!sending_)
    return unreachable(words_of(how, handle_.get()));
  return make_error(errc::connection_lost, host_ + ": " + words_of(how, handle_.get()));
}

caf::error transfer::expired() const {
  if (!sending_)
    return unreachable("there was no connection in time");
  return make_error(errc::deadline_exceeded, host_ + " gave no whole answer within "
                                               + std::to_string(request_.timeout.count()) + " ms");
}

caf::error transfer::cancelled() const {
  return make_error(errc::cancelled, "the request to " + host_ + " was cancelled");
}

caf::error transfer::unreachable(std::string_view why) const {
  return make_error(errc::peer_unreachable, host_ + ": " + std::string{why});
}

easy_handle transfer::release() noexcept {
  // What the handle refers to goes with this transfer.
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, nullptr);
  return std::move(handle_);
}

/// Called when a connection stands and the request is about to be sent on it; again when
/// libcurl wants to repeat it on another.
int transfer::begin_sending() {
  if (sending_ && whole_body_given_)
    return CURL_PREREQFUNC_ABORT;
  sending_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t transfer::give(char* to, std::size_t room) {
  auto opening = request_.opening ? std::string_view{*request_.opening} : std::string_view{};
  auto part = position_ < opening.size() ? opening.substr(position_)
                                         : std::string_view{request_.rest}.substr(position_ - opening.size());
  part = part.substr(0, room);
  std::memcpy(to, part.data(), part.size());
  position_ += part.size();
  whole_body_given_ = whole_body_given_ || position_ == body_bytes_;
  return part.size();
}

int transfer::rewind(curl_off_t to) {
  if (to < 0 || static_cast<std::size_t>(to) > body_bytes_)
    return CURL_SEEKFUNC_FAIL;
  position_ = static_cast<std::size_t>(to);
  return CURL_SEEKFUNC_OK;
}

std::size_t transfer::take_header(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > settings_.response_head_bytes_max) {
    too_large_ = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) { // an interim answer may have come before
    response_.headers.clear();
    head_is_whole_ = false;
  } else if (trimmed(line).empty()) {
    head_is_whole_ = true;
  } else if (auto colon = line.find(':'); colon != std::string_view::npos) {
    response_.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))),
                                   trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

std::size_t transfer::take_body(std::string_view bytes) {
  if (bytes.size() > settings_.response_body_bytes_max - response_.body.size()) {
    too_large_ = true;
    return 0;
  }
  response_.body += bytes;
  return bytes.size();
}

int transfer::on_begin(void* self, char*, char*, int, int) {
  return static_cast<transfer*>(self)->begin_sending();
}

std::size_t transfer::on_read(char* to, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->give(to, size * count);
}

int transfer::on_seek(void* self, curl_off_t offset, int origin) {
  return origin == SEEK_SET ? static_cast<transfer*>(self)->rewind(offset) : CURL_SEEKFUNC_FAIL;
}

std::size_t transfer::on_header(char* from, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->take_header({from, size * count});
}

std::size_t transfer::on_write(char* from, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->take_body({from, size * count});
}

} // namespace sonicmatch::infra::llm
