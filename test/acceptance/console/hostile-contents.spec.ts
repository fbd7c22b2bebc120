import type { Page } from 'playwright-core';

import { ConsoleServer, describeWithChromium } from './support/console-server.js';

const TIMEOUT_MS = 60_000;
const SCRIPT = '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>';
/** Each with the text that must be seen. */
const CONTENTS: readonly (readonly [name: string, content: string, shown: string])[] = [
  ['page.html', SCRIPT, 'onerror'],
  ['drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='run'"/>`, 'onload'],
  ['formulas.csv', `name,value\n=HYPERLINK("http://x"),${SCRIPT}\n`, '=HYPERLINK'],
  [
    'objects.ndjson',
    `{"a":"${SCRIPT.replaceAll('"', '\\"')}"}\n{"__proto__":{"b":1}}\nnot json\n`,
    'not json',
  ],
  ['unclosed.csv', `a,b\n"never closed,${'x'.repeat(1000)}`, 'never closed'],
  ['long.csv', 'y'.repeat(10_000_000), 'yyyy'],
  ['long.txt', 'z'.repeat(10_000_000), 'zzzz'],
  ['broken.parquet', `PAR1${'x'.repeat(100)}PAR1`, 'This is no Parquet file that can be read'],
  ['short.parquet', 'P', 'This is no Parquet file that can be read'],
  ['empty.parquet', '', 'The file is empty.'],
  ['binary.bin', 'a\0b', 'This is no text'],
  ['..%2f..%2fup.txt', 'encoded slashes', 'encoded slashes'],
];
const NAMES = [
  SCRIPT.replaceAll('/', '∕'),
  'javascript:alert(1).txt',
  'two  spaces.txt',
  'a"b\'c&d?e#f%.txt',
  '\u202etxt.exe',
];

describeWithChromium('hostile names and contents in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    for (const [name, body] of [...CONTENTS, ...NAMES.map((name) => [name, 'plain'] as const)]) {
      const answer = await site.root.send(`/v1/stages/~/files/${encodeURIComponent(name)}`, {
        method: 'PUT',
        body,
      });
      expect([200, 201]).toContain(answer.status);
    }
    page = await site.openAsRoot('#/stages/~');
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  it.each(CONTENTS)('shows %s as text', async (name, _content, shown) => {
    await page.goto(`${site.server.url}/#/stages/~?file=${encodeURIComponent(name)}`);
    await page.getByRole('dialog').getByText(shown).first().waitFor();
    expect(await page.getByRole('dialog').locator('img, script, svg, iframe').count()).toBe(0);
  });

  it.each(NAMES)('opens, and removes, a file by the name %j', async (name) => {
    await page.goto(`${site.server.url}/#/stages/~`);
    await page.locator(`a.file[title=${JSON.stringify(name)}]`).click();
    await page.getByRole('dialog').getByText('plain', { exact: true }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    const row = page.getByRole('row').filter({ has: page.locator(`a.file[title=${JSON.stringify(name)}]`) });
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await page.getByLabel('Names that are removed').textContent()).toBe(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await site.root.listFiles('~')).map((file) => file.name)).not.toContain(name);
  });

  it('has run nothing of it, asked nobody else, and broken no rule of its policy', async () => {
    expect(await page.title()).not.toBe('run');
    const foreign = site.requested.filter(
      (url) => !url.startsWith(site.server.url) && !url.startsWith('blob:'),
    );
    expect(foreign).toEqual([]);
    expect(site.complaints).toEqual([]);
  });
});
