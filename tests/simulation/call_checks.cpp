#include "tests/simulation/checker_parts.hpp"

#include <simdjson.h>

#include <algorithm>
#include <set>

namespace sonicmatch::tests::simulation {

namespace {

class call_checking {
public:
  call_checking(const aftermath& left, const std::vector<folded_partition>& truth,
                std::vector<std::string>& violations)
    : left_(left)
    , truth_(truth)
    , out_(violations) {}

  void run() {
    for (const auto& partition : truth_) {
      for (const auto& [key, session] : partition.sessions) {
        check_stream(key, session.events, partition);
        for (const auto& [stream, events] : session.explanations)
          check_stream(stream, events, partition);
      }
      for (const auto& [call, outcome] : partition.outcomes)
        if (text_of(outcome.data, "detail").find("before it could be made") == std::string::npos
            && text_of(outcome.data, "code") != "erased") // neither of which was made
          ++recorded_by_[life_of(outcome.source)];
    }
    check_lives();
  }

private:
  /// "name/life" of "name/life/recommender".
  static std::string life_of(const std::string& source) {
    return source.substr(0, source.rfind('/'));
  }

  /// Whether a life that is in trouble has owned the partition: one that does not know
  /// that it was expelled takes the partition from whoever owns it, calls and all.
  bool was_ever_of_troubled(const folded_partition& partition) const {
    return std::any_of(partition.claims.begin(), partition.claims.end(),
                       [&](const auto& each) { return left_.troubled.contains(life_of(each.second)); });
  }

  /// The calls of a stream, as its terminal event counts them and as the log has them.
  void check_stream(const std::string& stream, const std::vector<effective_event>& events,
                    const folded_partition& partition) {
    std::vector<const effective_event*> started;
    std::size_t replies = 0;
    std::string paid_by;
    for (const auto& event : events) {
      if (event.type == "language_model_call_started") {
        auto purpose = text_of(event.data, "purpose");
        auto outcome = partition.outcomes.find(text_of(event.data, "call_id"));
        auto replied =
          outcome != partition.outcomes.end() && outcome->second.type == "language_model_reply_recorded";
        if (replied && purpose == "answer" && ++replies > 1 && !was_ever_of_troubled(partition))
          out_.push_back("stream " + stream + " was paid for twice, and nothing had happened to " + paid_by);
        if (purpose == "answer")
          paid_by = life_of(event.source);
        started.push_back(&event);
      }
      if (event.is_terminal())
        check_summary(stream, event, started, partition);
      if (event.type == "recommendation_completed")
        check_picks(stream, event);
    }
  }

  void check_summary(const std::string& stream, const effective_event& end,
                     const std::vector<const effective_event*>& started, const folded_partition& partition) {
    std::int64_t cost = 0;
    auto is_troubled = left_.troubled.contains(life_of(end.source));
    for (const auto* each : started) {
      auto outcome = partition.outcomes.find(text_of(each->data, "call_id"));
      // One that was appended along with the end may have got there after it, or not at all.
      if (outcome != partition.outcomes.end() && (is_troubled || outcome->second.position < end.position))
        cost += number_of(outcome->second.data, "cost_micro_usd");
      is_troubled = is_troubled || left_.troubled.contains(life_of(each->source));
    }
    auto calls = fields_of(end.data.at("calls"));
    auto counted = calls ? number_of(*calls, "cost_micro_usd") : 0;
    if (!calls || number_of(*calls, "attempts") != static_cast<std::int64_t>(started.size()))
      out_.push_back("stream " + stream + " started " + std::to_string(started.size())
                     + " calls, and its end counts " + end.data.at("calls"));
    else if (counted != cost && !is_troubled)
      out_.push_back("stream " + stream + " cost " + std::to_string(cost) + ", and its end says "
                     + std::to_string(counted));
  }

  /// No pick is beyond the budget, and none comes twice.
  void check_picks(const std::string& stream, const effective_event& end) {
    auto preferences = fields_of(end.data.at("preferences"));
    auto budget = preferences && preferences->contains("budget_max")
                    ? std::stod(preferences->at("budget_max"))
                    : std::numeric_limits<double>::infinity();
    simdjson::dom::parser parser;
    std::set<std::string> seen;
    double former = 1;
    for (simdjson::dom::element pick : parser.parse(simdjson::padded_string{end.data.at("matches")})) {
      std::string slug{std::string_view{pick["headphone"]["slug"]}};
      double price = pick["headphone"]["price_usd"];
      double score = pick["overall_score"];
      if (price > budget)
        out_.push_back("stream " + stream + " picks " + slug + ", which is beyond the budget");
      if (!seen.insert(slug).second)
        out_.push_back("stream " + stream + " picks " + slug + " twice");
      if (score > former)
        out_.push_back("stream " + stream + " does not rank by score");
      former = score;
    }
  }

  void check_lives() {
    for (const auto& [host, asked] : left_.where.model.by_host) {
      if (left_.troubled.contains(host->life))
        continue;
      if (asked.calls != recorded_by_[host->life])
        out_.push_back(host->life + " made " + std::to_string(asked.calls) + " calls and recorded "
                       + std::to_string(recorded_by_[host->life]) + " outcomes");
    }
  }

  const aftermath& left_;
  const std::vector<folded_partition>& truth_;
  std::vector<std::string>& out_;
  std::map<std::string, std::size_t> recorded_by_;
};

} // namespace

void check_calls(const aftermath& left, const std::vector<folded_partition>& truth,
                 std::vector<std::string>& violations) {
  call_checking{left, truth, violations}.run();
}

} // namespace sonicmatch::tests::simulation
