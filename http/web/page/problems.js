// Problems in words, and field errors beside their fields.

import {element} from './elements.js';

/** What to tell of a problem, as a sentence or two. */
export function inWords(problem) {
  if (problem.status === 429 && problem.retryAfter)
    return `That was often in a short time. Try again in ${waiting(problem.retryAfter)}.`;
  if (problem.status === 503 && problem.retryAfter)
    return `${problem.detail} Try again in ${waiting(problem.retryAfter)}.`;
  return problem.detail;
}

function waiting(seconds) {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Takes away what an earlier problem has left in the form. */
export function clearProblems(form) {
  const summary = form.querySelector('.summary');
  summary.hidden = true;
  summary.replaceChildren();
  for (const wrong of form.querySelectorAll('.wrong')) wrong.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
}

/** Shows the problem over the form, and each field's error at its field. */
export function showProblems(form, problem) {
  clearProblems(form);
  const links = problem.errors.map((error, number) => fieldError(form, error, `wrong-${number}`));
  const summary = form.querySelector('.summary');
  summary.append(element('p', {}, links.length ? 'Something in the wishes is not right:' : inWords(problem)));
  if (links.length) summary.append(element('ul', {}, links));
  summary.hidden = false;
  summary.focus();
}

function fieldError(form, error, id) {
  const field = fieldOf(form, error.pointer);
  const detail = withLabels(form, error.detail);
  const text = sentence(detail);
  if (!field) return element('li', {}, text);
  const input = field.querySelector('input, select');
  field.append(element('p', {class: 'wrong', id}, text));
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${id}`.trim());
  const jump = (event) => {
    event.preventDefault();
    input.focus();
  };
  return element('li', {}, element('a', {href: `#${input.id || id}`, onclick: jump}, `${labelOf(field)}: ${detail}`));
}

/** The field whose name begins the pointer: "/preferences/genres/3" is the genres'. */
function fieldOf(form, pointer) {
  const path = pointer.replace(/^\/preferences\//, '');
  return [...form.querySelectorAll('[data-field]')].find(
    ({dataset}) => path === dataset.field || path.startsWith(`${dataset.field}/`));
}

/** Fields that the text names, as the form calls them. */
function withLabels(form, text) {
  return text.replace(/\b[a-z]+_[a-z_]+\b/g, (name) => {
    const field = form.querySelector(`[data-field="${name}"]`);
    return field ? `\u201c${labelOf(field)}\u201d` : name;
  });
}

function labelOf(field) {
  const own = (field.querySelector('legend') ?? field.querySelector('label')).textContent;
  const group = field.matches('fieldset') ? null : field.closest('fieldset')?.querySelector('legend');
  return group ? `${group.textContent.split(',')[0]}, ${own.toLowerCase()}` : own;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
