#include "tests/support/simulated_model.hpp"

#include "events/error.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::tests {

namespace {

using events::errc;

/// The headphones that the question offers, in its order: it is JSON inside of JSON.
std::vector<std::string> candidates_in(const std::string& question) {
  constexpr std::string_view mark = R"(\"headphone\":\")";
  std::vector<std::string> out;
  for (auto at = question.find(mark); at != std::string::npos; at = question.find(mark, at)) {
    at += mark.size();
    out.push_back(question.substr(at, question.find('\\', at) - at));
  }
  return out;
}

std::size_t results_wanted(const std::string& question) {
  constexpr std::string_view mark = R"(\"max_results\":)";
  auto at = question.find(mark);
  return at == std::string::npos ? 0 : std::stoul(question.substr(at + mark.size(), 3));
}

std::string pick_of(const std::string& slug, double score) {
  std::string number;
  events::record::write_number(number, score);
  return R"({"headphone":")" + slug + R"(","overall_score":)" + number + R"(,"scores":{"genre_match":)"
         + number
         + R"(,"sound_profile":0.5,"use_case":0.5,"budget":0.5,"feature_match":0.5},"explanation":"The model likes )"
         + slug + R"( for this.","personalized_pros":["Good"],"personalized_cons":["Costs money"],)"
         + R"("match_highlights":["Liked"]})";
}

std::string picks_of(const std::vector<std::string>& slugs, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < std::min(count, slugs.size()); ++i)
    out += (i == 0 ? "" : ",") + pick_of(slugs[i], 0.95 - 0.02 * static_cast<double>(i));
  return R"({"matches":[)" + out + R"(],"notes":[]})";
}

ports::http_response response_of(int status, std::string body) {
  return {status, {{"content-type", "application/json"}, {"request-id", "req_simulated"}}, std::move(body)};
}

ports::http_response message_of(const std::string& text, std::string_view stop_reason) {
  std::string out = R"({"id":"msg_simulated","type":"message","role":"assistant","model":"claude-opus-4-5",)"
                    R"("content":[{"type":"text","text":)";
  events::record::write_text(out, text);
  out += R"(}],"stop_reason":")" + std::string{stop_reason}
         + R"(","usage":{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":9000,)"
           R"("output_tokens":500}})";
  return response_of(200, std::move(out));
}

} // namespace

simulated_model_client::simulated_model_client(simulated_world& world, simulated_model& model,
                                               std::shared_ptr<simulated_host> host)
  : world_(world)
  , model_(model)
  , host_(std::move(host)) {}

simulated_model_client::fate simulated_model_client::draw_fate() {
  if (model_.is_down)
    return fate::unreachable;
  auto drawn = static_cast<double>(world_.draw(1'000'000)) / 1e6;
  const std::array rates{
    std::pair{model_.overloaded, fate::overloaded}, std::pair{model_.unreachable, fate::unreachable},
    std::pair{model_.lost_reply, fate::lost_reply}, std::pair{model_.nonsense, fate::nonsense},
    std::pair{model_.refusal, fate::refusal},       std::pair{model_.too_few, fate::too_few},
    std::pair{model_.outsiders, fate::outsiders}};
  for (const auto& [rate, what] : rates) {
    if (drawn < rate)
      return what;
    drawn -= rate;
  }
  return fate::reply;
}

ports::http_client::ticket simulated_model_client::post(ports::http_request request, done on_done) {
  auto which = ++last_;
  if (!world_.io_point(*host_, "asks the model"))
    return which;
  ++model_.by_host[host_].calls;
  under_way_.emplace(which, std::move(on_done));
  auto outcome = draw_fate();
  auto takes = world_.draw_delay(model_.latency_min, model_.latency_max);
  auto me = weak_from_this();
  world_.after(takes, [me, which, outcome, question = std::move(request.rest)] {
    if (auto self = me.lock())
      self->answer(which, outcome, question);
  });
  world_.after(request.timeout, [me, which] {
    if (auto self = me.lock())
      self->tell(which, events::make_error(errc::deadline_exceeded, "simulated"));
  });
  return which;
}

void simulated_model_client::cancel(ticket which) {
  tell(which, events::make_error(errc::cancelled, "simulated"));
}

void simulated_model_client::answer(ticket which, fate outcome, const std::string& question) {
  auto candidates = candidates_in(question);
  auto wanted = results_wanted(question);
  switch (outcome) {
  case fate::overloaded:
    return tell(
      which,
      response_of(529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"));
  case fate::unreachable:
    return tell(which, events::make_error(errc::peer_unreachable, "simulated"));
  case fate::lost_reply:
    ++model_.billed;
    return tell(which, events::make_error(errc::connection_lost, "simulated"));
  case fate::nonsense:
    return tell(which, message_of("I am afraid that I would rather write prose.", "end_turn"));
  case fate::refusal:
    return tell(which, message_of("I cannot help with that.", "refusal"));
  case fate::too_few:
    return tell(which, message_of(picks_of(candidates, 1), "end_turn"));
  case fate::outsiders:
    for (auto& each : candidates)
      each = "no-such-" + each;
    return tell(which, message_of(picks_of(candidates, wanted), "end_turn"));
  case fate::reply:
    return tell(which, message_of(picks_of(candidates, wanted), "end_turn"));
  }
}

void simulated_model_client::tell(ticket which, caf::expected<ports::http_response> response) {
  auto known = under_way_.find(which);
  if (known == under_way_.end())
    return;
  auto on_done = std::move(known->second);
  under_way_.erase(known);
  auto is_billed = response && response->status == 200;
  if (is_billed)
    ++model_.billed;
  if (!world_.io_point(*host_, is_billed ? "the model replies" : "the model does not reply"))
    return;
  if (is_billed)
    ++model_.by_host[host_].billed;
  on_done(std::move(response));
}

} // namespace sonicmatch::tests
