#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
namespace catalog = events::catalog;

namespace {

constexpr events::partition_id p0{0};

struct headphones_fold {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::headphones::model(), tables};
  events::headphone_id id = sample_headphone().id();

  void event(const catalog::event& body) {
    log.append(p0, to_string(catalog::subject_of(body)), events::encode(sample_envelope(), body));
  }
};

} // namespace

TEST_CASE_METHOD(headphones_fold, "the newest record of a headphone is its row") {
  event(catalog::headphone_listed{sample_headphone()});
  auto revised = sample_headphone();
  revised.price_usd = {149'00};
  event(catalog::headphone_revised{revised});
  projection.apply(log.records);
  const auto& row = tables->headphones.at(id);
  CHECK(row.at.value == 1);
  CHECK(row.listed->headphone == revised);
  CHECK(row.listed->document.find(R"("price_usd":149)") != std::string::npos);
}

TEST_CASE_METHOD(headphones_fold, "a retired headphone has no row, by event or by tombstone") {
  event(catalog::headphone_listed{sample_headphone()});
  event(catalog::headphone_listed{sample_headphone("other")});
  projection.apply(log.records);
  CHECK(tables->headphones.size() == 2);
  event(catalog::headphone_retired{"sennheiser-hd-560s"});
  log.append(p0, to_string(events::headphone_id_of("other")), std::nullopt);
  projection.apply(log.records);
  CHECK(tables->headphones.empty());
}

TEST_CASE_METHOD(headphones_fold,
                 "a record that cannot be read does not hold back the headphone's next one") {
  log.append(p0, to_string(id), "garbage");
  event(catalog::headphone_listed{sample_headphone()});
  CHECK(projection.apply(log.records).size() == 1);
  CHECK(tables->headphones.contains(id));
  CHECK(tables->parked.size() == 1);
}

TEST_CASE_METHOD(headphones_fold, "a record under another headphone's key is poison") {
  log.append(
    p0, to_string(events::headphone_id_of("other")),
    events::encode(sample_envelope(), catalog::event{catalog::headphone_listed{sample_headphone()}}));
  log.append(p0, "no id", std::nullopt);
  CHECK(projection.apply(log.records).size() == 2);
  CHECK(tables->headphones.empty());
}
