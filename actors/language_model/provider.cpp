#include "actors/language_model/provider.hpp"

#include "actors/language_model/failure.hpp"
#include "events/error.hpp"

#include <utility>

namespace sonicmatch::actors::language_model {

std::shared_ptr<const provider> make_provider(provider_settings settings) {
  switch (settings.model.provider) {
  case provider_name::anthropic:
    return make_anthropic(std::move(settings));
  case provider_name::openai:
    break;
  }
  return make_openai(std::move(settings));
}

call_failure failure_of(const caf::error& reason) {
  using events::errc;
  auto code = events::code_of(reason);
  call_failure out;
  out.detail = presentable(events::detail_of(reason), {});
  out.retriable = events::retriable(code);
  // Only where it is certain that nothing was sent is it certain that nothing is paid.
  out.may_have_been_billed = code != errc::peer_unreachable;
  if (code == errc::deadline_exceeded)
    out.code = "timeout"; // the same word as for a provider that says so itself
  else if (code == errc::none)
    out.code = "unexpected_error"; // an error of CAF's own, which the port does not promise
  else
    out.code = events::to_string(code);
  return out;
}

} // namespace sonicmatch::actors::language_model
