// What a person thinks of a pick: kept, dismissed, rated.

import {Problem, ask, sessionPath} from './api.js';
import {element} from './elements.js';
import {inWords} from './problems.js';

/** The controls for one pick. `name` is the headphone's, for screen readers. */
export function feedback(session, headphone, name) {
  const said = element('p', {class: 'said', role: 'status'});
  const controls = element('div', {class: 'feedback'});

  async function give(kind, rating) {
    said.classList.remove('bad');
    try {
      const body = {headphone_id: headphone.id, kind, ...(rating && {rating})};
      await ask('POST', `${sessionPath(session)}/feedback`, body);
      said.textContent = thanks(kind, rating);
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.classList.add('bad');
      said.textContent = `Not recorded: ${inWords(problem)}`;
      return false;
    }
  }

  controls.append(...choices(give), rating(headphone.id, name, give), said);
  return controls;
}

function thanks(kind, rating) {
  if (kind === 'rated') return `Rated ${rating} of 5.`;
  return kind === 'saved' ? 'Saved as a favourite.' : 'Dismissed.';
}

/** Two buttons of which one may be pressed. */
function choices(give) {
  const buttons = [['saved', 'Save'], ['dismissed', 'Not for me']].map(([kind, label]) => {
    const button = element('button', {type: 'button', class: 'plain', 'aria-pressed': 'false'}, label);
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-pressed') === 'true') return;
      if (await give(kind)) for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
    });
    return button;
  });
  return buttons;
}

function rating(id, name, give) {
  const group = element('fieldset', {class: 'rating'}, element('legend', {}, 'Rate ', element('span', {class: 'unseen'}, name)));
  for (let stars = 1; stars <= 5; ++stars)
    group.append(element('label', {},
      element('input', {type: 'radio', name: `rating-${id}`, value: stars}),
      element('span', {'aria-hidden': 'true'}, String(stars)),
      element('span', {class: 'unseen'}, `${stars} of 5`)));
  group.addEventListener('change', (event) => give('rated', Number(event.target.value)));
  return group;
}
