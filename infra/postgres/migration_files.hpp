#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::infra::postgres {

/// The files of infra/postgres/migrations, by name, as the build embedded them
/// (infra/cmake/embed.cmake).
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& migration_files();

} // namespace sonicmatch::infra::postgres
