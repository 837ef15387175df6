#include "http/openapi.hpp"

#include "events/record/writer.hpp"
#include "http/ascii.hpp"
#include "http/json_object.hpp"
#include "http/openapi_vocabulary.hpp"
#include "http/problem.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace sonicmatch::http {

namespace {

namespace record = events::record;
using names_of_records = std::set<std::string, std::less<>>;

constexpr std::string_view schemas_at = "#/components/schemas/";

std::string reference(std::string_view to) {
  return json_object{}.text("$ref", to).str();
}

/// `schema` with one keyword more.
std::string with_keyword(std::string schema, std::string_view name, std::string_view json) {
  if (json.empty())
    return schema;
  auto more = json_object{}.raw(name, json).str();
  schema.back() = schema.size() > 2 ? ',' : '{';
  return schema + more.substr(1);
}

/// The schema of a parameter that stands in the target. Its texts have no control
/// characters: the edge refuses those in every target.
std::string without_controls(std::string schema) {
  constexpr std::string_view text = R"({"type":"string")";
  constexpr std::string_view clean = R"(,"pattern":"^[^\u0000-\u001f\u007f]*$")";
  for (auto at = schema.find(text); at != std::string::npos; at = schema.find(text, at + 1)) {
    auto end = at + text.size();
    auto rest = std::string_view{schema}.substr(end);
    if (!rest.starts_with(R"(,"enum")") && !rest.starts_with(R"(,"format")"))
      schema.insert(end, clean);
  }
  return schema;
}

std::string_view name_of(parameter_place place) {
  static constexpr std::array<std::string_view, 3> names{"path", "query", "header"};
  return names[static_cast<std::size_t>(place)];
}

/// Makes the document once, with the schemas of answers whose records are in `renamed`
/// under names of their own.
class document_maker {
public:
  document_maker(const router& routes, std::string_view version, names_of_records renamed)
    : routes_(routes)
    , version_(version)
    , requests_(std::string{schemas_at}, record::schema_direction::read)
    , answers_(std::string{schemas_at}, record::schema_direction::written) {
    answers_.rename(std::move(renamed), "shown_");
  }

  [[nodiscard]] std::string make();

  /// The records that requests and answers describe differently under one name.
  [[nodiscard]] names_of_records ambiguous() const;

private:
  std::string paths();
  std::string operation_of(const route& each);
  std::string parameter(const operation_parameter& each);
  std::string body(const route& of, const operation_body& each);
  std::string answers(const route& of);
  std::string answer(const route& of, const operation_answer& each);
  std::string links(const operation_answer& of) const;
  std::string components();
  std::string tags() const;

