import type { Page } from 'playwright-core';

import { eventually } from '../../large/support/eventually.js';
import { StageClient } from '../support/stage-client.js';
import { ConsoleServer, describeWithChromium, signIn } from './support/console-server.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
const TIMEOUT_MS = 60_000;

describeWithChromium('people and access in the console', () => {
  let site: ConsoleServer;
  let page: Page;
  let ada: StageClient;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    ada = new StageClient(site.server.url, 'password of ada', 'ada');
    await site.root.createStage({ name: 'orders' });
    await site.root.createStage({ name: 'other' });
    await post('/v1/users', { name: 'ada', auth_string: 'password of ada' });
    for (const name of ['readers', 'loaders']) await post('/v1/roles', { name });
    page = await site.openAsRoot();
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  async function post(path: string, body: unknown): Promise<void> {
    const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) };
    expect((await site.root.send(path, init)).ok).toBe(true);
  }

  it('gives access to a role in the matrix of stages and roles, and takes it', async () => {
    await page.getByRole('link', { name: 'Access' }).click();
    const cell = page.getByLabel('readers may do with orders');
    await cell.selectOption('read and write');
    await page.getByRole('region', { name: 'Stages and roles' }).waitFor();
    await expectGrants('orders', [{ name: 'readers', privileges: ['READ', 'WRITE'] }]);
    await cell.selectOption('read');
    await expectGrants('orders', [{ name: 'readers', privileges: ['READ'] }]);
    await page.getByLabel('loaders may do with orders').selectOption('write');
    await page.getByLabel('loaders may do with orders').selectOption('nothing');
    await expectGrants('orders', [{ name: 'readers', privileges: ['READ'] }]);
    await page.getByLabel('Search stages').fill('oth');
    await cell.waitFor({ state: 'detached' });
  });

  it('grants a role to a user who is there, and revokes it', async () => {
    expect((await ada.send('/v1/stages/orders/files')).status).toBe(404);
    await page.getByRole('link', { name: 'People' }).click();
    await saveRoles('Roles of ada', 'readers', true);
    expect((await ada.send('/v1/stages/orders/files')).status).toBe(200);
    await page.getByRole('row', { name: /^ada readers/ }).waitFor();
    await saveRoles('Roles of ada', 'readers', false);
    expect((await ada.send('/v1/stages/orders/files')).status).toBe(404);
  });

  it('grants a role to a role', async () => {
    await page.getByRole('link', { name: 'People' }).click();
    await saveRoles('Roles that loaders holds', 'readers', true);
    await page.getByRole('row', { name: /^loaders readers/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Roles of root' }).count()).toBe(0);
  });

  it('offers nothing of that to somebody who may not, and says why', async () => {
    const ofAda = await site.open('#/people');
    await signIn(ofAda, 'ada', 'password of ada');
    await ofAda.getByText('You see yourself, and whom you may see.').click();
    await ofAda.getByText('GRANT CREATE USER ON *.* TO …;').waitFor();
    await ofAda.getByRole('row', { name: /^ada/ }).waitFor();
    for (const name of ['Create a user', 'Create a role', 'Roles of ada', 'Drop ada'])
      expect(await ofAda.getByRole('button', { name }).count()).toBe(0);
    await ofAda.getByRole('link', { name: 'Access' }).first().click();
    await ofAda.getByText('There is no stage that you decide about.').waitFor();
  });

  async function saveRoles(button: string, role: string, isGranted: boolean): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').getByLabel(role, { exact: true }).setChecked(isGranted);
    await page.getByRole('button', { name: 'Save the roles' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** The change is sent at once, and its answer may be a moment later. */
  async function expectGrants(
    stage: string,
    grants: readonly { readonly name: string; readonly privileges: readonly string[] }[],
  ): Promise<void> {
    const expected = grants.map(({ name, privileges }) => ({ grantee: { kind: 'role', name }, privileges }));
    const grantsNow = async (): Promise<unknown> =>
      (await site.root.send(`/v1/stages/${stage}/grants`)).json();
    await eventually<unknown>(grantsNow, { owner: 'account_admin', grants: expected });
  }
});
