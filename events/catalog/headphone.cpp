#include "events/catalog/headphone.hpp"

namespace sonicmatch::events::catalog {

namespace {

bool well_formed_slug(std::string_view slug) {
  if (slug.empty() || slug.front() == '-' || slug.back() == '-')
    return false;
  for (auto c : slug)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
      return false;
  return true;
}

price_tier tier_of(usd msrp) {
  if (msrp.cents < 150'00)
    return price_tier::budget;
  if (msrp.cents < 300'00)
    return price_tier::mid;
  return msrp.cents <= 600'00 ? price_tier::premium : price_tier::flagship;
}

} // namespace

void headphone::check(const headphone& value, const std::string& at, record::violations& wrong) {
  if (!well_formed_slug(value.slug))
    wrong.push_back({at + "/slug", "wrong_format", "must be lower-case letters, digits and inner dashes"});
  if (value.sensitivity_db.has_value() != value.sensitivity_unit.has_value())
    wrong.push_back(
      {at + "/sensitivity_unit", "inconsistent", "must be given exactly when sensitivity_db is"});
  if (value.price_tier != tier_of(value.msrp_usd))
    wrong.push_back(
      {at + "/price_tier", "inconsistent",
       "must be " + std::string{record::name_of(tier_of(value.msrp_usd))} + " for that msrp_usd"});
}

headphone_view view_of(const headphone& from) {
  return {
    .id = from.id(),
    .slug = from.slug,
    .brand = from.brand,
    .model = from.model,
    .form_factor = from.form_factor,
    .back = from.back,
    .driver = from.driver,
    .wireless = from.wireless,
    .anc = from.anc,
    .microphone = from.microphone,
    .impedance_ohm = from.impedance_ohm,
    .weight_g = from.weight_g,
    .battery_hours = from.battery_hours,
    .release_year = from.release_year,
    .price_usd = from.price_usd,
    .msrp_usd = from.msrp_usd,
    .price_tier = from.price_tier,
    .sound_signature = from.sound_signature,
    .measured_by = from.sources.signature.measured_by,
    .genres = from.genres,
    .use_cases = from.use_cases,
    .pros = from.pros,
    .cons = from.cons,
  };
}

} // namespace sonicmatch::events::catalog
