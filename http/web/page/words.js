// The catalog's words and numbers as people read them.

const names = {
  over_ear: 'over-ear', on_ear: 'on-ear', in_ear: 'in-ear',
  open: 'open', semi_open: 'semi-open', closed: 'closed',
  BA: 'balanced armature',
};

/** "hip_hop" as "hip hop". */
export function named(word) {
  return names[word] ?? word.replaceAll('_', ' ');
}

const dollars = new Intl.NumberFormat('en-US', {style: 'currency', currency: 'USD', maximumFractionDigits: 2, trailingZeroDisplay: 'stripIfInteger'});

/** "$1,299" */
export function money(usd) {
  return dollars.format(usd);
}

/** "+1.2 dB", "−0.5 dB" with a true minus. */
export function decibels(value) {
  const rounded = Math.abs(value).toFixed(1);
  if (rounded === '0.0') return '0 dB';
  return `${value < 0 ? '\u2212' : '+'}${rounded} dB`;
}

/** A score from 0 to 1 as a whole number of hundred. */
export function hundredths(score) {
  return String(Math.round(score * 100));
}

const counts = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

/** "Five picks", to begin a sentence with. */
export function counted(number, one, many) {
  return `${counts[number] ?? number} ${number === 1 ? one : many}`;
}

/** "240 g", "38 hours": what a headphone is, in a few words. */
export function facts(headphone) {
  const said = [named(headphone.form_factor), named(headphone.back)];
  said.push(headphone.wireless ? 'wireless' : 'wired');
  if (headphone.anc) said.push('noise cancelling');
  if (headphone.driver !== 'dynamic') said.push(named(headphone.driver));
  if (headphone.battery_hours) said.push(`${headphone.battery_hours} hours`);
  if (headphone.weight_g) said.push(`${headphone.weight_g} g`);
  if (headphone.impedance_ohm && !headphone.wireless) said.push(`${headphone.impedance_ohm} \u03a9`);
  if (headphone.release_year) said.push(`since ${headphone.release_year}`);
  return said;
}
