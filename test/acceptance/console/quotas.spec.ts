import type { Page } from 'playwright-core';

import { barriers } from './support/barriers.js';
import { ConsoleServer, describeWithChromium } from './support/console-server.js';

const TIMEOUT_MS = 60_000;

describeWithChromium('quotas in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    await site.root.createStage({ name: 'small' });
    await site.root.send('/v1/stages/small/files/a.bin', { method: 'PUT', body: 'x'.repeat(400) });
    page = await site.openAsRoot();
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  it('are set in a form, shown as bars, and told in words to an upload that would exceed them', async () => {
    await page.getByRole('button', { name: 'Quota small' }).click();
    await page.getByText('There is no limit yet.').waitFor();
    await page.getByLabel('Most bytes').fill('1 kB');
    await page.getByLabel('Most files').fill('10');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set the quota' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'small' }).click();
    await page.getByText('400 B of 1.0 kB').waitFor();
    await page.getByText('1 of 10 files').waitFor();
    expect(await barriers(page)).toEqual([]);
    const file = { name: 'large.bin', mimeType: 'text/plain', buffer: Buffer.alloc(1000) };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('.upload.failed').waitFor();
    expect(await page.locator('.upload .problem').innerText()).toMatch(/quota/i);
  });

  it('are removed by empty fields', async () => {
    await page.goto(`${site.server.url}/#/`);
    await page.getByRole('button', { name: 'Quota small' }).click();
    await page.getByLabel('Most bytes').fill('');
    await page.getByLabel('Most files').fill('');
    await page.getByRole('button', { name: 'Set the quota' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'small' }).click();
    await page.getByRole('link', { name: 'a.bin' }).waitFor();
    expect(await page.getByText('400 B of 1.0 kB').count()).toBe(0);
  });
});
