#include "seeds/catalog_file.hpp"

#include "events/error.hpp"
#include "events/record/reader.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unordered_map>

namespace sonicmatch::seeds {

using events::errc;
using events::make_error;
using events::catalog::headphone;

namespace {

constexpr std::size_t mistakes_shown_max = 20;

/// What the file's author will look for: the record's place and, if it has one, its slug.
std::string name_of(std::size_t index, simdjson::dom::element record) {
  std::string out = "record " + std::to_string(index);
  std::string_view slug;
  if (record["slug"].get(slug) == simdjson::SUCCESS)
    out += " (" + std::string{slug} + ")";
  return out;
}

class mistakes {
public:
  void add(const std::string& record, std::string_view pointer, std::string_view detail) {
    if (count_++ < mistakes_shown_max)
      text_ += "\n  " + record + ": " + std::string{pointer} + " " + std::string{detail};
  }

  [[nodiscard]] bool none() const noexcept {
    return count_ == 0;
  }

  [[nodiscard]] caf::error error(const std::string& file) const {
    auto more = count_ > mistakes_shown_max
                  ? "\n  and " + std::to_string(count_ - mistakes_shown_max) + " more"
                  : std::string{};
    return make_error(errc::bad_catalog, file + " is not loaded:" + text_ + more);
  }

private:
  std::size_t count_ = 0;
  std::string text_;
};

} // namespace

caf::expected<std::vector<headphone>> parse_catalog(std::string_view json, const std::string& name) {
  events::record::violations wrong;
  auto root = events::record::parse(json, wrong);
  if (!root)
    return make_error(errc::bad_catalog, name + " " + wrong.front().detail);
  simdjson::dom::array records;
  if (root->get_array().get(records) != simdjson::SUCCESS)
    return make_error(errc::bad_catalog, name + " must hold an array of headphones");
  std::vector<headphone> out;
  std::unordered_map<std::string, std::size_t> seen;
  mistakes found;
  std::size_t index = 0;
  for (auto record : records) {
    wrong.clear();
    auto each = events::record::read<headphone>(record, wrong, events::record::unknown_fields::refuse);
    for (const auto& mistake : wrong)
      found.add(name_of(index, record), mistake.pointer, mistake.detail);
    if (each) {
      auto [first, fresh] = seen.emplace(each->slug, index);
      if (!fresh)
        found.add(name_of(index, record), "/slug",
                  "is that of record " + std::to_string(first->second) + " too");
      out.push_back(std::move(*each));
    }
    ++index;
  }
  if (index == 0)
    return make_error(errc::bad_catalog, name + " holds no headphone");
  if (!found.none())
    return found.error(name);
  return out;
}

caf::expected<std::vector<headphone>> read_catalog(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (file.is_open())
    text << file.rdbuf(); // an iterator of the buffer would throw for a folder
  if (!file.is_open() || text.bad())
    return make_error(errc::bad_catalog, path + " cannot be read: " + std::strerror(errno));
  return parse_catalog(text.str(), path);
}

} // namespace sonicmatch::seeds
