// Follows a session until it ends: by its stream of events, else by asking again.

import {Problem, ask, eventsUrl, sessionPath} from './api.js';

const silence_max_ms = 30_000;
const asking_max = 120;
const losses_max = 3; // of a stream that had begun, one after the other
const steps = ['accepted', 'processing', 'language_model_attempt'];

/**
 * Calls `progressed` with each step, then `ended` with the session's document, or
 * `failed` with a Problem. Returns what stops it.
 */
export function follow(id, {progressed, ended, failed}) {
  let stopped = false, source = null, silence = null, losses = null;

  function stop() {
    stopped = true;
    leaveStream();
  }

  function leaveStream() {
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  function heard() {
    losses = 0;
    waitForWord();
  }

  function waitForWord() {
    clearTimeout(silence);
    silence = setTimeout(fallBack, silence_max_ms);
  }

  function end(session) {
    stop();
    ended(session);
  }

  /** True when there is nothing more to ask. */
  async function read() {
    const {document} = await ask('GET', sessionPath(id));
    if (stopped) return true;
    const hasEnded = document.status === 'complete' || document.status === 'error';
    if (hasEnded) end(document);
    else progressed({step: document.status});
    return hasEnded;
  }

  async function tell(work) {
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (stopped) return;
      stop();
      failed(problem);
    }
  }

  function fallBack() {
    if (stopped) return;
    leaveStream();
    tell(poll);
  }

  async function poll() {
    for (let asked = 0; asked < asking_max && !stopped; ++asked) {
      if (await read()) return;
      await new Promise((done) => setTimeout(done, 1000));
    }
    if (!stopped) throw new Problem({status: 504, code: 'too_late', detail: 'The answer takes longer than it should. Open this address again later.'});
  }

  /** The browser connects again by itself, unless it was refused; meanwhile the session may have ended. */
  function lost() {
    const isOver = losses === null || ++losses >= losses_max || source?.readyState === EventSource.CLOSED;
    if (isOver) return fallBack();
    read().catch((problem) => {
      if (!(problem instanceof Problem)) throw problem; // it is still away, and the stream will be tried again
    });
  }

  function listen() {
    source = new EventSource(eventsUrl(id));
    waitForWord();
    source.addEventListener('open', heard);
    source.addEventListener('error', (event) => {
      if (!(event instanceof MessageEvent)) lost();
    });
    for (const step of steps) source.addEventListener(step, (event) => progressed({step, ...heardIn(event)}));
    // The last event is the session itself. An error of the connection has the same name, and no data.
    for (const last of ['complete', 'error'])
      source.addEventListener(last, (event) => event instanceof MessageEvent && end(heardIn(event)));
  }

  function heardIn(event) {
    heard();
    return JSON.parse(event.data);
  }

  listen();
  return stop;
}
