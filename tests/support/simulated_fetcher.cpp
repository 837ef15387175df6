#include "tests/support/simulated_fetcher.hpp"

namespace sonicmatch::tests {

namespace {

/// Of one fetch from one partition; mostly far fewer.
constexpr std::uint64_t records_max = 100;

std::size_t size_of(const ports::log_record& record) {
  return record.key.size() + (record.value ? record.value->size() : 0);
}

} // namespace

/// What a batch carries: gives the bytes back when the batch is dropped.
class simulated_fetcher::loan {
public:
  explicit loan(std::weak_ptr<simulated_fetcher> lender)
    : lender_(std::move(lender)) {}
  loan(const loan&) = delete;
  loan& operator=(const loan&) = delete;
  ~loan() {
    if (auto lender = lender_.lock())
      for (const auto& [partition, bytes] : shares)
        lender->give_back(partition, bytes);
  }

  std::map<partition_id, std::size_t> shares;

private:
  std::weak_ptr<simulated_fetcher> lender_;
};

simulated_fetcher::simulated_fetcher(simulated_world& world, simulated_log& log,
                                     std::shared_ptr<simulated_host> host, const simulated_network& network,
                                     std::string topic, sink out)
  : world_(world)
  , log_(log)
  , host_(std::move(host))
  , network_(network)
  , topic_(std::move(topic))
  , out_(std::move(out)) {}

void simulated_fetcher::start(partition_id partition, log_offset from) {
  auto& fresh = sources_[partition];
  fresh.next = from;
  fresh.told_end.reset();
  schedule();
}

void simulated_fetcher::stop(partition_id partition) {
  sources_.erase(partition);
}

void simulated_fetcher::close() {
  closed_ = true;
  sources_.clear();
}

void simulated_fetcher::schedule() {
  if (closed_ || !host_->alive || std::exchange(scheduled_, true))
    return;
  world_.after(world_.draw_delay(network_.delay_min, network_.delay_max), [weak = weak_from_this()] {
    if (auto self = weak.lock())
      self->fetch();
  });
}

void simulated_fetcher::fetch() {
  scheduled_ = false;
  if (closed_ || !host_->alive)
    return;
  auto keep = shared_from_this();
  for (auto& [partition, each] : sources_)
    each.next = std::max(each.next, log_.begin_of(topic_, partition));
  give_batch();
  if (!closed_ && host_->alive && out_.on_end)
    tell_ends();
  for (auto& [partition, each] : sources_) {
    if (has_news(partition, each)) {
      schedule();
    } else if (!each.held_back && !std::exchange(each.waiting, true)) {
      log_.on_growth(topic_, partition, [weak = weak_from_this(), where = partition] {
        if (auto self = weak.lock()) {
          if (auto found = self->sources_.find(where); found != self->sources_.end())
            found->second.waiting = false;
          self->schedule();
        }
      });
    }
  }
}

bool simulated_fetcher::has_news(partition_id partition, const source& from) const {
  auto end = log_.end_of(topic_, partition);
  return (from.next < end && !from.held_back) || (from.next == end && out_.on_end && from.told_end != end);
}

void simulated_fetcher::give_batch() {
  auto credit = std::make_shared<loan>(weak_from_this());
  auto batch = std::make_shared<ports::record_batch>();
  for (auto& [partition, each] : sources_) {
    if (each.held_back || (!batch->records.empty() && world_.chance(0.5)))
      continue;
    auto before = batch->records.size();
    collect(partition, each, batch->records);
    std::size_t bytes = 0;
    for (auto i = before; i < batch->records.size(); ++i)
      bytes += size_of(batch->records[i]);
    each.held_bytes += bytes;
    each.held_back = each.held_bytes >= held_bytes_max;
    credit->shares[partition] = bytes;
  }
  if (batch->records.empty())
    return;
  const auto& first = batch->records.front();
  auto label = "fetched " + std::to_string(batch->records.size()) + " of " + topic_ + ", the first "
               + to_string(log_position{first.partition, first.offset});
  batch->credit = std::move(credit);
  if (world_.io_point(*host_, label) && !closed_)
    out_.on_batch(std::move(batch));
}

void simulated_fetcher::collect(partition_id partition, source& from, std::vector<ports::log_record>& into) {
  const auto& records = log_.records(topic_, partition);
  auto first = static_cast<std::size_t>(from.next.value - log_.begin_of(topic_, partition).value);
  if (first >= records.size())
    return;
  auto count = 1 + world_.draw(world_.chance(0.2) ? records_max : 6);
  std::size_t bytes = from.held_bytes;
  for (auto i = first; i < records.size() && i < first + count && bytes < held_bytes_max; ++i) {
    into.push_back(records[i]);
    bytes += size_of(records[i]);
    from.next = records[i].offset.next();
  }
}

void simulated_fetcher::tell_ends() {
  for (auto& [partition, each] : sources_) {
    auto end = log_.end_of(topic_, partition);
    if (each.next != end || each.told_end == end || world_.chance(0.3))
      continue;
    each.told_end = end;
    return out_.on_end(partition, end); // the callback may close this, so one at a time
  }
}

void simulated_fetcher::give_back(partition_id partition, std::size_t bytes) {
  auto found = sources_.find(partition);
  if (found == sources_.end())
    return;
  auto& held = found->second;
  held.held_bytes -= std::min(held.held_bytes, bytes);
  if (held.held_back && held.held_bytes < held_bytes_max / 2) {
    held.held_back = false;
    schedule();
  }
}

} // namespace sonicmatch::tests
