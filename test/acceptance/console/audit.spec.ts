import type { Page } from 'playwright-core';

import { barriers } from './support/barriers.js';
import { ConsoleServer, describeWithChromium, signIn } from './support/console-server.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
const TIMEOUT_MS = 60_000;

describeWithChromium('the audit in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    await site.root.createStage({ name: 'orders' });
    await site.root.send('/v1/stages/orders/files/day%2Fa.csv', { method: 'PUT', body: 'id\n' });
    await site.root.send('/v1/stages/orders/files/day%2Fa.csv', { method: 'DELETE' });
    const body = JSON.stringify({ name: 'ada', auth_string: 'password of ada' });
    await site.root.send('/v1/users', { method: 'POST', headers: JSON_HEADERS, body });
    page = await site.openAsRoot('#/audit');
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  function rows(text: string): ReturnType<Page['getByRole']> {
    return page.getByRole('region', { name: 'Events' }).getByRole('row').filter({ hasText: text });
  }

  it('shows who did what, and leaves out what a filter does not mean', async () => {
    await rows('file.remove').getByText('@orders/day/a.csv').waitFor();
    await rows('user.create').getByText('ada').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Action').selectOption('file.put');
    await rows('file.remove').waitFor({ state: 'detached' });
    await rows('file.put').waitFor();
    await page.getByLabel('User', { exact: true }).fill('nobody');
    await page.getByText('No event matches.').waitFor();
  });

  it('is for administrators, which others are told if they ask', async () => {
    const ofAda = await site.open('#/audit');
    await signIn(ofAda, 'ada', 'password of ada');
    await ofAda.getByText('The audit is for administrators.').click();
    await ofAda.getByText('GRANT ROLE account_admin TO …;').waitFor();
  });
});
