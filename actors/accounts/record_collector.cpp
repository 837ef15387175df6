#include "actors/accounts/record_collector.hpp"

namespace sonicmatch::actors::accounts {

record_collector::behavior_type
record_collector_actor(record_collector::pointer, std::shared_ptr<ports::personal_record_reader> reader) {
  return {
    [reader](const collect_records& asked) {
      asked.answer(reader->find_records_of(asked.user, asked.count_max));
    },
  };
}

} // namespace sonicmatch::actors::accounts
