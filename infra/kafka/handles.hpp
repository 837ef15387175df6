#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

/// librdkafka's objects as owning pointers.
namespace sonicmatch::infra::kafka {

template <auto Destroy>
struct destroyer {
  template <class T>
  void operator()(T* object) const noexcept {
    Destroy(object);
  }
};

template <class T, auto Destroy>
using handle = std::unique_ptr<T, destroyer<Destroy>>;

/// A client. Destroying it waits for its threads.
using client_handle = handle<rd_kafka_t, rd_kafka_destroy>;
using conf_handle = handle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using topic_handle = handle<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using queue_handle = handle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using event_handle = handle<rd_kafka_event_t, rd_kafka_event_destroy>;
using message_handle = handle<rd_kafka_message_t, rd_kafka_message_destroy>;
using error_handle = handle<rd_kafka_error_t, rd_kafka_error_destroy>;
using partitions_handle = handle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using admin_options_handle = handle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using new_topic_handle = handle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using config_resource_handle = handle<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

} // namespace sonicmatch::infra::kafka
