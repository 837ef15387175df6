// A list of free words: what is typed becomes an item that can be taken away again.

import {element} from './elements.js';

/** Works `box`: an entry with its button, and the list. */
export function tokens(box) {
  const input = box.querySelector('input');
  const list = box.querySelector('ul');
  let words = [];

  function show() {
    list.replaceChildren(...words.map((word) => element('li', {}, word,
      element('button', {type: 'button', 'aria-label': `Remove ${word}`, onclick: () => remove(word)}, '\u00d7'))));
  }

  function add() {
    const word = input.value.trim().replace(/\s+/g, ' ');
    input.value = '';
    if (!word || words.some((known) => known.toLowerCase() === word.toLowerCase())) return;
    words.push(word);
    show();
  }

  function remove(word) {
    words = words.filter((known) => known !== word);
    show();
    input.focus();
  }

  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !input.value.trim() || event.isComposing) return;
    event.preventDefault();
    add();
  });
  box.querySelector('button').addEventListener('click', () => {
    add();
    input.focus();
  });

  return {
    /** The words, with what is typed but not added yet. */
    values() {
      add();
      return [...words];
    },
    fill(given) {
      input.value = '';
      words = [...given];
      show();
    },
  };
}
