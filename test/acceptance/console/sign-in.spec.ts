import { ConsoleServer, describeWithChromium, PASSWORD, signIn } from './support/console-server.js';

const JSON_HEADERS = { 'content-type': 'application/json' };
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
