#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sonicmatch::http {

/// Rendered catalog pages by query string, for one version of the catalog.
/// Bounded in bytes, the least recently made go first; a page is kept for 10
/// minutes, or until the catalog changes. Thread-safe.
class page_cache {
public:
  using page = std::shared_ptr<const std::string>;
  using time_point = std::chrono::steady_clock::time_point;

  explicit page_cache(std::size_t bytes_max = 16u << 20)
    : bytes_max_(bytes_max) {}

  /// The page, or nullptr.
  [[nodiscard]] page find(std::string_view key, std::int64_t version, time_point now);

  void put(std::string_view key, std::int64_t version, page rendered, time_point now);

private:
  struct entry {
    std::string key;
    page rendered;
    time_point made_at;
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  void remove_oldest();

  std::size_t bytes_max_;
  std::mutex mutex_;
  std::int64_t version_ = -1;
  std::list<entry> newest_first_;
  std::unordered_map<std::string, std::list<entry>::iterator, hash, std::equal_to<>> by_key_;
  std::size_t bytes_ = 0;
};

} // namespace sonicmatch::http
