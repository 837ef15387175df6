// What tests of the page at / do again and again, in the words of the page.

/** Wishes that give five picks, made with the mouse. */
export async function wish(page) {
  await page.getByLabel('Jazz', {exact: true}).check();
  await page.getByLabel('Rock', {exact: true}).check();
  await page.getByLabel('Artist', {exact: true}).fill('Pink Floyd');
  await page.getByRole('group', {name: 'Favourite artists'}).getByRole('button', {name: 'Add'}).click();
  await page.getByLabel('Bass', {exact: true}).fill('0.7');
  await page.getByLabel('Soundstage', {exact: true}).fill('0.9');
  await page.getByLabel('To', {exact: true}).fill('500');
  await page.getByLabel('Mostly for').selectOption('Listening closely');
}

export async function submit(page) {
  await page.getByRole('button', {name: 'Find headphones'}).click();
}

/** Waits for the picks and for their measurements. */
export async function picksOf(page) {
  await page.getByRole('heading', {name: /picks?$/}).waitFor();
  const picks = page.getByRole('article');
  const count = await picks.count();
  for (let i = 0; i < count; ++i) await picks.nth(i).getByRole('img', {name: /^Measured sound/}).waitFor();
  return picks;
}
