// The six scores of a pick as a radar.

import {drawing} from './elements.js';
import {hundredths} from './words.js';

/** In the order of the axes, clockwise from the top. */
export const axes = [
  {name: 'overall', label: 'Overall'},
  {name: 'genre_match', label: 'Music'},
  {name: 'sound_profile', label: 'Sound'},
  {name: 'use_case', label: 'Use'},
  {name: 'budget', label: 'Price'},
  {name: 'feature_match', label: 'Features'},
];

const width = 340, height = 236, middle = [170, 118], radius = 84;

function at(axis, share) {
  const angle = axis * Math.PI / 3 - Math.PI / 2;
  return [middle[0] + radius * share * Math.cos(angle), middle[1] + radius * share * Math.sin(angle)];
}

function ring(shares) {
  return shares.map((share, axis) => at(axis, share).map((value) => value.toFixed(1)).join(',')).join(' ');
}

/** The SVG for `scores`, each from 0 to 1. */
export function radar(scores, title) {
  const values = axes.map(({name}) => scores[name]);
  const said = axes.map(({label}, i) => `${label.toLowerCase()} ${hundredths(values[i])}`).join(', ');
  return drawing('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title}, of 100: ${said}`, class: 'radar'},
    [0.25, 0.5, 0.75, 1].map((share) => drawing('polygon', {points: ring(axes.map(() => share)), class: 'grid'})),
    axes.map((_, axis) => spoke(axis)),
    drawing('polygon', {points: ring(values), class: 'area'}),
    values.map((value, axis) => dot(axis, value)),
    axes.map(({label}, axis) => caption(axis, label, values[axis])));
}

function spoke(axis) {
  const [x2, y2] = at(axis, 1);
  return drawing('line', {x1: middle[0], y1: middle[1], x2, y2, class: 'grid'});
}

function dot(axis, value) {
  const [cx, cy] = at(axis, value);
  return drawing('circle', {cx, cy, r: 2.6, class: 'point'});
}

function caption(axis, label, value) {
  const [px, py] = at(axis, 1.12);
  const side = axis % 3 === 0 ? 'middle' : axis < 3 ? 'start' : 'end';
  const lift = axis === 0 ? -2 : axis === 3 ? 10 : 4;
  return drawing('text', {x: px, y: py + lift, class: `label ${side}`}, `${label} `,
    drawing('tspan', {class: 'figure'}, hundredths(value)));
}
