#include "http/message.hpp"

#include "http/ascii.hpp"

namespace sonicmatch::http {

std::string_view to_string(method value) noexcept {
  static constexpr std::array<std::string_view, 7> names{"GET",   "HEAD",   "POST",   "PUT",
                                                         "PATCH", "DELETE", "OPTIONS"};
  static_assert(static_cast<std::size_t>(method::options) + 1 == names.size());
  return names[static_cast<std::size_t>(value)];
}

std::string_view request::parameter(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < data_->parameter_count; ++i)
    if (data_->parameters[i].name == name)
      return data_->parameters[i].value;
  return {};
}

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
  for (const auto& field : data_->fields)
    if (equals_ignoring_case(field.name, name))
      return field.value;
  return std::nullopt;
}

std::string_view view(const body& content) noexcept {
  if (const auto* own = std::get_if<std::string>(&content))
    return *own;
  const auto& shared = *std::get_if<std::shared_ptr<const std::string>>(&content);
  return shared ? std::string_view{*shared} : std::string_view{};
}

response json_response(http::body document, cache_policy cache) {
  response made;
  made.body = std::move(document);
  made.cache = cache;
  return made;
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 301:
    return "Moved Permanently";
  case 302:
    return "Found";
  case 303:
    return "See Other";
  case 304:
    return "Not Modified";
  case 307:
    return "Temporary Redirect";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 406:
    return "Not Acceptable";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 422:
    return "Unprocessable Content";
  case 428:
    return "Precondition Required";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  default:
    return {};
  }
}

} // namespace sonicmatch::http
