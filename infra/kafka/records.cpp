#include "infra/kafka/records.hpp"

namespace sonicmatch::infra::kafka {

using actors::ports::header;
using actors::ports::log_record;

namespace {

std::vector<header> headers_of(const rd_kafka_message_t& message) {
  std::vector<header> result;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return result;
  result.reserve(rd_kafka_header_cnt(headers));
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    result.emplace_back(name, value ? std::string{static_cast<const char*>(value), size} : std::string{});
  return result;
}

} // namespace

log_record record_of(const rd_kafka_message_t& message) {
  log_record result{
    .partition = {message.partition},
    .offset = {message.offset},
    .time = events::timestamp{std::chrono::milliseconds{rd_kafka_message_timestamp(&message, nullptr)}},
    .key = {},
    .value = std::nullopt,
    .headers = headers_of(message),
  };
  if (message.key)
    result.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload)
    result.value.emplace(static_cast<const char*>(message.payload), message.len);
  return result;
}

std::size_t cost_of(const log_record& record) noexcept {
  auto bytes = sizeof(record) + record.key.size() + (record.value ? record.value->size() : 0);
  for (const auto& [name, value] : record.headers)
    bytes += sizeof(header) + name.size() + value.size();
  return bytes;
}

} // namespace sonicmatch::infra::kafka
