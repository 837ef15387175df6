#include "tests/support/llm_stub/provider.hpp"

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr mistake bad_key{401, "invalid x-api-key"};
constexpr mistake unreadable{400, "the body must be JSON with a model and messages of a user"};
constexpr mistake strict_breach{
  400, "a forced tool_choice, temperature, top_p and top_k are not supported by this model"};

std::string_view message_of(int status) {
  switch (status) {
  case 400:
    return "The request is not valid.";
  case 401:
    return "The key is not valid.";
  case 402:
    return "There is no credit left.";
  case 429:
    return "Too many requests.";
  case 503:
    return "Slow down.";
  case 529:
    return "Overloaded";
  default:
    return "Something went wrong.";
  }
}

void append_field(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty())
    out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

provider::provider(settings values)
  : values_{std::move(values)}
  , chance_{values_.seed} {}

plan provider::accept(wire_format format, std::string_view key, std::string body) {
  plan out;
  out.call = accounts_.open();
  auto refuse = [&](const mistake& why) {
    out.ready = render_mistake(format, why, out.call.serial);
    return std::move(out);
  };
  last_request_ = std::move(body);
  if (!values_.key.empty() && key != values_.key) {
    accounts_.count_bad_key();
    if (!values_.echo_key)
      return refuse(bad_key);
    auto quoted = "invalid x-api-key: " + std::string{key};
    return refuse({bad_key.status, quoted});
  }
  auto asked = reader_.read(format, last_request_);
  if (asked) {
    out.asked = std::move(*asked);
    out.call.model = out.asked.model;
    accounts_.count_question(out.call, out.asked.hash, out.asked.is_repair());
  }
  if (!asked || is_strict_breach(out.asked)) {
    accounts_.count_invalid();
    return refuse(asked ? strict_breach : unreadable);
  }
  auto how = next_fault(out.asked);
  accounts_.count_fault(how);
  out.call.how = how;
  out.wait = how == fault::hang ? std::chrono::nanoseconds::max() : chance_.draw_latency(values_);
  if (how == fault::error) {
    out.ready = drawn_error(out);
    return out;
  }
  out.call.used = cache_.read(out.asked, values_.cache_tokens_min);
  out.call.used.reasoning_tokens = values_.reasoning_tokens;
  if (how == fault::drip)
    out.drip = std::chrono::milliseconds{values_.drip_ms};
  if (how == fault::outside_constraints)
    out.outside =
      values_.outside_headphone.empty() ? headphone_outside(last_request_) : values_.outside_headphone;
  return out;
}

rendered provider::respond(plan& due) {
  if (due.ready)
    return std::move(*due.ready);
  return render_answer(due.asked, due.call.how, due.outside, due.call.used, due.call.serial);
}

void provider::finish(plan done, int status, ending how) {
  done.call.status = status;
  done.call.ended = how;
  accounts_.close(std::move(done.call));
}

std::optional<std::string> provider::change(const assignments& wanted) {
  if (auto wrong = assign(values_, wanted))
    return wrong;
  for (const auto& [name, text] : wanted)
    if (name == "seed")
      chance_ = chance{values_.seed};
  return std::nullopt;
}

void provider::reset() {
  accounts_.reset();
  cache_.clear();
  chance_ = chance{values_.seed};
}

fault provider::next_fault(const question& asked) {
  if (asked.is_repair() && !values_.repair_faults)
    return fault::none;
  if (values_.next.empty())
    return chance_.draw_fault(values_);
  auto first = values_.next.front();
  values_.next.erase(values_.next.begin());
  return first;
}

bool provider::is_strict_breach(const question& asked) const {
  const auto& strict = values_.strict_models;
  return (asked.forces_tool || asked.sets_sampling)
         && std::find(strict.begin(), strict.end(), asked.model) != strict.end();
}

rendered provider::drawn_error(const plan& due) const {
  auto status = values_.error_status;
  auto out = render_mistake(due.asked.format, {status, message_of(status), values_.error_spend_limit},
                            due.call.serial);
  append_field(out.fields, "retry-after", values_.retry_after_s);
  append_field(out.fields, "retry-after-ms", values_.retry_after_ms);
  append_field(out.fields, "x-should-retry", values_.should_retry);
  return out;
}

} // namespace sonicmatch::tests::llm_stub
