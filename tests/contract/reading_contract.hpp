#pragma once

#include "events/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/log_observers.hpp"

#include <algorithm>
#include <utility>
#include <vector>

/// The part of the log's contract that is about appending and following. See
/// log_contract.hpp.
namespace sonicmatch::tests::contract {

using events::errc;
using events::log_offset;
using events::partition_id;

/// Appends and waits until all are durable; the values are 0, 1, 2...
template <class Fixture>
void append_numbers(Fixture& log, const std::string& topic, std::int32_t partition, std::size_t count,
                    std::size_t first = 0, std::size_t padding = 0) {
  deliveries told;
  for (std::size_t i = first; i < first + count; ++i)
    log.producer().append({.topic = topic,
                           .partition = {partition},
                           .key = "key",
                           .value = std::to_string(i) + std::string(padding, '.'),
                           .headers = {}},
                          told.callback());
  REQUIRE(told.await(count));
  for (const auto& one : told.all())
    REQUIRE(one);
}

/// The values' numbers, as append_numbers made them.
inline std::vector<int> numbers_of(const std::vector<ports::log_record>& records) {
  std::vector<int> result;
  for (const auto& one : records)
    result.push_back(std::stoi(*one.value));
  return result;
}

inline std::vector<int> numbers(int from, int to) {
  std::vector<int> result;
  for (auto i = from; i < to; ++i)
    result.push_back(i);
  return result;
}

template <class Fixture>
void delivery_says_where_a_record_is(Fixture& log) {
  auto topic = log.new_topic(2);
  deliveries told;
  constexpr std::size_t count = 500;
  for (std::size_t i = 0; i < count; ++i)
    log.producer().append({topic, {1}, "k", std::to_string(i), {}}, told.callback());
  REQUIRE(told.await(count));
  auto all = told.all();
  for (std::size_t i = 0; i < count; ++i) {
    REQUIRE(all[i]);
    REQUIRE(all[i]->partition == partition_id{1});
    REQUIRE(all[i]->offset == log_offset{static_cast<std::int64_t>(i)});
  }
}

template <class Fixture>
void records_are_read_as_written_and_in_order(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 1'000);
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {0}, seen.sink());
  REQUIRE(seen.await_records(1'000));
  auto records = seen.records();
  REQUIRE(numbers_of(records) == numbers(0, 1'000));
  for (std::size_t i = 0; i < records.size(); ++i)
    REQUIRE(records[i].offset.value == static_cast<std::int64_t>(i));
  REQUIRE(records[0].key == "key");
  REQUIRE(records[0].time.time_since_epoch().count() > 0);
}

template <class Fixture>
void headers_and_odd_bytes_survive(Fixture& log) {
  auto topic = log.new_topic(1);
  std::vector<ports::header> many;
  for (auto i = 0; i < 12; ++i)
    many.emplace_back("h" + std::to_string(i), std::string(static_cast<std::size_t>(i), '\0'));
  deliveries told;
  log.producer().append({topic, {0}, "", "", {}}, told.callback());
  log.producer().append({topic, {0}, std::string("\0k", 2), std::string("\xff\0v", 3), many},
                        told.callback());
  REQUIRE(told.await(2));
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {0}, seen.sink());
  REQUIRE(seen.await_records(2));
  auto records = seen.records();
  REQUIRE(records[0].key.empty());
  REQUIRE(records[0].value == std::optional<std::string>{""});
  REQUIRE(records[0].headers.empty());
  REQUIRE(records[1].key == std::string("\0k", 2));
  REQUIRE(records[1].value == std::string("\xff\0v", 3));
  REQUIRE(records[1].headers == many);
  REQUIRE(records[1].header_value("h3") == std::string_view("\0\0\0", 3));
  REQUIRE(records[1].header_value("none").empty());
}

template <class Fixture>
void a_tombstone_has_no_value(Fixture& log) {
  auto topic = log.new_topic(1);
  log.append_tombstone(topic, 0, "gone");
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {0}, seen.sink());
  REQUIRE(seen.await_records(1));
  REQUIRE(seen.records()[0].key == "gone");
  REQUIRE_FALSE(seen.records()[0].value);
}

template <class Fixture>
void following_begins_in_the_middle(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 100);
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {60}, seen.sink());
  REQUIRE(seen.await_end(100));
  REQUIRE(numbers_of(seen.records()) == numbers(60, 100));
}

template <class Fixture>
void following_from_before_retention_begins_at_the_earliest(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 100);
  log.remove_before(topic, 0, 40);
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {3}, seen.sink());
  REQUIRE(seen.await_end(100));
  REQUIRE(numbers_of(seen.records()) == numbers(40, 100));
}

