#include "infra/llm/model_table.hpp"

#include "infra/llm/model_files.hpp"

#include <algorithm>
#include <chrono>

namespace sonicmatch::infra::llm {

namespace {

constexpr std::chrono::days retirement_notice{60};

/// Whether `pattern`, in which 0 stands for any digit, describes the text.
bool looks_like(std::string_view text, std::string_view pattern) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(), [](char c, char expected) {
    return expected == '0' ? c >= '0' && c <= '9' : c == expected;
  });
}

bool is_version_of(std::string_view id, std::string_view model) {
  if (!id.starts_with(model))
    return false;
  auto version = id.substr(model.size());
  return version == "-latest" || looks_like(version, "-00000000") || looks_like(version, "-0000-00-00");
}

std::string day_of(std::chrono::sys_days day) {
  return events::to_string(events::timestamp{day}).substr(0, std::string_view{"2026-11-24"}.size());
}

} // namespace

std::string_view built_in_model_table() {
  return model_files().front().second;
}

model_card find_model(std::span<const model_card> table, provider_name provider, std::string_view id) {
  auto found = std::find_if(table.begin(), table.end(), [&](const model_card& each) {
    return each.provider == provider && each.id == id;
  });
  if (found == table.end())
    found = std::find_if(table.begin(), table.end(), [&](const model_card& each) {
      return each.provider == provider && is_version_of(id, each.id);
    });
  model_card out;
  if (found != table.end()) {
    out = *found;
  } else {
    out.provider = provider;
    out.takes_temperature = false;
    out.takes_forced_tool_choice = false;
    out.known = false;
  }
  out.id = id;
  return out;
}

std::vector<std::string> warnings_about(const model_card& model, events::timestamp now) {
  std::vector<std::string> out;
  auto name = engine_name_of(model);
  if (!model.known)
    out.push_back(name
                  + " is not in the model table: the cost of its calls is unknown, and no temperature is "
                    "sent to it.");
  else if (!model.prices)
    out.push_back("The model table has no prices of " + name + ": the cost of its calls is unknown.");
  else if (!model.prices->verified)
    out.push_back("The prices of " + name + " in the model table are not verified, and costs may be wrong.");
  if (model.retires_not_before) {
    auto day = *model.retires_not_before;
    auto left = std::chrono::ceil<std::chrono::days>(day - now);
    if (left.count() <= 0)
      out.push_back(name + " may be retired any day: its provider promised it only until " + day_of(day)
                    + ". Choose another model.");
    else if (left <= retirement_notice)
      out.push_back(name + " may be retired from " + day_of(day) + " on, in " + std::to_string(left.count())
                    + (left.count() == 1 ? " day" : " days") + ". Choose another model.");
  }
  return out;
}

} // namespace sonicmatch::infra::llm
