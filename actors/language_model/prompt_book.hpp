#pragma once

#include "actors/language_model/provider.hpp"
#include "events/catalog/snapshot.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace sonicmatch::actors::language_model {

/// The openings of requests, rendered once for each catalog snapshot: tens of
/// kilobytes that all calls share. Thread-safe.
class prompt_book {
public:
  explicit prompt_book(std::shared_ptr<const language_model::provider> provider);

  [[nodiscard]] std::shared_ptr<const std::string>
  recommendation_opening(const events::catalog::snapshot_ptr& catalog);
  [[nodiscard]] std::shared_ptr<const std::string> explanation_opening() const {
    return explanation_;
  }
  [[nodiscard]] const language_model::provider& provider() const noexcept {
    return *provider_;
  }
  [[nodiscard]] const std::shared_ptr<const language_model::provider>& shared_provider() const noexcept {
    return provider_;
  }

private:
  std::shared_ptr<const language_model::provider> provider_;
  std::shared_ptr<const std::string> explanation_;
  std::mutex mutex_;
  events::catalog::snapshot_ptr catalog_; ///< of recommendation_
  std::shared_ptr<const std::string> recommendation_;
};

} // namespace sonicmatch::actors::language_model