  const router& routes_;
  std::string_view version_;
  record::schema_writer requests_;
  record::schema_writer answers_;
  std::set<int> problems_;
  names_of_records headers_;
  std::vector<std::string_view> tags_;
  bool knows_users_ = false;
};

/// What may come of any request to the route, whatever it does.
std::set<int> problems_of(const route& each) {
  std::set<int> out{400, 406, 408, 429, 431, 500, 503};
  if (each.document.body)
    out.insert({413, 415, 422});
  if (each.document.takes_user || each.document.needs_user)
    out.insert(401);
  out.insert(each.document.problems.begin(), each.document.problems.end());
  // Where an answer of the operation's own has that status, it stands for it.
  for (const auto& own : each.document.answers)
    out.erase(own.status);
  return out;
}

std::string document_maker::parameter(const operation_parameter& each) {
  json_object out;
  out.text("name", each.name).text("in", name_of(each.place));
  if (!each.description.empty())
    out.text("description", each.description);
  if (each.place == parameter_place::path || each.is_required)
    out.raw("required", "true");
  auto schema = each.schema(requests_, each.rule);
  if (each.place != parameter_place::header)
    schema = without_controls(std::move(schema));
  out.raw("schema", with_keyword(std::move(schema), "default", each.default_value));
  if (!each.example.empty())
    out.raw("example", each.example);
  return out.str();
}

std::string document_maker::body(const route& of, const operation_body& each) {
  auto schema = each.schema(requests_, {});
  if (each.or_schema != nullptr)
    schema = json_object{}.raw("anyOf", '[' + schema + ',' + each.or_schema(requests_, {}) + ']').str();
  json_object media;
  media.raw("schema", schema);
  if (!each.example.empty())
    media.raw("example", each.example);
  return json_object{}
    .raw("required", "true")
    .raw("content", json_object{}.raw(of.consumes, media.str()).str())
    .str();
}

std::string document_maker::links(const operation_answer& of) const {
  json_object out;
  for (const auto& each : of.links) {
    json_object link;
    link.text("operationId", each.operation_id);
    if (each.parameter.empty())
      link.raw("requestBody", each.expression);
    else
      link.raw("parameters", json_object{}.text(each.parameter, each.expression).str());
    out.raw(each.operation_id, link.str());
  }
  return out.str();
}

std::string document_maker::answer(const route& of, const operation_answer& each) {
  json_object headers;
  auto add = [&](std::string_view name) {
    headers_.emplace(name);
    headers.raw(name, reference("#/components/headers/" + std::string{name}));
  };
  for (auto name : each.headers)
    add(name);
  if (of.pattern.starts_with("/api/"))
    std::for_each(quota_headers.begin(), quota_headers.end(), add);
  add("X-Request-Id");
  json_object out;
  out.text("description", each.description).raw("headers", headers.str());
  auto is_stream = each.schema == nullptr && each.status == 200 && of.produces != "application/json";
  if (each.schema != nullptr || is_stream) {
    // A stream has no schema: OpenAPI 3.1 cannot say what one of its events is.
    json_object media;
    if (!is_stream)
      media.raw("schema", each.schema(answers_, {}));
    if (!each.example.empty())
      media.raw("example", each.example);
    out.raw("content", json_object{}.raw(of.produces, media.str()).str());
  }
  if (!each.links.empty())
    out.raw("links", links(each));
  return out.str();
}

std::string document_maker::answers(const route& of) {
  std::map<int, std::string> all;
  for (const auto& each : of.document.answers)
    all[each.status] = answer(of, each);
  for (auto status : problems_of(of)) {
    problems_.insert(status);
    all[status] = reference("#/components/responses/" + problem_name(status));
  }
  json_object out;
  for (const auto& [status, text] : all)
    out.raw(std::to_string(status), text);
  return out.str();
}

std::string document_maker::operation_of(const route& each) {
  const auto& said = each.document;
  if (std::find(tags_.begin(), tags_.end(), said.tag) == tags_.end())
    tags_.push_back(said.tag);
  json_object out;
  out.text("operationId", each.operation_id).text("summary", said.summary);
  if (!said.description.empty())
    out.text("description", said.description);
  out.raw("tags", '[' + json_text(said.tag) + ']');
  std::string parameters;
  for (const auto& one : said.parameters)
    parameters += (parameters.empty() ? "" : ",") + parameter(one);
  if (!parameters.empty())
    out.raw("parameters", '[' + parameters + ']');
  if (said.body)
    out.raw("requestBody", body(each, *said.body));
  out.raw("responses", answers(each));
  knows_users_ = knows_users_ || said.takes_user || said.needs_user;
  auto with_token = std::string_view{R"({"bearerAuth":[]})"};
  if (said.needs_user)
    out.raw("security", '[' + std::string{with_token} + ']');
  else
    out.raw("security", said.takes_user ? "[{}," + std::string{with_token} + ']' : "[]");
  return out.str();
}

std::string document_maker::paths() {
  std::map<std::string_view, std::map<method, std::string>> known;
  for (const auto* each : routes_.routes())
    if (!each->document.is_internal)
      known[each->pattern][each->method] = operation_of(*each);
  json_object out;
  for (const auto& [pattern, operations] : known) {
    json_object path;
    for (const auto& [verb, text] : operations) {
      std::string name{to_string(verb)};
      std::transform(name.begin(), name.end(), name.begin(), to_lower);
      path.raw(name, text);
    }
    out.raw(pattern, path.str());
  }
  return out.str();
}

std::string document_maker::components() {
  auto of_problem = schema_of<problem_document>(answers_, {});
  json_object responses;
  for (auto status : problems_) {
    if (status == 429 || status == 503)
      headers_.emplace("Retry-After");
    if (status == 429)
      headers_.insert(quota_headers.begin(), quota_headers.end());
    headers_.emplace("X-Request-Id");
    responses.raw(problem_name(status), problem_response(status, of_problem));
  }
  json_object headers;
  for (const auto& name : headers_)
    headers.raw(name, header_description(name));
  std::map<std::string, std::string, std::less<>> all = requests_.definitions();
  all.insert(answers_.definitions().begin(), answers_.definitions().end());
  json_object schemas;
  for (const auto& [name, text] : all)
    schemas.raw(name, text);
  json_object out;
  out.raw("schemas", schemas.str()).raw("responses", responses.str()).raw("headers", headers.str());
  if (knows_users_)
    out.raw("securitySchemes", std::string{security_schemes});
  return out.str();
}

std::string document_maker::tags() const {
  auto sorted = tags_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](auto a, auto b) { return place_of_tag(a) < place_of_tag(b); });
  std::string out;
  for (auto tag : sorted)
    out += (out.empty() ? "" : ",")
           + json_object{}.text("name", tag).text("description", description_of_tag(tag)).str();
  return '[' + out + ']';
}

std::string document_maker::make() {
  auto all_paths = paths();
  json_object out;
  out.text("openapi", "3.1.0")
    .raw("info", info_of_api(version_))
    .raw("servers", R"([{"url":"/","description":"where this document comes from"}])")
    .raw("tags", tags())
    .raw("paths", all_paths)
    .raw("components", components());
  return out.str();
}

names_of_records document_maker::ambiguous() const {
  names_of_records out;
  for (const auto& [name, text] : requests_.definitions()) {
    auto other = answers_.definitions().find(name);
    if (other != answers_.definitions().end() && other->second != text)
      out.insert(name);
  }
  return out;
}

} // namespace

std::string openapi_document(const router& routes, std::string_view version) {
  // A record may differ only because one that it holds does, so until nothing is left.
  names_of_records renamed;
  for (;;) {
    document_maker maker{routes, version, renamed};
    auto text = maker.make();
    auto found = maker.ambiguous();
    if (!found.empty()) {
      renamed.merge(found);
      continue;
    }
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (auto error = parser.parse(text).get(root))
      throw std::invalid_argument{"the API's document is no JSON: "
                                  + std::string{simdjson::error_message(error)}};
    return simdjson::minify(root);
  }
}

} // namespace sonicmatch::http
