#include "events/feedback/state.hpp"

namespace sonicmatch::events::feedback {

void check_rating(feedback::kind kind, const std::optional<int>& rating, const std::string& at,
                  record::violations& wrong) {
  if (kind == feedback::kind::rated && !rating)
    wrong.push_back({at + "/rating", "required", "is needed when kind is rated"});
  if (kind != feedback::kind::rated && rating)
    wrong.push_back({at + "/rating", "not_allowed", "goes with the kind rated alone"});
}

std::vector<event> decide(const state& current, const record_feedback& asked) {
  if (current.version != stream_version{})
    return {};
  return {feedback_recorded{asked.id, asked.headphone, asked.slug, asked.rank, asked.overall_score,
                            asked.kind, asked.rating}};
}

state evolve(state current, const event&, stream_version version) {
  if (version > current.version)
    current.version = version;
  return current;
}

} // namespace sonicmatch::events::feedback
