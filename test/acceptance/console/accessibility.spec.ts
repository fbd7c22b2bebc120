import type { Page } from 'playwright-core';

import { readBooks } from '../support/stage-client.js';
import { barriers } from './support/barriers.js';
import { ConsoleServer, describeWithChromium } from './support/console-server.js';

const TIMEOUT_MS = 60_000;

/** Each view: its address, what it must show, and what is clicked to open a dialog of it. */
const VIEWS: readonly [view: string, hash: string, shown: string, ...clicked: string[]][] = [
  ['stages', '#/', 'data'],
  ['a new stage', '#/', 'Create the stage', 'Create a stage'],
  ['a check', '#/', 'The store works.', 'Check data'],
  ['a changed stage', '#/', 'Format of its files', 'Change data'],
  ['grants', '#/', 'Nobody else', 'Access data'],
  ['dropping', '#/', 'lost with it', 'Drop data'],
  ['files', '#/stages/data', 'books.parquet'],
  ['a ZIP', '#/stages/data', '2 files', 'All as ZIP'],
  ['a removal', '#/stages/data', 'for good', 'Choose rows.csv', 'Remove'],
  ['a copy', '#/stages/data', 'New name', 'Choose rows.csv', 'Rename or copy'],
  ['a link', '#/stages/data', 'until it expires', 'Choose rows.csv', 'Make a link'],
  ['no files', '#/stages/~', 'There are no files here yet.'],
  ['a table', '#/stages/data?file=rows.csv', 'grace'],
  ['a Parquet file', '#/stages/data?file=books.parquet', 'Jim Gray'],
  ['uploads', '#/uploads', 'success'],
  ['SQL', '#/sql', '0 rows', 'Run (Ctrl+Enter)'],
  ['people', '#/people', 'account_admin'],
  ['a new user', '#/people', 'First password', 'Create a user'],
  ['the roles of a user', '#/people', 'Save the roles', 'Roles of ada'],
  ['a new role', '#/people', 'Create the role', 'Create a role'],
  ['access', '#/access', 'Single users'],
  ['tokens', '#/tokens', 'You have none.'],
  ['a new token', '#/tokens', 'It expires after', 'Make a token'],
  ['the server', '#/server', 'serves requests'],
];

let site: ConsoleServer;

describeWithChromium('the console', () => {
  beforeAll(async () => {
    site = await ConsoleServer.start();
    await site.root.createStage({ name: 'data', comment: 'of the test' });
    const user = JSON.stringify({ name: 'ada', auth_string: 'password of ada' });
    const headers = { 'content-type': 'application/json' };
    await site.root.send('/v1/users', { method: 'POST', headers, body: user });
    await site.root.send('/v1/stages/data/files/rows.csv', { method: 'PUT', body: 'name\nada\ngrace\n' });
    const body = new Uint8Array(await readBooks());
    await site.root.send('/v1/stages/data/files/books.parquet', { method: 'PUT', body });
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  let page: Page;

  beforeAll(async () => {
    page = await site.openAsRoot();
  }, TIMEOUT_MS);

  it('has no barrier where one signs in, light or dark', async () => {
    const signedOut = await site.open();
    await signedOut.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await barriers(signedOut)).toEqual([]);
  });

  it.each(VIEWS)('has no barrier in the view of %s, light or dark', async (...view) => {
    const [, hash, shown, ...clicked] = view;
    await page.goto(`${site.server.url}/#/server`);
    await page.getByRole('heading', { name: 'Server' }).waitFor();
    await page.goto(`${site.server.url}/${hash}`);
    for (const name of clicked)
      await page.getByRole('button', { name }).or(page.getByRole('checkbox', { name })).first().click();
    await page.getByText(shown).first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('fits a window of 400 pixels, and has in sight what rows offer', async () => {
    const narrow = await site.openAsRoot('#/stages/data', { viewport: { width: 400, height: 800 } });
    await narrow.getByText('books.parquet').waitFor();
    expect((await narrow.locator('main').boundingBox())?.width).toBeLessThanOrEqual(400);
    expect(await barriers(narrow)).toEqual([]);
    for (const [hash, offered] of [
      ['#/', 'Drop data'],
      ['#/people', 'Drop ada'],
    ] as const) {
      await narrow.goto(`${site.server.url}/${hash}`);
      const button = narrow.getByRole('button', { name: offered });
      await button.waitFor();
      const { x, width } = (await button.boundingBox()) ?? { x: 400, width: 0 };
      expect(x + width).toBeLessThan(400);
      expect(await narrow.evaluate<number>('document.documentElement.scrollWidth')).toBe(400);
    }
  });

  it('uploads, shows and removes a file by the keyboard alone', async () => {
    await page.goto(`${site.server.url}/#/`);
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
    await press(page, '~');
    const chooser = page.waitForEvent('filechooser');
    await press(page, 'Upload files');
    const buffer = Buffer.from('a note');
    await (await chooser).setFiles({ name: 'note.txt', mimeType: 'text/plain', buffer });
    await page.getByRole('link', { name: 'note.txt' }).waitFor();
    await press(page, 'note.txt');
    await page.getByRole('dialog').getByText('a note').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press(page, 'Choose note.txt', 'Space');
    await press(page, 'Remove');
    await press(page, 'Remove');
    await page.getByText('There are no files here yet.').waitFor();
    expect(await site.root.listFiles('~')).toEqual([]);
  });
});

/** Goes by Tab to the control of that name, and presses it. */
async function press(page: Page, name: string, key = 'Enter'): Promise<void> {
  const focused = page.locator(':focus');
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press('Tab');
    if ((await focused.count()) === 0) continue;
    const label = (await focused.getAttribute('aria-label')) ?? (await focused.innerText());
    if (label.trim() !== name) continue;
    await page.keyboard.press(key);
    return;
  }
  throw new Error(`Tab leads to nothing named ${name}.`);
}
