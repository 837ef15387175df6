#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::infra::llm {

/// models.toml, by name, as the build embedded it (infra/cmake/embed.cmake).
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& model_files();

} // namespace sonicmatch::infra::llm
