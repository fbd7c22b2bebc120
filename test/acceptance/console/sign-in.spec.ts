import type { Page } from 'playwright-core';

import { ConsoleServer, describeWithChromium, PASSWORD, signIn } from './support/console-server.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
/** Ends the session after the page has looked which names are taken, and before it sends a file. */
const ENDS_BEFORE_SENDING = `(() => {
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    void endSession().then(() => send.call(this, body));
  };
})()`;
const TIMEOUT_MS = 60_000;

describeWithChromium('signing in to the console', () => {
  let site: ConsoleServer;

  beforeAll(async () => {
    site = await ConsoleServer.start();
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  it('says in the words of the server why a password is refused', async () => {
    const page = await site.open();
    await page.getByLabel('Name').fill('root');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('Authentication failed');
  });

  it('is over with a reload, unless the tab is asked to keep it', async () => {
    const page = await site.openAsRoot();
    await page.reload();
    await page.getByLabel('Stay signed in while this tab is open').check();
    await signIn(page, 'root', PASSWORD);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  it('ends on the server, too, when somebody signs out', async () => {
    const page = await site.open();
    const listing = page.waitForRequest(/\/v1\/stages\?/);
    await signIn(page, 'root', PASSWORD);
    const { authorization = '' } = await (await listing).allHeaders();
    expect(await statusOf(authorization)).toBe(200);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await statusOf(authorization)).toBe(401);
  });

  it('is asked for anew by the page, not by the password box of the browser, where the session has ended', async () => {
    const page = await site.open();
    const asked = await passwordBoxes(page);
    await page.goto(`${site.untrustedUrl}/#/stages/~`);
    const listing = page.waitForRequest(/\/v1\/stages\/~\/files/);
    await signIn(page, 'root', PASSWORD);
    const { authorization = '' } = await (await listing).allHeaders();
    await page.getByText('There are no files here yet.').waitFor();
    await page.exposeFunction('endSession', async () => endSession(authorization));
    await page.evaluate(ENDS_BEFORE_SENDING);
    const buffer = Buffer.from('text');
    const file = { name: 'late.txt', mimeType: 'text/plain', buffer };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByText('Your session has ended, please sign in again.').waitFor();
    expect(asked).toEqual([]);
  });

  it('works by an API token, which may do its part alone', async () => {
    const body = JSON.stringify({ name: 'reader', scope: { privileges: ['READ'] } });
    const answer = await site.root.send('/v1/tokens', { method: 'POST', headers: JSON_HEADERS, body });
    const { token } = (await answer.json()) as { readonly token: string };
    const page = await site.open('#/stages/~');
    await page.getByRole('button', { name: 'Use an API token' }).click();
    await page.getByLabel('API token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('There are no files here yet.').waitFor();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'refused.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('text'),
      });
    await page.getByText(/Permission denied: the API token/).waitFor();
  });

  it('leads a user who must change the password through that first', async () => {
    const body = JSON.stringify({ name: 'new', auth_string: 'first password', must_change_password: true });
    await site.root.send('/v1/users', { method: 'POST', headers: JSON_HEADERS, body });
    const page = await site.open();
    await page.getByLabel('Name').fill('new');
    await page.getByLabel('Password').fill('first password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('New password').fill('second password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
  });

  async function endSession(authorization: string): Promise<void> {
    const headers = { authorization, ...JSON_HEADERS };
    const answer = await fetch(`${site.server.url}/v1/session/logout`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect(answer.status).toBe(200);
  }

  async function statusOf(authorization: string): Promise<number> {
    return (await fetch(`${site.server.url}/v1/stages`, { headers: { authorization } })).status;
  }
});

describeWithChromium('signing in on this machine, where root has no password', () => {
  it('is one click', async () => {
    const server = await ConsoleServer.start({});
    const page = await server.open();
    await page.getByRole('button', { name: 'Continue as root without a password' }).click();
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
    await server.stop();
  });
});

/** Where the browser would ask for a password in a box of its own, which nobody sees headless. */
async function passwordBoxes(page: Page): Promise<readonly string[]> {
  const asked: string[] = [];
  const session = await page.context().newCDPSession(page);
  session.on(
    'Fetch.requestPaused',
    ({ requestId }) => void session.send('Fetch.continueRequest', { requestId }),
  );
  session.on('Fetch.authRequired', ({ requestId, request }) => {
    asked.push(request.url);
    const authChallengeResponse = { response: 'CancelAuth' } as const;
    void session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse });
  });
  await session.send('Fetch.enable', { handleAuthRequests: true });
  return asked;
}
