#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::actors {

/// Where each part of the process says how it is, for the health routes.
/// Thread-safe. A part that has been announced and has not reported is not ready.
class health_board {
public:
  struct part {
    std::string name;
    bool ready = false;
    std::string detail;    ///< why not, or what there is to know
    bool degraded = false; ///< ready, and doing less than it was meant to
  };

  /// Announces a part that must report before the process is ready.
  void expect(std::string_view name, std::string_view detail) {
    report(name, false, detail);
  }

  /// Replaces what the part last said.
  void report(std::string_view name, bool ready, std::string_view detail = {}, bool degraded = false) {
    std::lock_guard guard{mutex_};
    parts_.insert_or_assign(std::string{name}, part{std::string{name}, ready, std::string{detail}, degraded});
  }

  [[nodiscard]] std::vector<part> parts() const {
    std::lock_guard guard{mutex_};
    std::vector<part> out;
    for (const auto& [name, each] : parts_)
      out.push_back(each);
    return out;
  }

  [[nodiscard]] bool ready() const {
    std::lock_guard guard{mutex_};
    for (const auto& [name, each] : parts_)
      if (!each.ready)
        return false;
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, part, std::less<>> parts_;
};

} // namespace sonicmatch::actors
