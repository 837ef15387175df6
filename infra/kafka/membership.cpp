#include "infra/kafka/membership.hpp"

#include "infra/kafka/consumer.hpp"

namespace sonicmatch::infra::kafka {

membership::membership(settings values, actors::ports::logger& log)
  : settings_(std::move(values))
  , log_(log) {}

std::unique_ptr<actors::ports::group_consumer> membership::join(const std::string& group,
                                                                const std::string& topic,
                                                                actors::ports::group_consumer::sink out) {
  return std::make_unique<consumer>(settings_, group, topic, std::move(out), log_);
}

} // namespace sonicmatch::infra::kafka
