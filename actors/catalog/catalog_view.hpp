#pragma once

#include "actors/heuristic/engine.hpp"
#include "events/catalog/snapshot.hpp"

#include <memory>
#include <mutex>

namespace sonicmatch::actors {

/// A catalog snapshot and what is made from it once.
struct catalog_edition {
  events::catalog::snapshot_ptr catalog;
  std::shared_ptr<const heuristic::engine> engine;
};

/// The newest edition of the catalog, for every thread. Empty until the catalog
/// topic has been read to its end for the first time.
class catalog_view {
public:
  /// The newest edition, or nullptr.
  [[nodiscard]] std::shared_ptr<const catalog_edition> newest() const {
    std::lock_guard guard{mutex_};
    return newest_;
  }

  /// Replaces the edition as a whole.
  void publish(events::catalog::snapshot_ptr catalog) {
    auto engine = std::make_shared<const heuristic::engine>(catalog);
    auto edition =
      std::make_shared<const catalog_edition>(catalog_edition{std::move(catalog), std::move(engine)});
    std::lock_guard guard{mutex_};
    newest_ = std::move(edition);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const catalog_edition> newest_;
};

} // namespace sonicmatch::actors
