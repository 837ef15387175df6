// The plot of a sound: decibels against the target over frequency. What is measured is
// a line with the spread between measurers; what is wished for is drawn as levels.

import {drawing} from './elements.js';

const width = 360, height = 190;
const inner = {left: 42, right: 352, top: 10, bottom: 162};
const range_db = 9;

/** The measured bands that lie side by side; presence is within treble, and only in the table. */
export const bands = [
  {name: 'sub_bass', label: 'Sub-bass', from: 20, to: 60, spread: 'bass_sd_db'},
  {name: 'bass', label: 'Bass', from: 60, to: 250, spread: 'bass_sd_db'},
  {name: 'mids', label: 'Mids', from: 250, to: 2000, spread: 'mids_sd_db'},
  {name: 'upper_mids', label: 'Upper mids', from: 2000, to: 4000, spread: 'mids_sd_db'},
  {name: 'treble', label: 'Treble', from: 4000, to: 10000, spread: 'treble_sd_db'},
  {name: 'air', label: 'Air', from: 10000, to: 20000, spread: 'treble_sd_db'},
];

/** Where each wish applies, and the decibels its scale rests on (seeds/README.md). */
const wished = [
  {name: 'bass', from: 20, to: 250, scale_db: 5},
  {name: 'mids', from: 250, to: 4000, scale_db: 4},
  {name: 'treble', from: 4000, to: 10000, scale_db: 5},
];

const x = (hz) => inner.left + (inner.right - inner.left) * Math.log(hz / 20) / Math.log(1000);
const y = (db) => inner.top + (inner.bottom - inner.top) * (range_db - clamped(db)) / (2 * range_db);
const clamped = (db) => Math.max(-range_db, Math.min(range_db, db));
const centre = ({from, to}) => Math.sqrt(from * to);

/** The SVG; `measured` is the catalog's, `wish` holds values from 0 to 1. Both may be absent. */
export function curve({measured, wish = {}, title}) {
  return drawing('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title}: ${summary(measured, wish)}`, class: 'curve'},
    grid(), measured && spread(measured), levels(wish), measured && line(measured));
}

/** The curve in words, for who cannot see it. */
function summary(measured, wish) {
  if (measured)
    return bands.map(({name, label}) => `${label.toLowerCase()} ${inDecibels(measured.deviation_db[name])}`).join(', ');
  const said = wished.filter(({name}) => name in wish).map(({name, scale_db}) => `${name} ${inDecibels(asDecibels(wish[name], scale_db))}`);
  return said.join(', ') || 'no wish yet';
}

function inDecibels(value) {
  return `${value < 0 ? 'minus ' : ''}${Math.abs(value).toFixed(1)} decibels`;
}

/** A value from 0 to 1 as the decibels it stands for: the catalog's formula, turned round. */
function asDecibels(value, scale_db) {
  return clamped(scale_db * Math.atanh(2 * Math.max(0.02, Math.min(0.98, value)) - 1));
}

/** Which wish a point of the plot means, as {name, value}; null beside the bands. */
export function wishAt(svg, {clientX, clientY}) {
  const box = svg.getBoundingClientRect();
  const hz = 20 * 1000 ** (((clientX - box.left) * width / box.width - inner.left) / (inner.right - inner.left));
  const band = wished.find(({from, to}) => from <= hz && hz < to);
  if (!band) return null;
  const db = range_db - 2 * range_db * ((clientY - box.top) * height / box.height - inner.top) / (inner.bottom - inner.top);
  return {name: band.name, value: 0.5 + 0.5 * Math.tanh(db / band.scale_db)};
}

function grid() {
  const lines = wished.map((band) => drawing('text', {x: x(centre(band)), y: inner.bottom - 7, class: 'band middle'}, band.name));
  for (const hz of [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000])
    lines.push(drawing('line', {x1: x(hz), x2: x(hz), y1: inner.top, y2: inner.bottom, class: 'grid'}));
  for (const db of [-9, -6, -3, 0, 3, 6, 9])
    lines.push(drawing('line', {x1: inner.left, x2: inner.right, y1: y(db), y2: y(db), class: db === 0 ? 'target' : 'grid'}),
      drawing('text', {x: inner.left - 5, y: y(db) + 3.5, class: 'scale end'}, db === 9 ? '+9 dB' : db > 0 ? `+${db}` : String(db).replace('-', '\u2212')));
  for (const [hz, said] of [[20, '20 Hz'], [100, '100'], [1000, '1 kHz'], [10000, '10 kHz']])
    lines.push(drawing('text', {x: x(hz), y: inner.bottom + 16, class: hz === 20 ? 'scale' : 'scale middle'}, said));
  return lines;
}

function levels(wish) {
  return wished.filter(({name}) => name in wish).flatMap(({name, from, to, scale_db}) => {
    const at = y(asDecibels(wish[name], scale_db));
    const shade = {x: x(from), width: x(to) - x(from), y: Math.min(at, y(0)), height: Math.abs(at - y(0)), class: 'wash'};
    return [drawing('rect', shade), drawing('line', {x1: x(from), x2: x(to), y1: at, y2: at, class: 'wish'})];
  });
}

function line(measured) {
  const points = bands.map((band) => [x(centre(band)), y(measured.deviation_db[band.name])]);
  return [drawing('path', {d: path(points), class: 'measured'}),
    points.map(([cx, cy]) => drawing('circle', {cx, cy, r: 2.6, class: 'point'}))];
}

/** How far measurers of the model differ: one standard deviation either way. */
function spread({deviation_db, cross_source}) {
  if (!cross_source) return null;
  const edge = (sign) => bands.map((band) => [x(centre(band)), y(deviation_db[band.name] + sign * cross_source[band.spread])]);
  const below = edge(-1).reverse();
  return drawing('path', {d: `${path(edge(1))} L${below[0].join(' ')}${path(below).replace(/^M[^C]*/, '')} Z`, class: 'spread'});
}

/** A smooth path through points: cubic, and never beyond a neighbour (Fritsch and Carlson's tangents). */
function path(points) {
  const slope = points.slice(1).map(([px, py], i) => (py - points[i][1]) / (px - points[i][0]));
  const tangent = points.map((_, i) => {
    if (i === 0 || i === points.length - 1) return slope[Math.min(i, slope.length - 1)];
    const [before, after] = [slope[i - 1], slope[i]];
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
  });
  const number = (value) => value.toFixed(1);
  let d = `M${points[0].map(number).join(' ')}`;
  for (let i = 1; i < points.length; ++i) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const third = (bx - ax) / 3;
    d += ` C${[ax + third, ay + tangent[i - 1] * third, bx - third, by - tangent[i] * third, bx, by].map(number).join(' ')}`;
  }
  return d;
}
