#include "tests/http/routes/route_fixture.hpp"

#include <stdexcept>

namespace sonicmatch::tests {

namespace {

actors::edge::behavior_type noting_edge(actors::edge::pointer, told_edge* told) {
  return {
    [](const actors::begin_tailing&) {},
    [told](const actors::submit_recommendation& asked) { told->submissions.push_back(asked); },
    [told](const actors::find_session& asked) { told->searches.push_back(asked); },
    [told](const actors::watch_session& asked) { told->watches.push_back(asked); },
    [told](const actors::unwatch_session& gone) { told->unwatches.push_back(gone); },
    [told](const actors::submit_explanation& asked) { told->explanations.push_back(asked); },
    [told](const actors::submit_feedback& asked) { told->feedback.push_back(asked); },
    [told](const actors::erase_session& asked) { told->erasures.push_back(asked); },
    [](const actors::tail_batch&) {},
    [](const actors::tail_reached_end&) {},
    [](const actors::committed_found&) {},
    [](const actors::command_delivered&) {},
    [](const actors::explanation_delivered&) {},
    [](const actors::brief_delivered&) {},
    [](const actors::log_end_found&) {},
    [](const actors::edge_tick&) {},
    [](const actors::drain_edge&) {},
  };
}

} // namespace

std::shared_ptr<http::request_data> data_of(const asking& asked) {
  auto data = std::make_shared<http::request_data>();
  auto mark = [&](std::string_view text) {
    auto begin = data->input.size();
    data->input.insert(data->input.end(), text.begin(), text.end());
    return std::pair{begin, text.size()};
  };
  std::vector<std::pair<std::size_t, std::size_t>> marks{mark(asked.target)};
  for (const auto& [name, value] : asked.fields) {
    marks.push_back(mark(name));
    marks.push_back(mark(value));
  }
  auto view = [&](std::size_t i) {
    return std::string_view{data->input.data() + marks[i].first, marks[i].second};
  };
  data->target = view(0);
  auto question = data->target.find('?');
  data->path = data->target.substr(0, question);
  if (question != std::string_view::npos)
    data->query = data->target.substr(question + 1);
  for (std::size_t i = 1; i < marks.size(); i += 2)
    data->fields.push_back({view(i), view(i + 1)});
  data->method = asked.method;
  data->body = asked.body;
  data->request_id = "request-1";
  data->traceparent.fill('0');
  return data;
}

http::request request_of(const asking& asked) {
  return http::request{data_of(asked)};
}

route_fixture::route_fixture(http::caller_finder find_caller) {
  parts.find_caller = std::move(find_caller);
  parts.edge = bench_.spawn(noting_edge, &told);
  parts.sessions = std::make_shared<actors::session_cache>(actors::session_cache::limits{});
  parts.catalog = std::make_shared<actors::catalog_view>();
  parts.health = std::make_shared<actors::health_board>();
  parts.clock = clock;
  parts.probe = [](std::chrono::milliseconds,
                   const std::function<void(std::vector<http::probed_part>)>& done) { done({}); };
  use_parts();
}

void route_fixture::use_parts() {
  router_ = http::make_router(parts);
}

std::shared_ptr<kept_answer> route_fixture::ask(const asking& asked) {
  auto data = data_of(asked);
  auto found = router_.find(*data);
  if (found.target == nullptr)
    throw std::logic_error{"no route for " + asked.target};
  auto kept = std::make_shared<kept_answer>();
  if (const auto* immediate = std::get_if<http::immediate_handler>(&found.target->handler))
    kept->deliver((*immediate)(http::request{data}));
  else
    std::get<http::asynchronous_handler>(found.target->handler)(http::request{data}, http::responder{kept});
  bench_.settle();
  return kept;
}

http::response route_fixture::answer(const asking& asked) {
  auto kept = ask(asked);
  if (!kept->answer_)
    throw std::logic_error{asked.target + " was not answered"};
  return *kept->answer_;
}

void route_fixture::publish(std::vector<events::catalog::headphone> listed, std::int64_t version) {
  parts.catalog->publish(std::make_shared<const events::catalog::snapshot>(std::move(listed), version));
}

std::optional<std::string> header_of(const http::response& answer, std::string_view name) {
  for (const auto& each : answer.headers)
    if (each.name == name)
      return each.value;
  return std::nullopt;
}

} // namespace sonicmatch::tests
