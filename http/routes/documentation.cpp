#include "http/routes/documentation.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sonicmatch::http {

/// What http/CMakeLists.txt embeds of http/examples.
const std::vector<std::pair<std::string_view, std::string_view>>& example_files();

std::string_view example_of(std::string_view name) {
  for (const auto& [file, text] : example_files())
    if (file.size() == name.size() + 5 && file.starts_with(name))
      return text;
  throw std::invalid_argument{"no such example: " + std::string{name}};
}

} // namespace sonicmatch::http
