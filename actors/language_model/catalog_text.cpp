#include "actors/language_model/catalog_text.hpp"

#include "actors/language_model/figures.hpp"
#include "actors/language_model/plain_text.hpp"
#include "events/record/declaration.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

namespace {

using events::catalog::headphone;
using events::record::name_of;

constexpr std::string_view header =
  "slug|name|price|form|back|driver|features|bass mids treble soundstage detail|genres|use cases\n";
constexpr std::size_t name_bytes_max = 160;
constexpr std::size_t line_bytes_usual = 170;

/// A score of 0 to 1 with two decimals and no leading zero, as ".32".
void add_score(std::string& out, double score) {
  auto hundredths = hundredths_of(score);
  if (hundredths == 100) {
    out += '1';
    return;
  }
  out += '.';
  out += static_cast<char>('0' + hundredths / 10);
  out += static_cast<char>('0' + hundredths % 10);
}

void add_sound(std::string& out, const headphone& h) {
  const auto& sound = h.sound_signature;
  for (auto score : {sound.bass, sound.mids, sound.treble, sound.soundstage, sound.detail}) {
    add_score(out, score);
    out += ' ';
  }
  if (h.measured.confidence == events::catalog::confidence::low)
    out += "unsure";
  else
    out.pop_back();
}

void add_features(std::string& out, const headphone& h) {
  out += h.wireless ? "wireless" : "wired";
  out += h.anc ? " anc" : "";
  out += h.microphone ? " mic" : "";
}

template <class Enum>
void add_names(std::string& out, const std::vector<Enum>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += i == 0 ? "" : " ";
    out += name_of(all[i]);
  }
}

/// Nothing in a column may look like the end of one.
std::string in_column(std::string_view text) {
  auto out = as_data(text, name_bytes_max);
  std::replace(out.begin(), out.end(), '|', '/');
  return out;
}

void add_line(std::string& out, const headphone& h) {
  out += h.slug;
  out += '|';
  out += in_column(h.brand + " " + h.model);
  out += '|';
  out += std::to_string((h.price_usd.cents + 50) / 100);
  for (auto word : {name_of(h.form_factor), name_of(h.back), name_of(h.driver)}) {
    out += '|';
    out += word;
  }
  out += '|';
  add_features(out, h);
  out += '|';
  add_sound(out, h);
  out += '|';
  add_names(out, h.genres);
  out += '|';
  add_names(out, h.use_cases);
  out += '\n';
}

} // namespace

std::string catalog_text(const events::catalog::snapshot& catalog) {
  std::string out{header};
  out.reserve(header.size() + catalog.all().size() * line_bytes_usual);
  for (const auto& each : catalog.all())
    add_line(out, each);
  return out;
}

} // namespace sonicmatch::actors::language_model
