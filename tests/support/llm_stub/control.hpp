#pragma once

#include "tests/support/llm_stub/provider.hpp"

#include <string>
#include <string_view>

namespace sonicmatch::tests::llm_stub {

/// Answers the requests to /stub/...: settings, stats, calls, the last request, reset.
/// `body` may get more capacity; its text stays.
[[nodiscard]] rendered control(provider& model, std::string_view method, std::string_view target,
                               std::string& body);

} // namespace sonicmatch::tests::llm_stub
