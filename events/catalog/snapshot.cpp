#include "events/catalog/snapshot.hpp"

#include <algorithm>

namespace sonicmatch::events::catalog {

snapshot::snapshot(std::vector<headphone> listed, std::int64_t version)
  : all_(std::move(listed))
  , version_(version) {
  std::sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a.slug < b.slug; });
  views_.reserve(all_.size());
  for (std::size_t i = 0; i < all_.size(); ++i) {
    views_.push_back(view_of(all_[i]));
    by_name_.emplace(all_[i].slug, i);
    by_name_.emplace(to_string(all_[i].id()), i);
  }
}

const headphone* snapshot::find(std::string_view id_or_slug) const {
  auto found = by_name_.find(std::string{id_or_slug});
  return found == by_name_.end() ? nullptr : &all_[found->second];
}

} // namespace sonicmatch::events::catalog
