#include "projections/answer_columns.hpp"

namespace sonicmatch::projections {

void set_engine(answer_columns& out, std::string_view engine) {
  auto slash = engine.find('/');
  out.provider = engine.substr(0, slash);
  if (slash != std::string_view::npos)
    out.model = engine.substr(slash + 1);
}

void set_calls(answer_columns& out, const events::language_model::calls_summary& calls) {
  out.attempts = calls.attempts;
  out.prompt_tokens = calls.usage.prompt_tokens();
  out.completion_tokens = calls.usage.output_tokens;
  if (calls.cost_is_known || calls.cost_micro_usd > 0)
    out.cost = events::micro_dollars{calls.cost_micro_usd};
  out.cost_is_known = calls.cost_is_known;
}

} // namespace sonicmatch::projections
