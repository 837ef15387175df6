#include "tests/simulation/cluster.hpp"

#include "events/codec.hpp"
#include "seeds/catalog_file.hpp"

#include <stdexcept>

namespace sonicmatch::tests::simulation {

namespace {

constexpr std::size_t headphone_count = 10;

/// Some of the real catalog's headphones, far apart in the file and so unlike each other.
const std::vector<events::catalog::headphone>& some_headphones() {
  static const auto some = [] {
    auto all = seeds::read_catalog(SONICMATCH_CATALOG_FILE);
    if (!all)
      throw std::runtime_error{"the simulation needs " SONICMATCH_CATALOG_FILE};
    std::vector<events::catalog::headphone> out;
    for (std::size_t i = 0; i < headphone_count; ++i)
      out.push_back((*all)[i * all->size() / headphone_count]);
    return out;
  }();
  return some;
}

} // namespace

cluster::cluster(std::uint64_t seed)
  : world(seed) {
  log.create_topic(std::string{events::topics::commands}, partition_count);
  log.create_topic(std::string{events::topics::events}, partition_count);
  log.create_topic(std::string{events::topics::catalog}, 1);
  log.create_topic(std::string{events::topics::dead_letters}, 1);
}

void cluster::list_headphones() {
  for (const auto& each : some_headphones()) {
    events::catalog::event listed = events::catalog::headphone_listed{each};
    auto key = to_string(events::catalog::subject_of(listed));
    events::envelope head;
    head.id = {events::uuid_v5({}, key)};
    head.source = "simulation/seed";
    head.subject = key;
    head.time = world.now();
    head.partitionkey = key;
    log.append({std::string{events::topics::catalog}, {}, key, events::encode(std::move(head), listed), {}});
  }
}

std::optional<log_offset> cluster::commands_committed(partition_id partition) const {
  const auto* group = groups.find("sonicmatch.recommenders", std::string{events::topics::commands});
  return group ? group->committed(partition).committed : std::nullopt;
}

} // namespace sonicmatch::tests::simulation
