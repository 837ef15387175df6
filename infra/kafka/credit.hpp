#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace sonicmatch::infra::kafka {

/// Counts the batches that were given out and are still held by somebody, so that
/// fetching can stop at a bound and go on at half of it.
///
/// Lent to by the one thread that reads; the loans come back on whatever thread
/// drops a batch, possibly after the reader has gone: each loan keeps the ledger.
class credit_ledger : public std::enable_shared_from_this<credit_ledger> {
public:
  struct limits {
    std::size_t batches_max;
    std::size_t bytes_max;
    std::size_t partition_bytes_max;
  };

  /// A partition's part in a batch.
  struct share {
    std::int32_t partition;
    std::size_t bytes;
  };

  /// `on_relief` is called, by the thread that drops a batch, when somebody asked
  /// for it with await_relief() and there is credit again.
  credit_ledger(limits bounds, std::function<void()> on_relief);

  /// Notes a batch as given out; it comes back when the result is destroyed.
  [[nodiscard]] std::shared_ptr<void> lend(std::vector<share> shares);

  /// Whether the bound, overall or of that partition, has been reached.
  [[nodiscard]] bool exhausted() const;
  [[nodiscard]] bool exhausted(std::int32_t partition) const;

  /// Whether less than half of the bounds is in use, overall and by that partition.
  [[nodiscard]] bool relieved(std::int32_t partition) const;

  /// Asks for one call of on_relief.
  void await_relief();

  /// No call of on_relief begins after this has returned.
  void disconnect();

private:
  void give_back(const std::vector<share>& shares);
  [[nodiscard]] std::size_t held_by(std::int32_t partition) const noexcept;

  const limits bounds_;
  mutable std::mutex guard_;
  std::function<void()> on_relief_;
  bool wanted_ = false;
  std::size_t batches_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::size_t> by_partition_;
};

} // namespace sonicmatch::infra::kafka
