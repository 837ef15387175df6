// A session as it ended: its picks, or what to change, or what went wrong.

import {element} from './elements.js';
import {pick} from './pick.js';
import {counted, hundredths, money} from './words.js';

/** Shows the session's document in `place`. `change` takes the relaxations that were chosen. */
export function showAnswer(place, session, {change, again}) {
  const parts = session.status === 'error' ? failed(session, again)
    : session.matches.length ? picked(session) : unmatched(session, change);
  place.replaceChildren(...parts.flat().filter(Boolean));
}

/** The answer as a sentence, for the live region. */
export function answerInWords(session) {
  if (session.status === 'error') return session.error.detail;
  const {matches} = session;
  if (!matches.length) return 'Nothing in the catalog meets all of this.';
  const {brand, model} = matches[0].headphone;
  return `${counted(matches.length, 'pick', 'picks')}. The first is the ${brand} ${model}.`;
}

function title(text) {
  return element('h2', {id: 'answer-title', tabindex: '-1'}, text);
}

function failed({error}, again) {
  return [title('No picks this time'), element('p', {class: 'lead'}, error.detail),
    element('button', {type: 'button', class: 'ask', onclick: again}, 'Try again')];
}

function picked(session) {
  const {matches, preferences = {}} = session;
  const wish = preferences.sound_preferences ?? {};
  return [
    element('div', {class: 'answer-head'}, title(counted(matches.length, 'pick', 'picks')), share()),
    origin(session), notes(session), element('ol', {class: 'lineup'}, matches.map(entry)),
    matches.map((match) => pick(session.session_id, match, wish)),
  ];
}

function entry({rank, headphone, overall_score}) {
  const bar = element('meter', {min: 0, max: 1, value: overall_score, 'aria-label': `Overall ${hundredths(overall_score)} of 100`});
  return element('li', {}, element('a', {href: `#pick-${rank}`, onclick: jump}, headphone.brand, ' ', headphone.model),
    bar, element('span', {class: 'figure', 'aria-hidden': 'true'}, hundredths(overall_score)),
    element('span', {class: 'figure price'}, money(headphone.price_usd)));
}

/** The fragment is the session's; so a pick is gone to without it. */
function jump(event) {
  event.preventDefault();
  const target = document.querySelector(event.currentTarget.getAttribute('href'));
  target.setAttribute('tabindex', '-1');
  target.focus({preventScroll: true});
  target.scrollIntoView();
}

function origin({engine, degraded, processing_time_ms: ms}) {
  const who = engine === 'heuristic' ? 'the built-in engine' : engine;
  const time = ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
  const text = `Chosen by ${who} in ${time}.`;
  return element('p', {class: 'origin'},
    degraded ? `${text} The language model could not answer, so the engine stood in for it.` : text);
}

function notes({notes: said}) {
  return said?.length > 0 && element('ul', {class: 'note'}, said.map((text) => element('li', {}, text)));
}

function share() {
  const said = element('span', {role: 'status', class: 'said'});
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = 'Copied.';
    } catch {
      said.textContent = 'Copy the address from the address bar.'; // no clipboard without https or leave
    }
  };
  return element('p', {class: 'share'}, said, element('button', {type: 'button', class: 'plain', onclick: copy}, 'Copy link'));
}

function unmatched(session, change) {
  const {relaxations = []} = session;
  const parts = [title('Nothing meets all of this'), notes(session)];
  if (!relaxations.length) return [...parts, element('p', {class: 'lead'}, 'Nothing in the catalog comes near these wishes.')];
  return [...parts,
    element('p', {class: 'lead'}, relaxations.length === 1 ? 'One change would help:' : 'What would help:'),
    element('ul', {class: 'changes'}, relaxations.map((one) => element('li', {},
      element('button', {type: 'button', onclick: () => change([one])}, one.detail)))),
    relaxations.length > 1 && element('p', {}, element('button', {type: 'button', class: 'plain', onclick: () => change(relaxations)}, 'Make all of these changes'))];
}

/** The wishes with the relaxations made; null in `suggested` drops the wish. */
export function relaxed(preferences, relaxations) {
  const changed = structuredClone(preferences);
  for (const {field, suggested} of relaxations) {
    const path = field.split('.');
    const last = path.pop();
    const holder = path.reduce((within, key) => (within[key] ??= {}), changed);
    if (suggested === null) delete holder[last];
    else holder[last] = suggested;
  }
  return changed;
}
