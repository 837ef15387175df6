#pragma once

#include "actors/ports/log.hpp"

#include <deque>
#include <optional>

namespace sonicmatch::actors {

using events::log_offset;

/// The commands of one partition between being read and being done with: what is
/// to be taken up next, and the watermark below which all are done. A command's
/// batch is held, and holds the reader back, until the command is done. Pure.
class command_ledger {
public:
  struct entry {
    log_offset offset;
    ports::batch_ptr batch;
    std::uint32_t index = 0; ///< into batch->records
    bool taken = false;
    bool done = false;
    std::optional<log_offset> event; ///< where the event that it led to is, once known

    [[nodiscard]] const ports::log_record& record() const {
      return batch->records[index];
    }
  };

  /// Everything before `next` is done with.
  explicit command_ledger(log_offset next = {})
    : watermark_(next) {}

  /// Adds a command. One at or below the newest known offset is a repeat, and is ignored.
  void add(ports::batch_ptr batch, std::uint32_t index);

  /// The first command that has not been taken, or nullptr. Stays the same until take().
  [[nodiscard]] const entry* front() const noexcept;

  /// Marks the front as taken.
  void take();

  /// Marks a taken command as done; `event` is where its first event is, if it led to one.
  void done(log_offset offset, std::optional<log_offset> event);

  /// Takes back all that is taken and not done: it will be at the front again.
  void rewind();

  /// The offset after the last command of the unbroken run of done ones.
  [[nodiscard]] log_offset watermark() const noexcept {
    return watermark_;
  }

  /// The lowest event of the commands that are done but above the watermark.
  [[nodiscard]] std::optional<log_offset> lowest_event() const noexcept;

  /// Commands that are not done.
  [[nodiscard]] std::size_t size() const noexcept {
    return entries_.size();
  }

private:
  std::deque<entry> entries_; ///< in order of offset; the first is not done
  std::size_t next_ = 0;      ///< index of the front
  log_offset watermark_;
};

} // namespace sonicmatch::actors
