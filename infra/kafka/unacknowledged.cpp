#include "infra/kafka/unacknowledged.hpp"

#include <array>

namespace sonicmatch::infra::kafka {

using actors::ports::header;
using actors::ports::log_producer;
using actors::ports::new_record;

namespace {

/// Headers given to librdkafka as arguments; records with more go through a list.
constexpr std::size_t inline_headers = 8;

rd_kafka_vu_t header_argument(const header& one) {
  rd_kafka_vu_t result{};
  result.vtype = RD_KAFKA_VTYPE_HEADER;
  result.u.header.name = one.first.c_str();
  result.u.header.val = one.second.data();
  result.u.header.size = static_cast<ssize_t>(one.second.size());
  return result;
}

} // namespace

unacknowledged::~unacknowledged() {
  while (take_first()) {
  }
}

std::size_t unacknowledged::cost_of(const new_record& record) noexcept {
  auto bytes = sizeof(entry) + record.key.size() + record.value.size();
  for (const auto& [name, value] : record.headers)
    bytes += sizeof(header) + name.size() + value.size();
  return bytes;
}

unacknowledged::entry* unacknowledged::add(new_record record, log_producer::delivered on_delivery) {
  auto cost = cost_of(record);
  auto* one = new entry{std::move(record), std::move(on_delivery), cost, last_, nullptr};
  (last_ ? last_->after : first_) = one;
  last_ = one;
  ++count_;
  bytes_ += cost;
  return one;
}

unacknowledged::entry_ptr unacknowledged::take(entry* one) noexcept {
  (one->before ? one->before->after : first_) = one->after;
  (one->after ? one->after->before : last_) = one->before;
  --count_;
  bytes_ -= one->cost;
  return entry_ptr{one};
}

unacknowledged::entry_ptr unacknowledged::take_first() noexcept {
  return first_ ? take(first_) : nullptr;
}

rd_kafka_resp_err_t produce(rd_kafka_t* client, rd_kafka_topic_t* topic, unacknowledged::entry& entry) {
  auto& record = entry.record;
  std::array<rd_kafka_vu_t, 6 + inline_headers> arguments{};
  std::size_t n = 0;
  auto next = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    arguments[n].vtype = type;
    return arguments[n++];
  };
  next(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
  next(RD_KAFKA_VTYPE_PARTITION).u.i32 = record.partition.value;
  next(RD_KAFKA_VTYPE_OPAQUE).u.ptr = &entry;
  next(RD_KAFKA_VTYPE_KEY).u.mem = {record.key.data(), record.key.size()};
  next(RD_KAFKA_VTYPE_VALUE).u.mem = {record.value.data(), record.value.size()};
  rd_kafka_headers_t* list = nullptr;
  if (record.headers.size() <= inline_headers) {
    for (const auto& one : record.headers)
      arguments[n++] = header_argument(one);
  } else {
    list = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers)
      rd_kafka_header_add(list, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                          static_cast<ssize_t>(value.size()));
    next(RD_KAFKA_VTYPE_HEADERS).u.headers = list;
  }
  error_handle error{rd_kafka_produceva(client, arguments.data(), n)};
  if (!error)
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  if (list)
    rd_kafka_headers_destroy(list);
  // A fatal error comes with the code of what led to it.
  return rd_kafka_error_is_fatal(error.get()) ? RD_KAFKA_RESP_ERR__FATAL : rd_kafka_error_code(error.get());
}

} // namespace sonicmatch::infra::kafka
