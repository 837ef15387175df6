// The page: wishes are asked for, followed and answered; the address names the session.

import {answerInWords, relaxed, showAnswer} from './answer.js';
import {Problem, ask, newKey, sessionPath} from './api.js';
import {element} from './elements.js';
import {clearProblems, inWords, showProblems} from './problems.js';
import {follow} from './progress.js';
import {wishesForm} from './wishes.js';

const form = document.querySelector('#wishes');
const place = document.querySelector('#answer');
const said = document.querySelector('#said');
const button = form.querySelector('.ask');
const wishes = wishesForm(form);

let stopFollowing = () => {};
let asked = {payload: null, key: null};

/** The same wishes go under the same key until they are answered, so that a repeat costs nothing. */
function keyFor(payload) {
  if (asked.payload !== payload) asked = {payload, key: newKey()};
  return asked.key;
}

async function submit(preferences) {
  stopFollowing();
  clearProblems(form);
  busy(true);
  const payload = JSON.stringify(preferences);
  try {
    const {document: session} = await ask('POST', 'recommend', {preferences, mode: 'async'}, {'idempotency-key': keyFor(payload)});
    history.pushState(null, '', `#session=${session.session_id}`);
    open(session.session_id, preferences);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    busy(false);
    showProblems(form, problem);
  }
}

function busy(is) {
  button.classList.toggle('busy', is);
  button.setAttribute('aria-disabled', String(is));
  place.setAttribute('aria-busy', String(is));
}

/** Follows a session to its end, and shows it. `preferences` is what it was asked for, if known. */
function open(id, preferences) {
  stopFollowing();
  busy(true);
  const steps = element('ol', {class: 'steps'});
  place.replaceChildren(element('h2', {id: 'answer-title', tabindex: '-1'}, 'Listening\u2026'), steps);
  place.hidden = false;
  place.scrollIntoView();
  const told = (text) => {
    if (steps.lastElementChild?.textContent === text) return;
    steps.append(element('li', {}, text));
    said.textContent = text;
  };
  if (preferences !== undefined) told(stepInWords({step: 'accepted'}));
  stopFollowing = follow(id, {
    progressed: (progress) => told(stepInWords(progress)),
    ended: (session) => {
      if (preferences === undefined && session.preferences) wishes.fill(session.preferences);
      show(session, preferences ?? session.preferences);
    },
    failed: (problem) => {
      busy(false);
      place.replaceChildren(element('h2', {id: 'answer-title', tabindex: '-1'}, 'That did not work'),
        element('p', {class: 'lead'}, inWords(problem)),
        element('button', {type: 'button', class: 'ask', onclick: () => open(id, preferences)}, 'Look again'));
      said.textContent = inWords(problem);
    },
  });
}

function stepInWords({step, attempt}) {
  if (step === 'language_model_attempt')
    return `Asking the language model${attempt > 1 ? `, attempt ${attempt}` : ''}`;
  return step === 'processing' ? 'Weighing the candidates' : 'Your wishes are in';
}

function show(session, preferences) {
  asked = {payload: null, key: null};
  busy(false);
  showAnswer(place, session, {
    change: (relaxations) => {
      const changed = relaxed(preferences, relaxations);
      wishes.fill(changed);
      submit(changed);
    },
    again: () => submit(wishes.preferences()),
  });
  said.textContent = answerInWords(session);
  place.querySelector('#answer-title').focus({preventScroll: true});
}

/** The session that the address names, or none. */
function openAddressed() {
  const id = new URLSearchParams(location.hash.slice(1)).get('session');
  if (id) return open(id);
  stopFollowing();
  busy(false);
  place.hidden = true;
  place.replaceChildren();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (button.getAttribute('aria-disabled') !== 'true') submit(wishes.preferences());
});
addEventListener('popstate', openAddressed);
openAddressed();
