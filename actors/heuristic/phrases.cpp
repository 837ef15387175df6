#include "actors/heuristic/phrases.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

namespace sonicmatch::actors::heuristic {

namespace {

/// Tenths as text: 21 gives "2.1".
std::string tenths(std::int64_t amount) {
  return std::to_string(amount / 10) + "." + std::to_string(amount % 10);
}

/// A model's name without the word that every model could carry.
std::string_view stem_of(std::string_view model) {
  constexpr std::string_view tail = " Headphones";
  if (model.size() > tail.size() && model.ends_with(tail))
    model.remove_suffix(tail.size());
  return model;
}

} // namespace

std::string concat(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto part : parts)
    size += part.size();
  std::string out;
  out.reserve(size);
  for (auto part : parts)
    out += part;
  return out;
}

std::string_view ordinal(std::size_t rank) noexcept {
  constexpr std::array<std::string_view, 11> words{"next",  "first",   "second", "third", "fourth", "fifth",
                                                   "sixth", "seventh", "eighth", "ninth", "tenth"};
  return rank < words.size() ? words[rank] : words[0];
}

std::string about_money(events::usd amount) {
  return money({(amount.cents + 50) / 100 * 100});
}

std::string money(events::usd amount) {
  auto digits = std::to_string(amount.cents / 100);
  std::string out = "$";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0)
      out += ',';
    out += digits[i];
  }
  if (auto rest = amount.cents % 100; rest != 0) {
    out += rest < 10 ? ".0" : ".";
    out += std::to_string(rest);
  }
  return out;
}

std::string listed(std::span<const std::string> items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0)
      out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

std::string counted(int value) {
  constexpr std::array<std::string_view, 13> words{
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"};
  if (value >= 0 && value < static_cast<int>(words.size()))
    return std::string{words[static_cast<std::size_t>(value)]};
  return std::to_string(value);
}

std::string decibels(double amount) {
  return tenths(std::llround(std::abs(amount) * 10)) + " dB";
}

std::string number(double value) {
  auto in_tenths = std::llround(value * 10);
  return in_tenths % 10 == 0 ? std::to_string(in_tenths / 10) : tenths(in_tenths);
}

std::string_view plural(events::catalog::form_factor form) noexcept {
  constexpr std::array<std::string_view, 3> words{"over-ear headphones", "on-ear headphones", "in-ears"};
  return words[static_cast<std::size_t>(form)];
}

std::string_view with_article(events::catalog::back kind) noexcept {
  constexpr std::array<std::string_view, 3> words{"an open", "a semi-open", "a closed"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view shown(events::catalog::genre which) noexcept {
  constexpr std::array<std::string_view, genre_count> words{
    "classical", "jazz", "acoustic music",   "vocal music", "rock",       "metal", "pop",
    "hip-hop",   "R&B",  "electronic music", "indie",       "soundtracks"};
  return words[static_cast<std::size_t>(which)];
}

std::string_view shown(events::catalog::use_case which) noexcept {
  constexpr std::array<std::string_view, use_case_count> words{
    "critical listening", "gaming",   "commuting",  "studio work",
    "everyday listening", "exercise", "the office", "travel"};
  return words[static_cast<std::size_t>(which)];
}

std::string capitalised(std::string_view text) {
  std::string out{text};
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

std::string full_name(const events::catalog::headphone& h) {
  return h.brand + " " + std::string{stem_of(h.model)};
}

std::string short_name(const events::catalog::headphone& h) {
  auto stem = stem_of(h.model);
  bool alone = stem.size() > 3 && !stem.starts_with("x ");
  return alone ? std::string{stem} : full_name(h);
}

std::string kind_of(const events::catalog::headphone& h) {
  using namespace events::catalog;
  if (h.driver == driver::bone_conduction)
    return h.wireless ? "a wireless bone-conduction headset" : "a bone-conduction headset";
  std::string connection = h.wireless ? "wireless" : "wired";
  if (h.form_factor == form_factor::in_ear) {
    if (h.back == back::open)
      return std::string{h.wireless ? "a pair of wireless" : "a pair of wired"}
             + (h.anc ? ", noise-cancelling" : "") + " open earbuds";
    if (h.wireless)
      return h.anc ? "a pair of wireless, noise-cancelling earbuds" : "a pair of wireless earbuds";
    return "a pair of wired in-ears";
  }
  std::string text = h.anc                    ? "a noise-cancelling, " + connection
                     : h.back == back::open   ? "an open, " + connection
                     : h.back == back::closed ? "a closed, " + connection
                                              : "a semi-open, " + connection;
  if (h.driver == driver::planar)
    text += " planar";
  return text + (h.form_factor == form_factor::over_ear ? " over-ear headphone" : " on-ear headphone");
}

std::string hundredths(double score) {
  return std::to_string(std::lround(score * 100));
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t seed) noexcept {
  auto hash = seed;
  for (auto c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash;
}

std::size_t phrase_choice::below(std::size_t count) noexcept {
  // The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every bit counts.
  state_ += 0x9E3779B97F4A7C15ULL;
  auto mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  mixed ^= mixed >> 31;
  return count == 0 ? 0 : static_cast<std::size_t>(mixed % count);
}

std::string_view phrase_choice::of(std::span<const std::string_view> options) noexcept {
  return options.empty() ? std::string_view{} : options[below(options.size())];
}

} // namespace sonicmatch::actors::heuristic
