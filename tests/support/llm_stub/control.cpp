#include "tests/support/llm_stub/control.hpp"

#include "tests/support/llm_stub/json_text.hpp"

#include <simdjson.h>

#include <charconv>

namespace sonicmatch::tests::llm_stub {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t calls_default = 100;

rendered refuse(int status, std::string_view message) {
  rendered out{status, {}, {}};
  object_writer writer{out.body};
  writer.text("error", message);
  writer.close();
  return out;
}

/// A setting's value as the text that a flag would have.
std::string text_of(ondemand::value value) {
  if (value.type() == ondemand::json_type::string)
    return std::string{std::string_view{value.get_string()}};
  if (value.type() == ondemand::json_type::array) {
    std::string all;
    for (auto each : value.get_array()) {
      if (!all.empty())
        all += ',';
      all += std::string_view{each.get_string()};
    }
    return all;
  }
  std::string_view raw = value.raw_json_token();
  return std::string{raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1)};
}

rendered change_settings(provider& model, std::string& body) {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  assignments wanted;
  try {
    ondemand::parser parser;
    auto document = parser.iterate(simdjson::padded_string_view{body.data(), body.size(), body.capacity()});
    for (auto field : document.get_object()) {
      std::string name{std::string_view{field.unescaped_key()}};
      wanted.emplace_back(std::move(name), text_of(field.value()));
    }
  } catch (const simdjson::simdjson_error& thrown) {
    return refuse(400, thrown.what());
  }
  if (auto wrong = model.change(wanted))
    return refuse(400, *wrong);
  return {200, {}, to_json(model.values())};
}

std::size_t last_of(std::string_view query) {
  constexpr std::string_view name = "last=";
  auto wanted = calls_default;
  if (auto at = query.find(name); at != std::string_view::npos)
    std::from_chars(query.data() + at + name.size(), query.data() + query.size(), wanted);
  return wanted;
}

} // namespace

rendered control(provider& model, std::string_view method, std::string_view target, std::string& body) {
  auto mark = std::min(target.find('?'), target.size());
  auto path = target.substr(0, mark);
  auto is_get = method == "GET";
  auto is_post = method == "POST";
  if (path == "/stub/settings" && is_post)
    return change_settings(model, body);
  if (path == "/stub/settings" && is_get)
    return {200, {}, to_json(model.values())};
  if (path == "/stub/stats" && is_get)
    return {200, {}, model.accounts().stats_json()};
  if (path == "/stub/calls" && is_get)
    return {200, {}, model.accounts().calls_json(last_of(target.substr(mark)))};
  if (path == "/stub/requests/last" && is_get)
    return model.last_request().empty() ? refuse(404, "Nothing has been asked yet.")
                                        : rendered{200, {}, model.last_request()};
  if (path == "/stub/reset" && is_post) {
    model.reset();
    return {200, {}, model.accounts().stats_json()};
  }
  return refuse(404, "There is nothing at this path for this method.");
}

} // namespace sonicmatch::tests::llm_stub
