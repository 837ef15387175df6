#include "events/codec.hpp"
#include "events/error.hpp"
#include "infra/kafka/producer.hpp"
#include "infra/kafka/reader.hpp"
#include "infra/kafka/topics.hpp"
#include "infra/logging/stream_logger.hpp"
#include "infra/system/system_ports.hpp"
#include "infra/verbs/verbs.hpp"
#include "infra/wiring/process.hpp"
#include "seeds/catalog_file.hpp"

#include <future>
#include <iostream>
#include <mutex>

namespace sonicmatch::infra {

namespace {

namespace catalog = events::catalog;

constexpr std::chrono::seconds read_patience{30};
constexpr std::chrono::seconds write_patience{30};

struct seed_arguments {
  bool append = false;
  std::string file = "seeds/headphones.json";
};

std::optional<seed_arguments> read_arguments(const std::vector<std::string>& words) {
  seed_arguments out;
  bool file_given = false;
  for (const auto& word : words) {
    if (word == "--append")
      out.append = true;
    else if (!word.starts_with("-") && !std::exchange(file_given, true))
      out.file = word;
    else
      return std::nullopt;
  }
  return out;
}

/// The catalog as the topic has it now.
caf::expected<catalog::state> read_topic(actors::ports::log_reader& reader) {
  catalog::state current;
  std::promise<void> done;
  bool ended = false; // by the reader's thread only
  auto wrong = std::make_shared<caf::error>();
  auto subscription = reader.follow(std::string{events::topics::catalog}, {}, {},
                                    {[&](const actors::ports::batch_ptr& batch) {
                                       for (const auto& record : batch->records) {
                                         auto decoded =
                                           record.value
                                             ? events::decode_catalog_event(*record.value)
                                             : caf::expected<events::message<catalog::event>>{caf::error{}};
                                         if (decoded)
                                           catalog::evolve(current, std::move(decoded->body));
                                         else if (record.value)
                                           *wrong = decoded.error();
                                       }
                                     },
                                     [&](events::partition_id, events::log_offset) {
                                       if (!std::exchange(ended, true))
                                         done.set_value();
                                     },
                                     [](const caf::error&) {}});
  if (done.get_future().wait_for(read_patience) != std::future_status::ready)
    return events::make_error(events::errc::log_unavailable, "the catalog topic could not be read in 30 s");
  subscription.reset();
  if (*wrong)
    std::cerr << "sonicmatch seed: a record of the catalog topic cannot be read and is replaced: "
              << events::describe(*wrong) << '\n';
  return current;
}

actors::ports::new_record record_of(const catalog::event& happened, const actors::ports::clock& clock,
                                    actors::ports::entropy& entropy, events::correlation_id correlation) {
  auto now = clock.now();
  events::envelope head;
  head.id = {events::uuid_v7(now, entropy.draw())};
  head.source = "sonicmatch/seed";
  head.subject = to_string(subject_of(happened));
  head.time = now;
  head.correlationid = correlation;
  head.partitionkey = head.subject;
  actors::ports::new_record out{
    .topic = std::string{events::topics::catalog},
    .partition = {},
    .key = head.subject,
    .value = {},
    .headers = {{std::string{events::headers::content_type}, std::string{events::cloudevents_content_type}},
                {std::string{events::headers::type}, std::string{events::type_of(happened)}}}};
  out.value = events::encode(std::move(head), happened);
  return out;
}

/// Appends them all; the first failure, if there is one.
caf::error append_all(kafka::producer& producer, const std::vector<catalog::event>& all) {
  system_clock clock;
  system_entropy entropy;
  events::correlation_id correlation{events::uuid_v7(clock.now(), entropy.draw())};
  std::mutex mutex;
  caf::error first;
  for (const auto& each : all)
    producer.append(record_of(each, clock, entropy, correlation), [&](const auto& where) {
      std::lock_guard guard{mutex};
      if (!where && !first)
        first = where.error();
    });
  if (!producer.flush(write_patience))
    return events::make_error(events::errc::log_unavailable, "Kafka did not take every record in 30 s");
  std::lock_guard guard{mutex};
  return first;
}

void tell(const std::vector<catalog::event>& changes, std::size_t total) {
  std::array<std::size_t, 3> counts{};
  for (const auto& each : changes)
    ++counts[each.index()];
  std::cout << "seeded: " << counts[0] << " listed, " << counts[1] << " revised, " << counts[2]
            << " retired; " << total << " in the file\n";
}

caf::error seed_catalog(const configuration& values, const seed_arguments& asked,
                        termination_signals& signals) {
  auto wanted = seeds::read_catalog(asked.file);
  if (!wanted)
    return std::move(wanted.error());
  auto logger = make_stream_logger(log_format::text, actors::ports::severity::warning);
  auto settings = kafka_settings_of(values);
  settings.group.instance_id.clear();
  if (auto failed = kafka::wait_for_broker(settings, *logger, [&] { return signals.arrived(); }))
    return failed;
  if (auto failed = kafka::ensure_topics(settings, *logger))
    return failed;
  auto reader = kafka::reader::open(settings, *logger);
  if (!reader)
    return std::move(reader.error());
  auto current = read_topic(**reader);
  if (!current)
    return std::move(current.error());
  auto changes = catalog::decide(*current, *wanted, !asked.append);
  auto producer = kafka::producer::open(settings, *logger);
  if (!producer)
    return std::move(producer.error());
  if (auto failed = append_all(**producer, changes))
    return failed;
  tell(changes, wanted->size());
  return {};
}

} // namespace

int seed(const configuration& values, const std::vector<std::string>& arguments,
         termination_signals& signals) {
  auto asked = read_arguments(arguments);
  if (!asked) {
    std::cerr << "usage: sonicmatch seed [--append] [FILE]\n";
    return 2;
  }
  auto failed = seed_catalog(values, *asked, signals);
  if (!failed)
    return 0;
  std::cerr << "sonicmatch seed: " << events::detail_of(failed) << '\n';
  return 1;
}

} // namespace sonicmatch::infra
