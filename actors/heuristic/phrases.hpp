#pragma once

#include "actors/heuristic/vocabulary.hpp"
#include "events/catalog/headphone.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The small pieces English sentences are made of, and the choice between them.
namespace sonicmatch::actors::heuristic {

/// The parts one after the other.
[[nodiscard]] std::string concat(std::initializer_list<std::string_view> parts);
/// "$229", or "$199.95" when there are cents; thousands with a comma.
[[nodiscard]] std::string money(events::usd amount);
/// The same rounded to whole dollars, for prices that are estimates.
[[nodiscard]] std::string about_money(events::usd amount);
/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(std::span<const std::string> items);
/// "two" to "twelve" in words, other numbers in digits.
[[nodiscard]] std::string counted(int number);
/// "first" to "tenth" in words, "next" beyond.
[[nodiscard]] std::string_view ordinal(std::size_t rank) noexcept;
/// One decimal and the unit, "2.1 dB"; the sign is left out.
[[nodiscard]] std::string decibels(double amount);
/// A whole number where it is one, else one decimal: "6.5", "30".
[[nodiscard]] std::string number(double value);
/// "over-ear headphones", "in-ears".
[[nodiscard]] std::string_view plural(events::catalog::form_factor form) noexcept;
/// "an open", "a semi-open", "a closed".
[[nodiscard]] std::string_view with_article(events::catalog::back kind) noexcept;
/// A genre as a sentence names it: "hip-hop", "R&B".
[[nodiscard]] std::string_view shown(events::catalog::genre which) noexcept;
/// A use case as a sentence names it, after "for".
[[nodiscard]] std::string_view shown(events::catalog::use_case which) noexcept;
/// The first letter in upper case.
[[nodiscard]] std::string capitalised(std::string_view text);
/// "Sennheiser HD 560S"; a closing "Headphones" is left to the sentence.
[[nodiscard]] std::string full_name(const events::catalog::headphone& h);
/// The model alone where it can stand alone, else with its maker.
[[nodiscard]] std::string short_name(const events::catalog::headphone& h);
/// What it is, from the catalog's fields: "a pair of open, wired over-ear headphones".
[[nodiscard]] std::string kind_of(const events::catalog::headphone& h);
/// A score of 0 to 1 as a whole number out of 100.
[[nodiscard]] std::string hundredths(double score);

/// Chooses between phrasings by content, so that the same request always reads
/// the same and different ones differ. Not random: FNV-1a over what was given.
class phrase_choice {
public:
  explicit phrase_choice(std::uint64_t seed) noexcept
    : state_(seed) {}
  /// One of the options; the next call chooses anew.
  [[nodiscard]] std::string_view of(std::span<const std::string_view> options) noexcept;
  [[nodiscard]] std::size_t below(std::size_t count) noexcept;

private:
  std::uint64_t state_;
};

/// FNV-1a, 64 bits: a published, stable hash, so that texts do not change with
/// the standard library.
[[nodiscard]] std::uint64_t fnv1a(std::string_view text,
                                  std::uint64_t seed = 14695981039346656037ULL) noexcept;

} // namespace sonicmatch::actors::heuristic
