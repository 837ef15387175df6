#include "http/routes/page_cache.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace sonicmatch::http;
using namespace std::chrono_literals;

namespace {

const page_cache::time_point start{};

page_cache::page page(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

} // namespace

TEST_CASE("a page is found by query and catalog version", "[http][page_cache]") {
  page_cache cache;
  auto first = page("first");
  cache.put("a=1", 7, first, start);
  CHECK(cache.find("a=1", 7, start) == first);
  CHECK(cache.find("a=2", 7, start) == nullptr);
  CHECK(cache.find("a=1", 8, start) == nullptr);
  CHECK(cache.find("a=1", 6, start) == nullptr);
}

TEST_CASE("a page is kept for ten minutes", "[http][page_cache]") {
  page_cache cache;
  cache.put("a", 1, page("x"), start);
  CHECK(cache.find("a", 1, start + 10min));
  CHECK_FALSE(cache.find("a", 1, start + 10min + 1ms));
  cache.put("a", 1, page("y"), start + 11min);
  REQUIRE(cache.find("a", 1, start + 12min));
  CHECK(*cache.find("a", 1, start + 12min) == "y");
}

TEST_CASE("a new catalog drops every page of the old one", "[http][page_cache]") {
  page_cache cache;
  cache.put("a", 1, page("old"), start);
  cache.put("b", 2, page("new"), start);
  CHECK_FALSE(cache.find("a", 1, start));
  CHECK_FALSE(cache.find("a", 2, start));
  CHECK(cache.find("b", 2, start));
}

TEST_CASE("a page of an old catalog that comes late is not kept", "[http][page_cache]") {
  page_cache cache;
  cache.put("b", 2, page("new"), start);
  cache.put("a", 1, page("old"), start);
  CHECK_FALSE(cache.find("a", 1, start));
  CHECK(cache.find("b", 2, start));
}

TEST_CASE("the oldest pages leave when there are too many bytes", "[http][page_cache]") {
  page_cache cache{5'000};
  for (int i = 0; i < 20; ++i)
    cache.put(std::to_string(i), 1, page(std::string(800, 'x')), start);
  CHECK_FALSE(cache.find("0", 1, start));
  CHECK_FALSE(cache.find("14", 1, start));
  CHECK(cache.find("16", 1, start));
  CHECK(cache.find("19", 1, start));
}

TEST_CASE("a page put again counts once", "[http][page_cache]") {
  page_cache cache{5'000};
  cache.put("kept", 1, page(std::string(800, 'x')), start);
  for (int i = 0; i < 100; ++i)
    cache.put("again", 1, page(std::string(800, 'x')), start);
  CHECK(cache.find("kept", 1, start));
  CHECK(cache.find("again", 1, start));
}

TEST_CASE("a page larger than the cache is not kept, and harms nothing", "[http][page_cache]") {
  page_cache cache{1'000};
  cache.put("big", 1, page(std::string(2'000, 'x')), start);
  CHECK_FALSE(cache.find("big", 1, start));
  cache.put("small", 1, page("x"), start);
  CHECK(cache.find("small", 1, start));
}

TEST_CASE("several threads use one page cache", "[http][page_cache]") {
  page_cache cache{20'000};
  std::atomic<int> found = 0;
  std::vector<std::thread> workers;
  for (int n = 0; n < 4; ++n)
    workers.emplace_back([&, n] {
      for (int i = 0; i < 2'000; ++i) {
        auto key = std::to_string((i + n) % 50);
        auto version = i / 500;
        cache.put(key, version, page(key + std::string(300, 'x')), start);
        if (auto hit = cache.find(key, version, start); hit && hit->starts_with(key))
          ++found;
      }
    });
  for (auto& each : workers)
    each.join();
  CHECK(found > 0);
}
