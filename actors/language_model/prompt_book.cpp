#include "actors/language_model/prompt_book.hpp"

#include "actors/language_model/prompt.hpp"

namespace sonicmatch::actors::language_model {

prompt_book::prompt_book(std::shared_ptr<const language_model::provider> provider)
  : provider_(std::move(provider))
  , explanation_(provider_->opening_of(explanation_instructions())) {}

std::shared_ptr<const std::string>
prompt_book::recommendation_opening(const events::catalog::snapshot_ptr& catalog) {
  std::lock_guard guard{mutex_};
  if (catalog_ != catalog) {
    recommendation_ = provider_->opening_of(recommendation_instructions(*catalog));
    catalog_ = catalog;
  }
  return recommendation_;
}

} // namespace sonicmatch::actors::language_model
