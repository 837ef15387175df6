// The API's pages, /docs (Swagger UI) and /redoc (ReDoc), used as a person uses them.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {assertAccessible, assertFits, openBrowser, phone, picture, required, visit} from './browser.mjs';

const root = required('SONICMATCH_URL');

// What the project cannot mend.
const known = [{
  rule: 'nested-interactive', selector: /\.opblock-summary-control$/,
  reason: "Swagger UI puts an operation's link, which deepLinking needs, into the button that opens it",
}];

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

describe('/docs', () => {
  for (const scheme of ['light', 'dark'])
    it(`tries an operation out and shows its answer, ${scheme}`, () =>
      visit(browser, `${root}docs`, async (page) => {
        const operation = page.locator('.opblock-post', {has: page.getByText('/api/v1/recommend', {exact: true})});
        await operation.getByRole('button').first().click();
        await assertAccessible(page, `an open operation, ${scheme}`, known);
        const tryOut = operation.getByRole('button', {name: 'Try it out'});
        if (await tryOut.isVisible()) await tryOut.click();
        await operation.getByPlaceholder('Prefer').fill(''); // its example asks not to wait for the answer
        await operation.getByRole('button', {name: 'Execute'}).click();
        const answer = operation.locator('.live-responses-table');
        await answer.locator('.response-col_status', {hasText: '200'}).waitFor();
        await answer.getByText('"session_id"').first().waitFor();
        await assertAccessible(page, `an answer, ${scheme}`, known);
        await picture(page, `docs-${scheme}`);
      }, {scheme}));

  it('can be read on a phone', () =>
    visit(browser, `${root}docs`, async (page) => {
      await page.locator('.opblock').first().getByRole('button').first().click();
      await page.getByText('Responses', {exact: true}).first().waitFor();
      await assertFits(page, '/docs');
      await picture(page, 'docs-phone');
    }, {viewport: phone}));
});

describe('/redoc', () => {
  for (const scheme of ['light', 'dark'])
    it(`shows every operation, ${scheme}`, () =>
      visit(browser, `${root}redoc`, async (page) => {
        const {paths} = await page.evaluate(async () => (await fetch('/openapi.json')).json());
        await page.getByRole('heading', {level: 1}).first().waitFor();
        for (const path of Object.keys(paths))
          await page.getByText(path, {exact: true}).first().waitFor({state: 'attached'});
        assert.ok(Object.keys(paths).length > 5);
        await assertAccessible(page, scheme);
        await picture(page, `redoc-${scheme}`);
      }, {scheme}));

  it('can be read on a phone', () =>
    visit(browser, `${root}redoc`, async (page) => {
      await page.getByRole('heading', {level: 1}).first().waitFor();
      await assertFits(page, '/redoc');
    }, {viewport: phone}));
});
