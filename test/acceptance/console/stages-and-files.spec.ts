import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

import { StageClient } from '../support/stage-client.js';
import { ConsoleServer, describeWithChromium, signIn } from './support/console-server.js';

const TIMEOUT_MS = 60_000;
const JSON_HEADERS = { 'content-type': 'application/json' };

describeWithChromium('stages and files in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    page = await site.openAsRoot();
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  beforeEach(() => page.goto(`${site.server.url}/#/`));

  async function put(stage: string, path: string, body: string): Promise<void> {
    await site.root.send(`/v1/stages/${stage}/files/${encodeURIComponent(path)}`, {
      method: 'PUT',
      body,
    });
  }

  async function stageNamed(name: string): Promise<unknown> {
    return (await site.root.send(`/v1/stages/${name}`)).json();
  }

  async function namesIn(stage: string): Promise<readonly string[]> {
    return (await site.root.listFiles(stage)).map(({ name }) => name);
  }

  async function choose(...files: readonly (readonly [name: string, content: string])[]): Promise<void> {
    const payload = files.map(([name, content]) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(content),
    }));
    await page.locator('input[type=file]').first().setInputFiles(payload);
  }

  it('makes a stage, and shows it', async () => {
    await page.getByRole('button', { name: 'Create a stage' }).click();
    await page.getByLabel('Name').fill('made_here');
    await page.getByText('The same as SQL and by curl').click();
    expect(await page.getByLabel('SQL', { exact: true }).innerText()).toBe('CREATE STAGE made_here;');
    await page.getByRole('button', { name: 'Create the stage' }).click();
    await page.getByRole('heading', { name: 'made_here' }).waitFor();
    expect(await namesIn('made_here')).toEqual([]);
  });

  it('makes a stage by a named connection, and shows the same as SQL', async () => {
    const options = { endpoint_url: 'http://127.0.0.1:1', access_key_id: 'key', secret_access_key: 'secret' };
    const body = JSON.stringify({ name: 'store', storage_type: 's3', options });
    const made = await site.root.send('/v1/connections', { method: 'POST', headers: JSON_HEADERS, body });
    expect(made.status).toBe(201);
    await page.getByRole('button', { name: 'Create a stage' }).click();
    await page.getByLabel('Name').fill('by_connection');
    await page.getByLabel(/^External: the files are in a bucket/).check();
    await page.getByLabel('URL', { exact: true }).fill('s3://bucket/');
    await page.getByLabel('Keys and endpoint').selectOption('those of the connection store');
    expect(await page.getByLabel('Secret key').count()).toBe(0);
    await page.getByLabel('Format of its files').selectOption('csv');
    await page.getByLabel(/^Check that the store/).uncheck();
    await page.getByText('The same as SQL and by curl').click();
    const sql = await page.getByLabel('SQL', { exact: true }).innerText();
    expect(sql).toContain("CONNECTION_REF = 'store'");
    expect(sql).toContain('FILE_FORMAT = (TYPE = CSV)');
    await page.getByRole('button', { name: 'Create the stage' }).click();
    await page.getByRole('heading', { name: 'by_connection' }).waitFor();
    expect(await stageNamed('by_connection')).toMatchObject({
      connection_ref: 'store',
      file_format_options: { type: 'Csv' },
    });
  });

  it('says in plain words why a bucket cannot be used, and makes no stage of it', async () => {
    await page.getByRole('button', { name: 'Create a stage' }).click();
    await page.getByLabel('Name').fill('unreachable');
    await page.getByLabel(/^External: the files are in a bucket/).check();
    await page.getByLabel('URL', { exact: true }).fill('s3://bucket/');
    await page.getByLabel('Endpoint', { exact: true }).fill('http://127.0.0.1:1');
    await page.getByLabel('Access key').fill('key');
    await page.getByLabel('Secret key').fill('secret');
    await page.getByRole('button', { name: 'Create the stage' }).click();
    await page.getByText('Start the store, or correct host and port in endpoint_url.').first().waitFor();
    expect((await site.root.send('/v1/stages/unreachable')).status).toBe(404);
  });

  it('changes what the form says, and checks a store that has changed', async () => {
    await site.root.createStage({ name: 'changed', comment: 'before' });
    const connection = {
      endpoint_url: 'http://127.0.0.1:1',
      access_key_id: 'key',
      secret_access_key: 'secret',
    };
    await site.root.createStage({ name: 'moved', url: 's3://bucket/a/', connection });
    await page.reload();
    await signInAgain();
    await page.getByRole('button', { name: 'Change changed' }).click();
    await page.getByLabel('Comment').fill("it's after");
    await page.getByLabel('Format of its files').selectOption('csv');
    await page.getByText('The same as SQL and by curl').click();
    expect(await page.getByLabel('SQL', { exact: true }).innerText()).toBe(
      "ALTER STAGE changed SET\n  FILE_FORMAT = (TYPE = CSV)\n  COMMENT = 'it''s after';",
    );
    await page.getByRole('button', { name: 'Change the stage' }).click();
    await page.getByText("it's after").waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await stageNamed('changed')).toMatchObject({
      comment: "it's after",
      file_format_options: { type: 'Csv' },
    });
    await page.getByRole('button', { name: 'Change moved' }).click();
    await page.getByLabel('Region').fill('eu-central-1');
    await page.getByRole('button', { name: 'Change the stage' }).click();
    await page.getByText('The stage is changed, but its store does not work:').waitFor();
    await page.getByText('Start the store, or correct host and port in endpoint_url.').first().waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await stageNamed('moved')).toMatchObject({ storage_params: { region: 'eu-central-1' } });
  });

  it('drops a stage when its name was typed, and says how many files are lost', async () => {
    await site.root.createStage({ name: 'doomed' });
    await put('doomed', 'a.txt', 'a');
    await put('doomed', 'b.txt', 'b');
    await page.reload();
    await signInAgain();
    await page.getByRole('button', { name: 'Drop doomed' }).click();
    await page.getByText('2 files are lost with it, for good:').waitFor();
    await page.getByRole('button', { name: 'Drop the stage' }).click();
    await page.getByText('Type doomed into the field').waitFor();
    expect(await namesIn('doomed')).toHaveLength(2);
    await page.getByLabel(/Type the name/).fill('doomed');
    await page.getByRole('button', { name: 'Drop the stage' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await site.root.send('/v1/stages/doomed')).status).toBe(404);
  });

  it('uploads into the folder one looks at, and asks before a name is replaced', async () => {
    await site.root.createStage({ name: 'inbox' });
    await put('inbox', 'day/old.txt', 'old');
    await page.goto(`${site.server.url}/#/stages/inbox`);
    await page.getByRole('link', { name: 'day/' }).click();
    await choose(['old.txt', 'new'], ['fresh.txt', 'fresh']);
    await page.getByText('Nothing has been sent yet.').waitFor();
    expect(await namesIn('inbox')).toEqual(['day/old.txt']);
    await page.getByRole('button', { name: 'Keep them, and send the others' }).click();
    await page.getByRole('heading', { name: '2 uploaded' }).waitFor();
    expect((await site.root.download('inbox', 'day/old.txt')).toString()).toBe('old');
    await page.getByRole('link', { name: 'fresh.txt' }).waitFor();
    await choose(['old.txt', 'new']);
    await page.getByRole('button', { name: 'Replace them' }).click();
    await page.getByRole('heading', { name: '3 uploaded' }).waitFor();
    expect((await site.root.download('inbox', 'day/old.txt')).toString()).toBe('new');
  });

  it('keeps the tray while one looks at other pages, and warns before the tab closes', async () => {
    await site.root.createStage({ name: 'slow' });
    await page.goto(`${site.server.url}/#/stages/slow`);
    await page.route(/\/files\/slow\.txt$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    await choose(['slow.txt', 'slow']);
    await page.getByRole('button', { name: 'Cancel slow.txt' }).waitFor();
    await page.getByRole('link', { name: 'SQL' }).click();
    await page.getByText(/1 of \d+ uploads? to go/).waitFor();
    const asked = page.waitForEvent('dialog');
    const leaving = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await leaving;
    await page.getByRole('heading', { name: /uploaded/ }).waitFor();
    expect(await namesIn('slow')).toEqual(['slow.txt']);
  });

  it('sends a broken upload again under the same key', async () => {
    await site.root.createStage({ name: 'broken' });
    await page.goto(`${site.server.url}/#/stages/broken`);
    const keys: (string | undefined)[] = [];
    await page.route(/\/files\/cut\.txt$/, async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      await (keys.length === 1 ? route.abort('connectionreset') : route.continue());
    });
    await choose(['cut.txt', 'cut']);
    await page.locator('.upload.done', { hasText: 'cut.txt' }).waitFor();
    expect(await namesIn('broken')).toEqual(['cut.txt']);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  it('renames, shares and removes by exact names', async () => {
    await site.root.createStage({ name: 'desk' });
    await put('desk', 'first.txt', 'content');
    await page.goto(`${site.server.url}/#/stages/desk`);
    await page.getByLabel('Choose first.txt').check();
    await page.getByRole('button', { name: 'Rename or copy' }).click();
    await page.getByLabel('New name, with its folders').fill('sub/second.txt');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('link', { name: 'sub/' }).click();
    await page.getByLabel('Choose second.txt').check();
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByLabel('Link', { exact: true }).innerText();
    expect(await (await fetch(link)).text()).toBe('content');
    await page.getByRole('button', { name: 'Close' }).first().click();
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await page.getByLabel('Names that are removed').innerText()).toBe('sub/second.txt');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There are no files here yet.').waitFor();
    expect(await namesIn('desk')).toEqual([]);
  });

  it('downloads a file by a presigned URL', async () => {
    await put('~', 'report.csv', 'id\n1\n');
    await page.goto(`${site.server.url}/#/stages/~?file=report.csv`);
    const started = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
    const download = await started;
    expect(download.suggestedFilename()).toBe('report.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe('id\n1\n');
  });

  it('shows the next names when one scrolls to them', async () => {
    await site.root.createStage({ name: 'many' });
    const form = new FormData();
    for (let number = 0; number < 600; number++) {
      form.append('upload', new Blob(['x']), `f${String(number).padStart(3, '0')}`);
    }
    const headers = { 'x-databend-stage-name': 'many' };
    await site.root.send('/v1/upload_to_stage', { method: 'PUT', headers, body: form });
    await page.route(/\/many\/files.*limit=1000/, async (route) => {
      await route.continue({ url: route.request().url().replace('limit=1000', 'limit=500') });
    });
    await page.goto(`${site.server.url}/#/stages/many`);
    await page.getByText('500 names so far').waitFor();
    await page.getByRole('region', { name: 'Files' }).focus();
    await page.keyboard.press('End');
    await page.getByText('600 names').waitFor();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'f599' }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);
  });

  it('gives somebody access to a stage', async () => {
    await site.root.createStage({ name: 'shared' });
    const body = JSON.stringify({ name: 'ada', auth_string: 'password of ada' });
    await site.root.send('/v1/users', { method: 'POST', headers: JSON_HEADERS, body });
    await page.goto(`${site.server.url}/#/`);
    await page.reload();
    await signInAgain();
    await page.getByRole('button', { name: 'Access shared' }).click();
    await page.locator('datalist option[value=ada]').waitFor({ state: 'attached' });
    await page.getByRole('dialog').getByLabel('Name').fill('ada');
    await page.getByRole('button', { name: 'Give access' }).click();
    await page.getByText('user ada: read').waitFor();
    const ada = new StageClient(site.server.url, 'password of ada', 'ada');
    expect((await ada.send('/v1/stages/shared/files')).status).toBe(200);
  });

  async function signInAgain(): Promise<void> {
    await signIn(page, 'root', 'a password of root');
  }
});
