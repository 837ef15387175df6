#include "http/openapi_vocabulary.hpp"

#include "http/json_object.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"

#include <algorithm>
#include <array>

namespace sonicmatch::http {

namespace {

struct described {
  std::string_view name;
  std::string_view description;
};

constexpr std::array<described, 6> tags{{
  {"recommendations", "Wishes in, picks out, and why."},
  {"feedback", "What became of the picks."},
  {"catalog", "The headphones that are recommended from."},
  {"accounts", "People who want their recommendations kept for them."},
  {"health", "Whether the service is able to work."},
  {"documents", "What describes this API."},
}};

struct described_header {
  std::string_view name;
  std::string_view description;
  std::string_view schema;
  std::string_view example;
};

constexpr std::string_view of_text = R"({"type":"string"})";
constexpr std::string_view of_count = R"({"type":"integer","minimum":0})";

constexpr std::array<described_header, 13> headers{{
  {"Content-Encoding", "gzip, for whoever accepts it", of_text, R"("gzip")"},
  {"Content-Disposition", "the name to keep it under", of_text, R"("attachment")"},
  {"ETag", "names this state of the answer, for If-None-Match", of_text, R"("\"3\"")"},
  {"Location", "where the result is, or will be", R"({"type":"string","format":"uri-reference"})",
   R"("/api/v1/recommendations/01a203ef-01e2-785e-a92d-5b2806dd8eef")"},
  {"Preference-Applied", "what of Prefer was heeded", of_text, R"("wait=5")"},
  {"RateLimit", "what is left of the quota", of_text, R"("\"default\";r=9;t=60")"},
  {"RateLimit-Policy", "the quota", of_text, R"("\"default\";q=10;w=60")"},
  {"Retry-After", "in how many seconds to ask again", of_count, "1"},
  {"WWW-Authenticate", "how to say who asks", of_text, R"("Bearer")"},
  {"X-RateLimit-Limit", "how many requests the quota has", of_count, "10"},
  {"X-RateLimit-Remaining", "how many are left", of_count, "9"},
  {"X-RateLimit-Reset", "when the quota is whole again, in seconds since 1970", of_count, "1795478400"},
  {"X-Request-Id", "finds the request in the log: the client's own, or one made by the edge", of_text,
   R"("01a203ef-01e2-785e-a92d-5b2806dd8eef")"},
}};

struct described_problem {
  int status = 0;
  std::string_view name;
  std::string_view description;
  std::string_view code; ///< of the example
  std::string_view detail;
};

constexpr std::array<described_problem, 17> problems{{
  {400, "malformed_request", "The request is no valid HTTP, or its body no JSON.", "malformed_request",
   "The body is not valid JSON."},
  {401, "unauthenticated", "Who asks is not known: the token is missing, wrong or expired.",
   "unauthenticated", "The token has expired."},
  {403, "forbidden", "Who asks may not do this.", "forbidden", "This is not allowed."},
  {404, "not_found", "There is no such thing, or it belongs to somebody else.", "not_found",
   "There is nothing at this path."},
  {406, "not_acceptable", "Accept excludes what the answer would be.", "not_acceptable",
   "The answer would be application/json, which Accept excludes."},
  {408, "request_timeout", "The request came too slowly.", "request_timeout",
   "The request did not arrive in time."},
  {409, "conflict", "The state of things does not allow it.", "not_complete", "The session is not complete."},
  {410, "gone", "It was there, and was erased.", "gone", "The session was erased."},
  {412, "precondition_failed", "A condition of the request does not hold.", "precondition_failed",
   "The document has changed."},
  {413, "body_too_large", "The body is larger than 64 KiB.", "body_too_large",
   "The body is larger than this service takes."},
  {415, "unsupported_media_type", "The body is no JSON in UTF-8.", "unsupported_media_type",
   "The body must be application/json in UTF-8."},
  {422, "invalid_request", "The request was understood and is wrong; `errors` names every wrong field.",
   "invalid_request", "The request has 1 wrong field."},
  {428, "precondition_required", "The request needs a condition.", "precondition_required",
   "The request needs If-Match."},
  {429, "too_many_requests", "More requests than the quota has.", "quota_exceeded",
   "There were too many requests."},
  {431, "head_too_large", "The request's head is too large.", "head_too_large",
   "The header fields are too large or too many."},
  {500, "internal_error", "Something went wrong inside.", "internal_error",
   "Something went wrong; the log holds it under the request id."},
  {503, "unavailable", "A part of the service is away, or has too much to do.", "temporarily_unavailable",
   "A part of the service is away for the moment."},
}};

/// The entry for `key`; one without words when there is none, which a test finds.
template <class Entry, std::size_t N, class Key>
Entry find_in(const std::array<Entry, N>& table, Key Entry::*member, Key key) {
  auto found =
    std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.*member == key; });
  if (found != table.end())
    return *found;
  Entry out{};
  out.*member = key;
  return out;
}

} // namespace

std::string info_of_api(std::string_view version) {
  return json_object{}
    .text("title", "SonicMatch")
    .text("summary", "Recommends headphones for what somebody hears and can pay.")
    .text("description",
          "Wishes in, headphones out that fit, and why. Errors are problem documents (RFC 9457) that name "
          "every wrong field. A `X-Request-Id` that is sent comes back and finds the request in the log; "
          "`traceparent` is passed on. Each GET has a HEAD.")
    .text("version", version)
    .raw("contact", R"({"name":"SonicMatch"})")
    .raw("license", R"({"name":"All rights reserved","identifier":"LicenseRef-SonicMatch"})")
    .str();
}

std::string_view description_of_tag(std::string_view tag) {
  auto place = place_of_tag(tag);
  return place < tags.size() ? tags[place].description : std::string_view{};
}

std::size_t place_of_tag(std::string_view tag) {
  auto found = std::find_if(tags.begin(), tags.end(), [&](const auto& each) { return each.name == tag; });
  return static_cast<std::size_t>(found - tags.begin());
}

std::string header_description(std::string_view name) {
  auto known = find_in(headers, &described_header::name, name);
  if (known.schema.empty())
    return json_object{}.raw("schema", of_text).str();
  return json_object{}
    .text("description", known.description)
    .raw("schema", known.schema)
    .raw("example", known.example)
    .str();
}

std::string problem_name(int status) {
  auto known = find_in(problems, &described_problem::status, status);
  return known.name.empty() ? "problem_" + std::to_string(status) : std::string{known.name};
}

std::string problem_response(int status, std::string_view schema) {
  auto known = find_in(problems, &described_problem::status, status);
  problem_document example{"about:blank",
                           std::string{reason_phrase(status)},
                           status,
                           std::string{known.detail},
                           "/api/v1/recommend",
                           std::string{known.code},
                           "01a203ef-01e2-785e-a92d-5b2806dd8eef",
                           {}};
  if (status == 422)
    example.errors.push_back({"/preferences/budget_max", "out_of_range", "must be between 0 and 100000"});
  json_object headers_shown;
  auto show = [&](std::string_view header) {
    headers_shown.raw(header, R"({"$ref":"#/components/headers/)" + std::string{header} + R"("})");
  };
  if (status == 429 || status == 503)
    show("Retry-After");
  if (status == 429)
    std::for_each(quota_headers.begin(), quota_headers.end(), show);
  show("X-Request-Id");
  auto media = json_object{}.raw("schema", schema).raw("example", events::record::to_json(example)).str();
  return json_object{}
    .text("description", known.description)
    .raw("headers", headers_shown.str())
    .raw("content", json_object{}.raw("application/problem+json", media).str())
    .str();
}

} // namespace sonicmatch::http
