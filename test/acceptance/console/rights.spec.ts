import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { BOOKS, FIXTURES_FOLDER, StageClient } from '../support/stage-client.js';
import { barriers } from './support/barriers.js';
import { ConsoleServer, describeWithChromium, signIn } from './support/console-server.js';
import { dropPaths } from './support/drop-paths.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
const TIMEOUT_MS = 60_000;

describeWithChromium('what one may not do in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  async function statement(sql: string): Promise<void> {
    const body = JSON.stringify({ sql });
    const answer = await site.root.send('/v1/query', { method: 'POST', headers: JSON_HEADERS, body });
    expect(await answer.json()).toMatchObject({ error: null });
  }

  async function openAs(user: string, hash: string): Promise<Page> {
    const opened = await site.open(hash);
    await signIn(opened, user, `password of ${user}`);
    return opened;
  }

  beforeAll(async () => {
    site = await ConsoleServer.start();
    await site.root.createStage({ name: 'shared' });
    await site.root.send('/v1/stages/shared/files/report.csv', { method: 'PUT', body: 'id\n1\n' });
    await statement('CREATE ROLE makers');
    await statement('GRANT CREATE STAGE ON *.* TO ROLE makers');
    for (const user of ['ada', 'bob', 'eve'])
      await statement(`CREATE USER ${user} IDENTIFIED BY 'password of ${user}'`);
    await statement('GRANT READ ON STAGE shared TO ada');
    await statement('GRANT WRITE ON STAGE shared TO bob');
    await statement('GRANT ROLE makers TO eve');
    await statement("ALTER USER eve WITH DEFAULT_ROLE = 'makers'");
    page = await openAs('ada', '#/');
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  it('is not offered to somebody with READ alone, who is told why if she asks', async () => {
    await page.getByRole('link', { name: 'shared' }).waitFor();
    for (const name of ['Create a stage', 'Check shared', 'Change shared', 'Access shared', 'Drop shared'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await page.getByRole('button', { name: 'What I may do with shared' }).click();
    await page.getByText("GRANT WRITE ON STAGE shared TO USER 'ada';").first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('You may use stages, and not create them.').click();
    await page.getByText('GRANT CREATE STAGE ON *.* TO ROLE …;').waitFor();
  });

  it('leaves what she may: to look, download and copy into her own stage', async () => {
    await page.goto(`${site.server.url}/#/stages/shared`);
    await page.getByLabel('Choose report.csv').check();
    for (const name of ['Upload files', 'Upload a folder', 'Remove', 'Rename or copy'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Make a link' }).isEnabled()).toBe(true);
    await page.getByText('You may not upload, rename or remove files here.').click();
    await page.getByText('It needs WRITE on the stage shared.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.getByLabel('Stage', { exact: true }).inputValue()).toBe('~');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const ada = new StageClient(site.server.url, 'password of ada', 'ada');
    expect((await ada.listFiles('~')).map(({ name }) => name)).toEqual(['report.csv']);
  });

  it('sends nothing of what she drops, and says so', async () => {
    await page.goto(`${site.server.url}/#/stages/shared`);
    await page.getByRole('link', { name: 'report.csv' }).waitFor();
    await dropPaths(page, [join(FIXTURES_FOLDER, BOOKS)]);
    await page.getByText('Nothing is sent. It needs WRITE on the stage shared.').waitFor();
    expect((await site.root.listFiles('shared')).map(({ name }) => name)).toEqual(['report.csv']);
  });

  it('is to look, for somebody with WRITE alone, who can upload', async () => {
    const ofBob = await openAs('bob', '#/stages/shared');
    await ofBob.getByText('You may not look at the files here.').waitFor();
    const buffer = Buffer.from('text');
    const file = { name: 'sent.txt', mimeType: 'text/plain', buffer };
    await ofBob.locator('input[type=file]').first().setInputFiles(file);
    await ofBob.getByText('You may write to this stage, but not look at what is in it.').waitFor();
    await ofBob.getByRole('button', { name: 'Keep them, and send the others' }).click();
    await ofBob.getByText('1 uploaded').waitFor();
  });

  it('is nothing in a stage that one has made', async () => {
    const ofEve = await openAs('eve', '#/');
    await ofEve.getByRole('button', { name: 'Create a stage' }).click();
    await ofEve.getByLabel('Name').fill('made_by_eve');
    await ofEve.getByRole('button', { name: 'Create the stage' }).click();
    await ofEve.getByRole('heading', { name: 'made_by_eve' }).waitFor();
    await ofEve.getByRole('button', { name: 'Upload files' }).waitFor();
    await ofEve.goto(`${site.server.url}/#/`);
    await ofEve.getByRole('button', { name: 'Access made_by_eve' }).waitFor();
    await ofEve.getByRole('button', { name: 'Drop made_by_eve' }).waitFor();
  });
});
