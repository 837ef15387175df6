// The page at /, used as a person uses it.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {assertAccessible, assertFits, openBrowser, phone, picture, required, visit} from './browser.mjs';
import {picksOf, submit, wish} from './wishing.mjs';

const root = required('SONICMATCH_URL');

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

describe('The page', () => {
  it('takes wishes, shows progress, picks, scores and sound, explains, and takes feedback', () =>
    visit(browser, root, async (page) => {
      await wish(page);
      await submit(page);
      await page.getByRole('heading', {name: 'Listening…'}).waitFor();
      await page.getByRole('listitem').getByText('Asking the language model', {exact: true}).waitFor();
      const picks = await picksOf(page);
      assert.equal(await picks.count(), 5);
      assert.match(await page.locator('.origin').innerText(), /^Chosen by anthropic\/.* in \d+\.\d s\.$/);
      const first = picks.first();
      await first.getByRole('img', {name: /^Scores of the .*, of 100: overall \d+, music \d+, sound \d+, use \d+, price \d+, features \d+$/}).waitFor();
      await first.getByRole('img', {name: /^Measured sound of the .*: sub-bass .* decibels, .* air .* decibels$/}).waitFor();
      await first.getByRole('button', {name: /^Why this one/}).click();
      await first.getByRole('heading', {name: 'Beside the others'}).waitFor();
      assert.equal(await first.locator('.comparison dt').count(), 4, 'one part for each other pick');
      await first.getByRole('button', {name: 'Save'}).click();
      await first.getByText('Saved as a favourite.').waitFor();
      await first.getByLabel('4 of 5').check();
      await first.getByText('Rated 4 of 5.').waitFor();
      await picks.nth(4).getByRole('button', {name: 'Not for me'}).click();
      await picks.nth(4).getByText('Dismissed.').waitFor();
      await picture(page, 'answer');
    }));

  it('can be used by keyboard alone', () =>
    visit(browser, root, async (page) => {
      const key = (name) => page.keyboard.press(name);
      await tabTo(page, 'Jazz');
      await key('Space');
      await tabTo(page, 'Artist');
      await page.keyboard.type('Nina Simone');
      await key('Enter');
      await page.getByRole('button', {name: 'Remove Nina Simone'}).waitFor();
      await tabTo(page, 'To');
      await page.keyboard.type('400');
      await tabTo(page, 'Mostly for');
      await page.keyboard.type('Listening c');
      await tabTo(page, 'Bass');
      await key('ArrowRight');
      assert.equal(await page.getByLabel('Bass', {exact: true}).getAttribute('aria-valuetext'), 'neutral');
      for (let step = 0; step < 4; ++step) await key('ArrowRight');
      assert.equal(await page.getByLabel('Bass', {exact: true}).getAttribute('aria-valuetext'), 'more');
      await tabTo(page, 'Over the ear');
      await key('Space');
      await tabTo(page, 'Either'); // of the connection
      await key('ArrowRight');
      await key('ArrowRight');
      assert.ok(await page.getByLabel('Cable').isChecked());
      await tabTo(page, 'Find headphones');
      await key('Enter');
      await picksOf(page);
      assert.match(await focused(page), /picks?$/, 'the answer has the focus');
      await tabTo(page, 'Why this one?');
      await key('Enter');
      await page.getByRole('heading', {name: 'Beside the others'}).waitFor();
      await tabTo(page, 'Save');
      await key('Space');
      await page.getByText('Saved as a favourite.').waitFor();
      await tabTo(page, '1 of 5');
      await key('ArrowRight');
      await page.getByText('Rated 2 of 5.').waitFor();
      await tabTo(page, 'Scores in figures');
      await key('Enter');
      await page.getByRole('table', {name: 'Scores'}).first().waitFor();
    }));

  it('has the figures of its plots as tables', () =>
    visit(browser, root, async (page) => {
      await wish(page);
      await submit(page);
      const first = (await picksOf(page)).first();
      await first.getByText('Scores in figures').click();
      await first.getByText('Sound in figures').click();
      const id = new URL(page.url()).hash.slice('#session='.length);
      const {matches: [match]} = await read(page, `recommendations/${id}`);
      const {measured} = await read(page, `headphones/${match.headphone.slug}`);
      const scores = await cells(first.getByRole('table', {name: 'Scores'}));
      assert.deepEqual(scores, Object.values(match.scores).map((score) => String(Math.round(score * 100))));
      const bands = await cells(first.getByRole('table', {name: 'Sound'}));
      const {presence, ...shown} = measured.deviation_db;
      assert.deepEqual(bands.map((text) => Number(text.replace('\u2212', '-').replace(' dB', ''))),
        Object.values(shown).map((value) => Number(value.toFixed(1)) + 0));
    }));

  it('takes the sound from the plot, and a wish away again', () =>
    visit(browser, root, async (page) => {
      const plot = page.getByRole('img', {name: 'The sound wished for: no wish yet'});
      const {x, y, width, height} = await plot.boundingBox();
      await page.mouse.move(x + width * 0.2, y + height * 0.4);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.22, y + height * 0.3, {steps: 4});
      await page.mouse.up();
      await page.mouse.click(x + width * 0.6, y + height * 0.53);
      assert.equal(await page.getByLabel('Bass', {exact: true}).getAttribute('aria-valuetext'), 'more');
      assert.equal(await page.getByLabel('Mids', {exact: true}).getAttribute('aria-valuetext'), 'less');
      assert.equal(await page.getByLabel('Treble', {exact: true}).getAttribute('aria-valuetext'), 'no wish');
      await page.getByRole('button', {name: 'No wish for mids'}).click();
      await page.getByRole('img', {name: /^The sound wished for: bass \d\.\d decibels$/}).waitFor();
    }));

  it('names what is wrong at its field, and takes it away once it is right', () =>
    visit(browser, root, async (page) => {
      await page.getByLabel('From', {exact: true}).fill('400');
      await page.getByLabel('To', {exact: true}).fill('300');
      await submit(page);
      const alert = page.getByRole('alert');
      await alert.getByText('Something in the wishes is not right:').waitFor();
      assert.match(await focused(page), /^Something in the wishes/);
      const field = page.getByLabel('From', {exact: true});
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      const described = await field.getAttribute('aria-describedby');
      assert.match(await page.locator(`#${described}`).innerText(), /“Price, to”/);
      await assertAccessible(page, 'a wrong field');
      await assertFits(page, 'a wrong field');
      await picture(page, 'wrong');
      await alert.getByRole('link').first().click();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'budget-min');
      await field.fill('100');
      await submit(page);
      await picksOf(page);
      assert.equal(await page.locator('.wrong').count(), 0);
      assert.equal(await alert.count(), 0);
    }, {refusals: [422], viewport: phone}));

  it('says that a price is no number, and that there is no wish at all', () =>
    visit(browser, root, async (page) => {
      await submit(page);
      await page.getByRole('alert').getByRole('listitem').waitFor();
      await page.getByLabel('To', {exact: true}).fill('a lot');
      await submit(page);
      await page.locator('[data-field=budget_max] .wrong').waitFor();
    }, {refusals: [422]}));

  it('offers the changes that would help when nothing matches', () =>
    visit(browser, root, async (page) => {
      await page.getByLabel('To', {exact: true}).fill('10');
      await page.getByLabel('On the ear').check();
      await page.getByRole('group', {name: 'Connection'}).getByLabel('Wireless').check();
      await submit(page);
      await page.getByRole('heading', {name: 'Nothing meets all of this'}).waitFor();
      await assertAccessible(page, 'nothing matches');
      await picture(page, 'nothing');
      await page.getByRole('button', {name: /^Raising the budget to \$/}).click();
      const picks = await picksOf(page);
      assert.ok(await picks.count() > 0);
      assert.ok(Number(await page.getByLabel('To', {exact: true}).inputValue()) > 10, 'the form shows the change');
    }));

  it('opens a shared session, and goes back to the one before', () =>
    visit(browser, root, async (page) => {
      await wish(page);
      await submit(page);
      await picksOf(page);
      const shared = page.url();
      const names = await page.getByRole('article').getByRole('heading', {level: 3}).allInnerTexts();
      await page.getByLabel('Metal', {exact: true}).check();
      await page.getByLabel('In the ear').check();
      await submit(page);
      await page.waitForURL((url) => url.href !== shared);
      await picksOf(page);
      await page.goBack();
      await page.getByRole('heading', {name: names[0]}).waitFor();
      assert.equal(page.url(), shared);
      await visit(browser, shared, async (other) => {
        await picksOf(other);
        assert.deepEqual(await other.getByRole('article').getByRole('heading', {level: 3}).allInnerTexts(), names);
        assert.ok(await other.getByLabel('Jazz', {exact: true}).isChecked());
        assert.ok(!await other.getByLabel('Metal', {exact: true}).isChecked());
        await other.getByRole('button', {name: 'Remove Pink Floyd'}).waitFor();
        assert.equal(await other.getByLabel('Bass', {exact: true}).inputValue(), '0.7');
        assert.equal(await other.getByLabel('To', {exact: true}).inputValue(), '500');
      });
    }));

  it('says that a session is not known', () =>
    visit(browser, `${root}#session=01a20000-0000-7000-8000-000000000000`, async (page) => {
      await page.getByRole('heading', {name: 'That did not work'}).waitFor();
      await assertAccessible(page, 'an unknown session');
    }, {refusals: [404]}));

  it('asks again by itself where events do not come', () =>
    visit(browser, root, async (page) => {
      await page.route('**/events', (route) => route.abort());
      await wish(page);
      await submit(page);
      assert.equal(await (await picksOf(page)).count(), 5);
    }, {missing: ['/events']}));

  it('repeats under the same key when the server could not be reached', () =>
    visit(browser, root, async (page) => {
      const keys = [];
      page.on('request', (request) => {
        if (request.url().endsWith('/recommend')) keys.push(request.headers()['idempotency-key']);
      });
      await page.route('**/recommend', (route) => route.abort(), {times: 1});
      await wish(page);
      await submit(page);
      await page.getByRole('alert').getByText('SonicMatch cannot be reached.').waitFor();
      await submit(page);
      await picksOf(page);
      await Promise.all([page.waitForResponse('**/recommend'), submit(page)]);
      await picksOf(page);
      assert.equal(keys.length, 3);
      assert.equal(keys[0], keys[1]);
      assert.notEqual(keys[1], keys[2], 'a new question has a new key');
      assert.match(keys[0], /^[0-9a-f]{32}$/);
    }, {missing: ['/recommend']}));

  it('says how long to wait when it was asked too often', () =>
    visit(browser, root, async (page) => {
      await page.route('**/recommend', (route) => route.fulfill({
        status: 429, headers: {'retry-after': '7', 'content-type': 'application/problem+json'},
        body: JSON.stringify({status: 429, code: 'rate_limited', detail: 'Too many requests.'}),
      }));
      await wish(page);
      await submit(page);
      await page.getByRole('alert').getByText('Try again in 7 seconds.').waitFor();
    }, {refusals: [429]}));

  for (const scheme of ['light', 'dark'])
    for (const [screen, viewport] of Object.entries({desktop: undefined, phone}))
      it(`is accessible and fits on a ${screen}, ${scheme}`, () =>
        visit(browser, root, async (page) => {
          await assertAccessible(page, 'at first');
          await assertFits(page, 'at first');
          await wish(page);
          await assertAccessible(page, 'with wishes');
          await submit(page);
          const first = (await picksOf(page)).first();
          await first.getByRole('button', {name: /^Why this one/}).click();
          await first.getByRole('heading', {name: 'Beside the others'}).waitFor();
          await first.getByRole('button', {name: 'Save'}).click();
          await first.getByText('Saved as a favourite.').waitFor();
          await first.getByText('Scores in figures').click();
          await first.getByText('Sound in figures').click();
          await assertAccessible(page, 'with picks');
          await assertFits(page, 'with picks');
          await picture(page, `${screen}-${scheme}`);
        }, {viewport, scheme}));
});

/** Presses Tab until what has the focus has this name; a name may be the beginning of one. */
async function tabTo(page, name) {
  for (let pressed = 0; pressed < 60; ++pressed) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).startsWith(name)) return;
  }
  assert.fail(`Tab does not lead to ${name}`);
}

/** The name of what has the focus: its label, or what it says. */
function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const named = (at.labels?.[0] ?? at).cloneNode(true);
    for (const unheard of named.querySelectorAll('[aria-hidden]')) unheard.remove();
    return at.getAttribute('aria-label') ?? named.textContent.trim();
  });
}

function read(page, path) {
  return page.evaluate(async (url) => (await fetch(url)).json(), `api/v1/${path}`);
}

function cells(table) {
  return table.getByRole('cell').allInnerTexts();
}
