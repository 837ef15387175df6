#include "actors/catalog/catalog_keeper.hpp"
#include "events/codec.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events::catalog;
namespace ports = sonicmatch::actors::ports;

namespace {

ports::log_record catalog_record(const event& happened, std::int64_t offset) {
  auto id = to_string(subject_of(happened));
  return {{}, {offset}, {}, id, events::encode(tests::sample_envelope(), happened), {}};
}

struct keeper_fixture {
  keeper_fixture() {
    under_test =
      bench.spawn(actors::catalog_keeper_actor, actors::catalog_parts{reader, logger, view, health});
    bench.settle();
  }

  void read(std::vector<ports::log_record> records) {
    bench.tell(under_test, actors::catalog_batch{tests::batch_of(std::move(records))});
  }
  void at_end(std::int64_t next) {
    bench.tell(under_test, actors::catalog_reached_end{{next}});
  }
  [[nodiscard]] std::vector<std::string> slugs() const {
    std::vector<std::string> out;
    for (const auto& each : view->newest()->catalog->all())
      out.push_back(each.slug);
    return out;
  }

  std::shared_ptr<tests::recording_reader> reader = std::make_shared<tests::recording_reader>();
  std::shared_ptr<tests::recording_logger> logger = std::make_shared<tests::recording_logger>();
  std::shared_ptr<actors::catalog_view> view = std::make_shared<actors::catalog_view>();
  std::shared_ptr<actors::health_board> health = std::make_shared<actors::health_board>();
  tests::actor_bench bench;
  actors::catalog_keeper under_test;
};

using slugs = std::vector<std::string>;

} // namespace

TEST_CASE("nobody sees a catalog before it is read to its end", "[actors][catalog]") {
  keeper_fixture keeper;
  REQUIRE(keeper.reader->follows.size() == 1);
  CHECK(keeper.reader->follows[0].topic == "sonicmatch.catalog");
  CHECK(keeper.reader->follows[0].from == events::log_offset{0});
  keeper.read({catalog_record(headphone_listed{tests::sample_headphone("a")}, 0)});
  CHECK(keeper.view->newest() == nullptr);
  CHECK_FALSE(keeper.health->ready());
  keeper.at_end(1);
  CHECK(keeper.slugs() == slugs{"a"});
  CHECK(keeper.view->newest()->catalog->version() == 1);
  CHECK(keeper.health->ready());
}

TEST_CASE("each end with a change is a new edition, and others are not", "[actors][catalog]") {
  keeper_fixture keeper;
  keeper.read({catalog_record(headphone_listed{tests::sample_headphone("a")}, 0)});
  keeper.at_end(1);
  auto first = keeper.view->newest();
  keeper.at_end(1);
  keeper.at_end(2);
  CHECK(keeper.view->newest() == first);
  keeper.read({catalog_record(headphone_listed{tests::sample_headphone("b")}, 2)});
  CHECK(keeper.view->newest() == first);
  keeper.at_end(3);
  CHECK(keeper.slugs() == slugs{"a", "b"});
  CHECK(first->catalog->all().size() == 1);
}

TEST_CASE("retirements and tombstones take headphones out", "[actors][catalog]") {
  keeper_fixture keeper;
  keeper.read({catalog_record(headphone_listed{tests::sample_headphone("a")}, 0),
               catalog_record(headphone_listed{tests::sample_headphone("b")}, 1),
               catalog_record(headphone_retired{"a"}, 2)});
  keeper.at_end(3);
  CHECK(keeper.slugs() == slugs{"b"});
  auto tombstone = catalog_record(headphone_retired{"b"}, 3);
  tombstone.value.reset();
  keeper.read({tombstone});
  keeper.at_end(4);
  CHECK(keeper.slugs().empty());
  CHECK_FALSE(keeper.health->ready());
}

TEST_CASE("an empty catalog is published and not ready", "[actors][catalog]") {
  keeper_fixture keeper;
  keeper.at_end(0);
  REQUIRE(keeper.view->newest() != nullptr);
  CHECK(keeper.slugs().empty());
  CHECK_FALSE(keeper.health->ready());
  CHECK(keeper.health->parts().at(0).detail.find("seed") != std::string::npos);
}

TEST_CASE("a record that cannot be read is logged and left out", "[actors][catalog]") {
  keeper_fixture keeper;
  keeper.read({{{}, {0}, {}, "key", "garbage", {}},
               catalog_record(headphone_listed{tests::sample_headphone("a")}, 1),
               {{}, {2}, {}, "no id", std::nullopt, {}}});
  keeper.at_end(3);
  CHECK(keeper.slugs() == slugs{"a"});
  CHECK(keeper.logger->has("cannot be read"));
}
