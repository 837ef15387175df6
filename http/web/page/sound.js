// The wished sound: five sliders, each of which may say nothing, and the plot of it, which
// can be drawn in too.

import {curve, wishAt} from './curve.js';
import {element} from './elements.js';

const dimensions = [
  {name: 'bass', label: 'Bass', levels: ['much less', 'less', 'neutral', 'more', 'much more']},
  {name: 'mids', label: 'Mids', levels: ['much less', 'less', 'neutral', 'more', 'much more']},
  {name: 'treble', label: 'Treble', levels: ['much less', 'less', 'neutral', 'more', 'much more']},
  {name: 'soundstage', label: 'Soundstage', levels: ['no matter', 'no matter', 'ordinary', 'wide', 'very wide']},
  {name: 'detail', label: 'Detail', levels: ['no matter', 'no matter', 'ordinary', 'fine', 'very fine']},
];

// Where one word gives way to the next.
const steps = [0.175, 0.425, 0.575, 0.825];

/** Makes the sliders in `box`, and keeps the curve in `plot` true to them. */
export function soundSliders(box, plot) {
  const sliders = dimensions.map((dimension) => slider(dimension, redraw));
  box.replaceChildren(...sliders.map(({row}) => row));

  function wishes() {
    return Object.fromEntries(sliders.filter(({value}) => value() !== null).map(({name, value}) => [name, value()]));
  }

  function redraw() {
    plot.replaceChildren(curve({wish: wishes(), title: 'The sound wished for'}));
  }

  function draw(event) {
    const wanted = wishAt(plot.firstElementChild, event);
    if (!wanted) return;
    sliders.find(({name}) => name === wanted.name).fill(Math.round(wanted.value * 20) / 20);
    redraw();
  }

  // A finger taps, so that the page can still be scrolled by it; everything else draws.
  plot.addEventListener('click', draw);
  plot.addEventListener('pointermove', (event) => {
    if (event.buttons === 1 && event.pointerType !== 'touch') draw(event);
  });
  redraw();
  return {
    values: wishes,
    fill(given) {
      for (const each of sliders) each.fill(given[each.name] ?? null);
      redraw();
    },
  };
}

function slider({name, label, levels}, changed) {
  const input = element('input', {id: `sound-${name}`, type: 'range', min: 0, max: 1, step: 0.05, value: 0.5});
  const output = element('output', {for: input.id});
  const clear = element('button', {type: 'button', class: 'clear', 'aria-label': `No wish for ${label.toLowerCase()}`}, '\u00d7');
  let wished = null;

  function show(value) {
    wished = value;
    input.value = value ?? 0.5;
    const said = value === null ? 'no wish' : levels[steps.filter((step) => value > step).length];
    output.value = said;
    input.setAttribute('aria-valuetext', said);
    input.classList.toggle('unset', value === null);
    clear.hidden = value === null;
  }

  input.addEventListener('input', () => {
    show(input.valueAsNumber);
    changed();
  });
  clear.addEventListener('click', () => {
    show(null);
    changed();
    input.focus();
  });
  show(null);
  const row = element('div', {class: 'slider'}, element('label', {for: input.id}, label), input, output, clear);
  return {name, row, value: () => wished, fill: show};
}
