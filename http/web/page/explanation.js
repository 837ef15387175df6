// "Why this one?": a pick's explanation, asked for when it is wanted.

import {Problem, ask} from './api.js';
import {element} from './elements.js';
import {inWords} from './problems.js';

const attempts_max = 60;
const breath_max = 420; // characters

/** The button and the place where the answer appears. */
export function explanation(session, headphone, name) {
  const place = element('div', {class: 'why', id: `why-${headphone.id}`, 'aria-live': 'polite', hidden: true});
  const button = element('button', {type: 'button', class: 'plain strong', 'aria-expanded': 'false', 'aria-controls': place.id},
    'Why this one?', element('span', {class: 'unseen'}, ` ${name}`));
  let known = false, asking = false;

  button.addEventListener('click', async () => {
    place.hidden = !place.hidden;
    button.setAttribute('aria-expanded', String(!place.hidden));
    if (place.hidden || known || asking) return;
    asking = true;
    place.replaceChildren(element('p', {class: 'waiting'}, 'Looking into it\u2026'));
    try {
      place.replaceChildren(...shown(await explained(session, headphone.id)));
      known = true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      place.replaceChildren(element('p', {class: 'bad'}, inWords(problem)));
    } finally {
      asking = false;
    }
  });
  return {button, place};
}

/** Asks until it is made; the server holds each question for as long as it can. */
async function explained(session_id, headphone_id) {
  for (let attempt = 0; attempt < attempts_max; ++attempt) {
    const {status, document} = await ask('POST', 'explain', {session_id, headphone_id});
    if (status !== 202) return document;
    await new Promise((done) => setTimeout(done, 1000));
  }
  throw new Problem({status: 504, code: 'too_late', detail: 'No explanation came in time. Ask again.'});
}

function shown({detailed_explanation, comparison_points = []}) {
  const paragraphs = detailed_explanation.split(/\n\s*\n/).flatMap(inBreaths).map((text) => element('p', {}, text));
  if (!comparison_points.length) return paragraphs;
  return [...paragraphs, element('h4', {}, 'Beside the others'), element('dl', {class: 'comparison'}, compared(comparison_points))];
}

/** A long paragraph in parts of a few sentences. */
function inBreaths(text) {
  if (text.length <= breath_max) return [text];
  const parts = [''];
  for (const {segment} of new Intl.Segmenter('en', {granularity: 'sentence'}).segment(text)) {
    if (parts.at(-1) && parts.at(-1).length + segment.length > breath_max) parts.push('');
    parts[parts.length - 1] += segment;
  }
  return parts;
}

function compared(points) {
  const others = grouped(points);
  return [...others].map(([other, differences]) => element('div', {}, element('dt', {}, other),
    differences.map(({detail}) => element('dd', {}, detail))));
}

function grouped(points) {
  const others = new Map();
  for (const point of points) others.set(point.other_name, [...(others.get(point.other_name) ?? []), point]);
  return others;
}
