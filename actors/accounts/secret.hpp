#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sonicmatch::actors::accounts {

/// Overwrites a text before it is let go, in a way that no compiler leaves out.
void wipe(std::string& text) noexcept;

/// A password on its way: wiped when the last of its copies is gone, and never printed.
/// Copies share it; immutable, so that any thread may read it.
class secret {
public:
  /// Takes the text over; nothing of it is left in `text`.
  explicit secret(std::string&& text)
    : kept_(std::make_shared<const wiped>(std::move(text))) {}

  [[nodiscard]] std::string_view view() const noexcept {
    return kept_->text;
  }

private:
  struct wiped {
    explicit wiped(std::string&& from)
      : text(std::move(from)) {
      wipe(from); // a short text is copied, not moved
    }
    wiped(const wiped&) = delete;
    wiped& operator=(const wiped&) = delete;
    ~wiped() {
      wipe(text);
    }

    std::string text;
  };

  std::shared_ptr<const wiped> kept_;
};

} // namespace sonicmatch::actors::accounts
