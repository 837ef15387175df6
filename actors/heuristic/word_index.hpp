#pragma once

#include "actors/heuristic/folding.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::actors::heuristic {

/// How many letters must change to make one folded word of the other; counts no
/// further than `limit` + 1 (Levenshtein).
[[nodiscard]] std::size_t edits_between(std::string_view one, std::string_view other, std::size_t limit);

/// A vocabulary by folded word. `Entry` has a `word` (any spelling) and a flag
/// `whole_only`: whether it counts only when nothing else is said beside it.
/// Built once from a constant table, then only read.
template <class Entry>
class word_index {
public:
  explicit word_index(std::span<const Entry> table) {
    entries_.reserve(table.size());
    for (const auto& entry : table)
      entries_.emplace_back(fold_together(entry.word), &entry);
    std::sort(entries_.begin(), entries_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  /// The entry that is spelled like `folded`, which has no spaces.
  [[nodiscard]] const Entry* find(std::string_view folded) const {
    auto at = std::lower_bound(entries_.begin(), entries_.end(), folded,
                               [](const auto& entry, std::string_view key) { return entry.first < key; });
    return at != entries_.end() && at->first == folded ? at->second : nullptr;
  }

  /// The entry for `text`, or else for the longest run of whole words in it; among
  /// equally long ones the last, because the last word of an English term is its
  /// kind ("melodic death metal"), or the first when `first_wins`.
  [[nodiscard]] const Entry* find_within(std::string_view text, bool first_wins) const {
    auto words = fold(text);
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < words.size() && parts.size() < 10;) {
      auto end = std::min(words.find(' ', at), words.size());
      parts.push_back(std::string_view{words}.substr(at, end - at));
      at = end + 1;
    }
    for (auto length = parts.size(); length > 0; --length)
      for (std::size_t step = 0; step + length <= parts.size(); ++step) {
        auto start = first_wins ? step : parts.size() - length - step;
        std::string run;
        for (std::size_t i = start; i < start + length; ++i)
          run += parts[i];
        const auto* found = find(run);
        if (found != nullptr && (length == parts.size() || !found->whole_only))
          return found;
      }
    return nullptr;
  }

  /// The entry a slip of the finger away from `text`; nullptr when none is near.
  [[nodiscard]] const Entry* nearest(std::string_view text) const {
    auto wanted = fold_together(text);
    if (wanted.size() < 4 || wanted.size() > 32)
      return nullptr;
    std::size_t limit = wanted.size() < 8 ? 1 : 2;
    const Entry* best = nullptr;
    for (const auto& [word, entry] : entries_) {
      auto longer = std::max(word.size(), wanted.size());
      auto shorter = std::min(word.size(), wanted.size());
      if (longer - shorter > limit)
        continue;
      auto edits = edits_between(wanted, word, limit);
      if (edits <= limit) {
        best = entry;
        if (edits == 1)
          break;
        limit = edits - 1;
      }
    }
    return best;
  }

private:
  std::vector<std::pair<std::string, const Entry*>> entries_;
};

} // namespace sonicmatch::actors::heuristic
