// One pick: what it is, why, its scores and its measured sound.

import {Problem, ask} from './api.js';
import {bands, curve} from './curve.js';
import {element} from './elements.js';
import {explanation} from './explanation.js';
import {feedback} from './feedback.js';
import {inWords} from './problems.js';
import {axes, radar} from './radar.js';
import {decibels, facts, hundredths, money} from './words.js';

/** The article of `match`, of the session `id`, beside the sound that was wished for. */
export function pick(id, match, wish) {
  const {headphone, scores} = match;
  const name = `${headphone.brand} ${headphone.model}`;
  const why = explanation(id, headphone, name);
  return element('article', {class: 'pick', id: `pick-${match.rank}`, 'aria-labelledby': `name-${match.rank}`},
    element('header', {},
      element('p', {class: 'rank', 'aria-hidden': 'true'}, String(match.rank)),
      element('h3', {id: `name-${match.rank}`}, element('span', {class: 'brand'}, headphone.brand), ' ', headphone.model),
      element('p', {class: 'price'}, money(headphone.price_usd)),
      element('p', {class: 'facts'}, facts(headphone).join(' \u00b7 '))),
    element('div', {class: 'words'},
      element('p', {class: 'reason'}, match.explanation),
      list('For it', 'pros', match.personalized_pros), list('Against it', 'cons', match.personalized_cons),
      element('div', {class: 'actions'}, why.button, feedback(id, headphone, name)), why.place),
    element('div', {class: 'plots'}, scored(scores, name), measuredSound(headphone, name, wish)));
}

function list(title, kind, items) {
  return items.length > 0 && element('div', {class: kind}, element('h4', {}, title),
    element('ul', {}, items.map((item) => element('li', {}, item))));
}

function scored(scores, name) {
  return element('figure', {class: 'plot'}, radar(scores, `Scores of the ${name}`),
    figures('Scores', ['Score', 'of 100'], axes.map(({name: of, label}) => [label, hundredths(scores[of])])));
}

/** The plot's numbers as a table that can be opened. */
function figures(caption, heads, rows) {
  return element('details', {}, element('summary', {}, `${caption} in figures`),
    element('table', {}, element('caption', {class: 'unseen'}, caption),
      element('thead', {}, element('tr', {}, heads.map((head) => element('th', {scope: 'col'}, head)))),
      element('tbody', {}, rows.map(([head, ...cells]) => element('tr', {}, element('th', {scope: 'row'}, head),
        cells.map((cell) => element('td', {}, cell)))))));
}

/** The measurement is not in the session; it comes from the catalog, a moment later. */
function measuredSound(headphone, name, wish) {
  const figure = element('figure', {class: 'plot sound', 'aria-busy': 'true'});
  ask('GET', `headphones/${encodeURIComponent(headphone.slug)}`)
    .then(({document}) => figure.replaceChildren(...measuredParts(document, name, wish)))
    .catch((problem) => {
      if (!(problem instanceof Problem)) throw problem;
      figure.replaceChildren(element('figcaption', {}, `Its measurement cannot be shown: ${inWords(problem)}`));
    })
    .finally(() => figure.removeAttribute('aria-busy'));
  return figure;
}

function measuredParts({measured, measured_by}, name, wish) {
  const {cross_source, confidence, deviation_db} = measured;
  const key = element('ul', {class: 'key', 'aria-hidden': 'true'}, element('li', {class: 'measured'}, 'measured'),
    Object.keys(wish).some((of) => ['bass', 'mids', 'treble'].includes(of)) && element('li', {class: 'wish'}, 'your wish'));
  const said = [`Measured by ${measured_by}, against a neutral target.`];
  if (cross_source) said.push(`${cross_source.n_sources} measurers; the shade is how far they differ.`);
  if (confidence === 'low') said.push('This measurement captures the sound only in part.');
  const rows = bands.map(({name: of, label, from, to}) => [`${label}, ${hertz(from)} to ${hertz(to)}`, decibels(deviation_db[of])]);
  return [curve({measured, wish, title: `Measured sound of the ${name}`}), key,
    element('figcaption', {}, said.join(' ')), figures('Sound', ['Band', 'against the target'], rows)];
}

function hertz(value) {
  return value < 1000 ? `${value} Hz` : `${value / 1000} kHz`;
}
