#pragma once

#include "events/catalog/headphone.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sonicmatch::events::catalog {

/// The whole catalog at one moment: immutable, so it is shared between threads
/// as it is. Retired headphones are not in it.
class snapshot {
public:
  /// `version` is the catalog topic's next offset when the snapshot was made.
  snapshot(std::vector<headphone> listed, std::int64_t version);

  /// In order of slug.
  [[nodiscard]] const std::vector<headphone>& all() const noexcept {
    return all_;
  }
  /// The same headphones, in the same order, as answers show them.
  [[nodiscard]] const std::vector<headphone_view>& views() const noexcept {
    return views_;
  }
  [[nodiscard]] std::int64_t version() const noexcept {
    return version_;
  }
  /// By id or slug; nullptr when there is none.
  [[nodiscard]] const headphone* find(std::string_view id_or_slug) const;

private:
  std::vector<headphone> all_;
  std::vector<headphone_view> views_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::int64_t version_;
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

} // namespace sonicmatch::events::catalog
