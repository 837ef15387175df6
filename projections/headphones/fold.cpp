#include "events/codec.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "projections/read_model.hpp"

#include <unordered_map>

namespace sonicmatch::projections::headphones {

namespace {

using events::errc;
using events::make_error;
namespace catalog = events::catalog;

listed_headphone listed(catalog::headphone headphone) {
  auto document = events::record::to_json(catalog::view_of(headphone));
  return {std::move(headphone), std::move(document)};
}

std::optional<listed_headphone> outcome_of(catalog::event happened) {
  if (auto* first = std::get_if<catalog::headphone_listed>(&happened))
    return listed(std::move(first->headphone));
  if (auto* revised = std::get_if<catalog::headphone_revised>(&happened))
    return listed(std::move(revised->headphone));
  return std::nullopt;
}

/// The catalog has one writer at a time by nature, so its records carry no claims
/// and the fence is of no use here.
class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence&) override {
    auto id = events::headphone_id::parse(record.key);
    if (!id)
      return make_error(errc::invalid_record, "the key of a catalog record must be a headphone's id");
    if (!record.value) {
      put({*id, record.offset, std::nullopt});
      return caf::none;
    }
    auto decoded = events::decode_catalog_event(*record.value);
    if (!decoded)
      return decoded.error();
    if (catalog::subject_of(decoded->body) != *id)
      return make_error(errc::invalid_record, "the key is not the id of the headphone in the record");
    put({*id, record.offset, outcome_of(std::move(decoded->body))});
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  void put(headphone_row row) {
    auto [known, is_new] = places_.try_emplace(row.id, rows_.size());
    if (is_new)
      rows_.push_back(std::move(row));
    else if (row.at > rows_[known->second].at)
      rows_[known->second] = std::move(row);
  }

  std::vector<headphone_row> rows_;
  std::unordered_map<events::headphone_id, std::size_t> places_;
};

} // namespace

read_model model() {
  return {"headphones", std::string{events::topics::catalog},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }, false};
}

} // namespace sonicmatch::projections::headphones
