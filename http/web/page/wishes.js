// The form as preferences, and preferences as the form.

import {soundSliders} from './sound.js';
import {tokens} from './tokens.js';

/** Works the form. */
export function wishesForm(form) {
  const sound = soundSliders(form.querySelector('#sliders'), form.querySelector('#wished-curve'));
  const free = Object.fromEntries([...form.querySelectorAll('[data-tokens]')].map((box) => [box.dataset.tokens, tokens(box)]));

  function preferences() {
    const data = new FormData(form);
    const wanted = {
      genres: [...data.getAll('genres'), ...free.genres.values()],
      favorite_artists: free.favorite_artists.values(),
      sound_preferences: sound.values(),
      budget_min: amount(data.get('budget_min')),
      budget_max: amount(data.get('budget_max')),
      primary_use_case: data.get('primary_use_case'),
      listening_environment: data.get('listening_environment'),
      requirements: said({
        types: data.getAll('types'),
        wireless: choice(data.get('wireless')),
        anc: choice(data.get('anc')),
        back: data.get('back'),
      }),
    };
    return said(wanted);
  }

  function fill(given) {
    const genres = given.genres ?? [];
    check(form, 'genres', genres);
    free.genres.fill(genres.filter((genre) => !form.querySelector(`[name=genres][value="${CSS.escape(genre)}"]`)));
    free.favorite_artists.fill(given.favorite_artists ?? []);
    sound.fill(given.sound_preferences ?? {});
    for (const name of ['budget_min', 'budget_max']) form.elements[name].value = given[name] ?? '';
    for (const name of ['primary_use_case', 'listening_environment']) select(form.elements[name], given[name] ?? '');
    const {types = [], ...required} = given.requirements ?? {};
    check(form, 'types', types);
    for (const name of ['wireless', 'anc', 'back']) form.elements[name].value = String(required[name] ?? '');
  }

  form.addEventListener('reset', (event) => {
    event.preventDefault();
    fill({});
  });
  return {preferences, fill};
}

/** Only the wishes: without what is empty. */
function said(wishes) {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) =>
    value !== null && value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0)));
}

/** What is no number goes out as it is, so that the server says what is wrong with it. */
function amount(text) {
  const written = text.trim().replace(/^\$\s*/, '');
  if (!written) return null;
  const value = Number(written);
  return Number.isFinite(value) ? value : written;
}

function choice(text) {
  return text === '' ? null : text === 'true';
}

function check(form, name, values) {
  for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = values.includes(box.value);
}

/** Preferences are open text: what the list does not offer becomes one more option. */
function select(list, value) {
  if (![...list.options].some((option) => option.value === value))
    list.add(new Option(value.replaceAll('_', ' '), value));
  list.value = value;
}
