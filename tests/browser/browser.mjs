// Debian's Chromium, and a visitor in it whom nothing escapes: what the console says, what
// fails, what leaves the machine.

import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

const packages = createRequire(`${required('SONICMATCH_BROWSER_PACKAGES')}/`);
const {chromium} = packages('playwright-core');
const axe = packages('axe-core').source;

export const patience_ms = 20_000;

export function required(name) {
  assert.ok(process.env[name], `${name} is not set; tests/browser/browser_test.py sets it`);
  return process.env[name];
}

export async function openBrowser() {
  return chromium.launch({executablePath: required('SONICMATCH_CHROMIUM'), args: process.getuid() === 0 ? ['--no-sandbox'] : []});
}

export const desktop = {width: 1280, height: 900};
export const phone = {width: 320, height: 640};

/**
 * Opens `url` as a new visitor, lets `use` do things with Playwright's page, and checks
 * that nothing went wrong meanwhile. `refusals` are the statuses of 400 and above that
 * the visit is to meet, each once or more; `missing`, what of the network it takes away.
 */
export async function visit(browser, url, use, {viewport = desktop, scheme = 'light', refusals = [], missing = [], ...context} = {}) {
  const visitor = await browser.newContext({viewport, colorScheme: scheme, reducedMotion: 'reduce', ...context});
  visitor.setDefaultTimeout(patience_ms);
  const page = await visitor.newPage();
  const seen = watch(page, missing);
  try {
    await page.goto(url);
    await use(page, seen);
    assert.deepEqual(seen.wrong(refusals), [], 'what went wrong in the visit');
    assert.deepEqual([...new Set(seen.refused)].sort(), [...refusals].sort(), 'the refusals that were met');
  } catch (error) {
    if (process.env.SONICMATCH_BROWSER_PICTURES)
      await page.screenshot({path: `${process.env.SONICMATCH_BROWSER_PICTURES}/failed-${Date.now()}.png`, fullPage: true});
    throw error;
  } finally {
    await visitor.close();
  }
}

function watch(page, missing) {
  const said = [], away = [], failed = [], refused = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) said.push({text: message.text(), url: message.location().url});
  });
  page.on('pageerror', (error) => said.push({text: String(error.stack), url: page.url()}));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.hostname !== '127.0.0.1') away.push(request.url());
  });
  page.on('requestfailed', (request) => {
    if (!missing.some((part) => request.url().includes(part)) && !wasLeft(request))
      failed.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400 && !missing.some((part) => answer.url().includes(part))) refused.push(answer.status());
  });
  // Chromium itself reports each refusal in the console.
  const expected = ({text, url}, refusals) =>
    refusals.some((status) => text.includes(`status of ${status}`)) || missing.some((part) => url.includes(part));
  return {
    refused,
    wrong: (refusals) => [...said.filter((each) => !expected(each, refusals)).map(({text, url}) => `console: ${text} (${url})`),
      ...away.map((url) => `left the machine: ${url}`), ...failed.map((text) => `failed: ${text}`)],
  };
}

/** A stream of events that the page has closed itself, because it had ended. */
function wasLeft(request) {
  return request.url().endsWith('/events') && request.failure()?.errorText === 'net::ERR_ABORTED';
}

/**
 * Has axe look at the page as it is now; nothing serious or critical may be found.
 * `known` are those that the project cannot mend: {rule, selector, reason}.
 */
export async function assertAccessible(page, state, known = []) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe); // by the debugger: no policy is loosened
  const {violations} = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  const found = violations.filter(({impact}) => impact === 'serious' || impact === 'critical').flatMap(({id, nodes}) =>
    nodes.filter(({target}) => !known.some(({rule, selector}) => rule === id && selector.test(target.flat().join(' '))))
      .map(({target, failureSummary}) => `${id} at ${target.flat().join(' ')}: ${failureSummary}`));
  assert.deepEqual(found, [], `what axe finds serious or critical: ${state}`);
}

/** Nothing is wider than the window. */
export async function assertFits(page, state) {
  const {wide, window} = await page.evaluate(() => ({wide: document.documentElement.scrollWidth, window: innerWidth}));
  assert.ok(wide <= window, `${state}: ${wide} pixels wide in a window of ${window}`);
}

/** Keeps a picture, when a folder for them was named. */
export async function picture(page, name) {
  const folder = process.env.SONICMATCH_BROWSER_PICTURES;
  if (folder) await page.screenshot({path: `${folder}/${name}.png`, fullPage: true});
}