template <class Fixture>
void the_end_is_told_each_time_it_is_reached(Fixture& log) {
  auto topic = log.new_topic(1);
  reading seen;
  auto subscription = log.reader().follow(topic, {0}, {0}, seen.sink());
  REQUIRE(seen.await_end(0));
  append_numbers(log, topic, 0, 10);
  REQUIRE(seen.await_end(10));
  REQUIRE(seen.records().size() == 10);
  append_numbers(log, topic, 0, 1, 10);
  REQUIRE(seen.await_end(11));
  REQUIRE(seen.records().size() == 11);
}

template <class Fixture>
void a_dropped_subscription_is_silent(Fixture& log) {
  auto topic = log.new_topic(2);
  constexpr std::size_t count = 5'000; // many batches, so that it is dropped among them
  append_numbers(log, topic, 0, count, 0, 100);
  reading dropped;
  reading other;
  auto first = log.reader().follow(topic, {0}, {0}, dropped.sink());
  REQUIRE(dropped.await_records(1));
  first.reset();
  auto seen = dropped.records().size();
  auto second = log.reader().follow(topic, {1}, {0}, other.sink());
  append_numbers(log, topic, 0, 5, count);
  append_numbers(log, topic, 1, 5);
  REQUIRE(other.await_records(5));
  REQUIRE(dropped.records().size() == seen);

  reading again; // and the partition can be followed anew
  first = log.reader().follow(topic, {0}, {count + 3}, again.sink());
  REQUIRE(again.await_end(count + 5));
  REQUIRE(again.records().size() == 2);
}

template <class Fixture>
void a_subscription_may_be_dropped_by_its_own_callback(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 3);
  auto seen = std::make_shared<observed<int>>();
  auto subscription = std::make_shared<observed<std::unique_ptr<ports::log_reader::subscription>>>();
  ports::log_reader::sink out;
  out.on_end = [=](partition_id, log_offset) {
    auto gone = subscription->change([](auto& one) { return std::move(one); });
    gone.reset();
    seen->change([](int& count) { ++count; });
  };
  subscription->change([&](auto& one) { one = log.reader().follow(topic, {0}, {0}, std::move(out)); });
  REQUIRE(seen->await([](int count) { return count == 1; }));
  append_numbers(log, topic, 0, 1);
  reading after;
  auto next = log.reader().follow(topic, {0}, {0}, after.sink());
  REQUIRE(after.await_end(4));
  REQUIRE(seen->now() == 1);
}

template <class Fixture>
void a_partition_can_be_followed_twice(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 50);
  reading tail;
  reading rebuild;
  auto first = log.reader().follow(topic, {0}, {50}, tail.sink());
  REQUIRE(tail.await_end(50));
  auto second = log.reader().follow(topic, {0}, {0}, rebuild.sink());
  REQUIRE(rebuild.await_end(50));
  REQUIRE(rebuild.records().size() == 50);
  append_numbers(log, topic, 0, 5, 50);
  REQUIRE(tail.await_records(5));
  REQUIRE(rebuild.await_records(55));
  REQUIRE(tail.records().size() == 5);
}

template <class Fixture>
void held_batches_stop_the_reading_of_their_partition_alone(Fixture& log) {
  auto topic = log.new_topic(2);
  constexpr std::size_t size = 1'000;
  constexpr auto count = 3 * Fixture::held_bytes_max / size;
  append_numbers(log, topic, 0, count, 0, size);
  reading seen;
  reading other;
  seen.hold();
  auto subscription = log.reader().follow(topic, {0}, {0}, seen.sink());
  auto beside = log.reader().follow(topic, {1}, {0}, other.sink());
  REQUIRE(seen.await_records(1));
  REQUIRE_FALSE(seen.await_records(count, std::chrono::milliseconds{500}));
  append_numbers(log, topic, 1, 1);
  REQUIRE(other.await_records(1));
  seen.let_go();
  REQUIRE(seen.await_records(count));
  REQUIRE(numbers_of(seen.records()) == numbers(0, static_cast<int>(count)));
}

template <class Fixture>
void the_end_can_be_asked_for(Fixture& log) {
  auto topic = log.new_topic(2);
  append_numbers(log, topic, 1, 7);
  observed<std::vector<caf::expected<log_offset>>> answers;
  for (auto partition : {0, 1})
    log.reader().find_end(topic, {partition}, patience,
                          [&](auto found) { answers.change([&](auto& all) { all.push_back(found); }); });
  REQUIRE(answers.await([](const auto& all) { return all.size() == 2; }));
  auto all = answers.now();
  REQUIRE(all[0]);
  REQUIRE(all[1]);
  std::vector<std::int64_t> ends{all[0]->value, all[1]->value};
  std::sort(ends.begin(), ends.end());
  REQUIRE(ends == std::vector<std::int64_t>{0, 7});
}

} // namespace sonicmatch::tests::contract
