import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Browser, Page } from 'playwright-core';

import { findChromium, startBrowser } from './support/browser.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';

const chromium = findChromium();
const describeWithChromium = chromium === undefined ? describe.skip : describe;
if (chromium === undefined) {
  console.warn('Pages are not opened: there is no chromium on the PATH (Debian: apt-get install chromium)');
}

/** An element of the page, which Node has no types of. */
interface Tag {
  readonly dataset: { readonly tag: string };
}

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder, { ALLOWED_HOSTS: '127.0.0.1,localhost' });
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

describe('the description of the API', () => {
  it.each(['/openapi.json', '/docs', '/docs/init.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])(
    '%s is there for everybody',
    async (path) => {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeGreaterThan(100);
    },
  );

  it('says nothing of the server that gives it', async () => {
    const text = await (await fetch(`${server.url}/openapi.json`)).text();
    expect(text).not.toContain(folder);
    expect(text).not.toContain(new URL(server.url).port);
  });

  it.each(['/docs/nothing.js', '/docs/..%2fmain.js', '/docs/%2e%2e%2f..%2fpackage.json'])(
    'has no file %s',
    async (path) => {
      expect((await fetch(`${server.url}${path}`)).status).toBe(404);
    },
  );

  it('is the same page where its address ends in a slash', async () => {
    const answer = await fetch(`${server.url}/docs/`);
    expect(answer.redirected).toBe(true);
    expect(answer.url).toBe(`${server.url}/docs`);
  });

  it('is not sent again to a browser that has a file of it', async () => {
    const url = `${server.url}/docs/swagger-ui-bundle.js`;
    const date = (await fetch(url)).headers.get('last-modified') ?? '';
    expect(date).toMatch(/ GMT$/);
    // Not by fetch, which asks for no cached answer where it has a condition.
    const [answer] = (await once(get(url, { headers: { 'if-modified-since': date } }), 'response')) as [
      IncomingMessage,
    ];
    expect(answer.resume().statusCode).toBe(304);
  });
});

describeWithChromium('the page of the description', () => {
  let browser: Browser;
  let page: Page;
  const messages: string[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '', []);
    page = await browser.newPage();
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(`${server.url}/docs`);
    await page.waitForSelector('.opblock-tag');
  });

  afterAll(() => browser.close());

  it('shows every group of routes', async () => {
    const shown = await page
      .locator('.opblock-tag')
      .evaluateAll((tags) => (tags as unknown as Tag[]).map(({ dataset }) => dataset.tag));
    const answer = await fetch(`${server.url}/openapi.json`);
    const { tags } = (await answer.json()) as { tags: { name: string }[] };
    expect(shown).toEqual(tags.map(({ name }) => name));
  });

  it('shows an operation with its parameters and answers', async () => {
    await page.locator('.opblock-tag[data-tag="Files"]').click();
    await page.locator('[id$="-uploadFile"] .opblock-summary-control').click();
    const operation = page.locator('[id$="-uploadFile"]');
    await operation.getByText('x-stagedoor-overwrite').first().waitFor();
    const text = await operation.innerText();
    expect(text).toContain('x-stagedoor-overwrite');
    expect(text).toContain('PreconditionFailed');
  });

  it('sends a request for its reader', async () => {
    await page.locator('.opblock-tag[data-tag="Service"]').click();
    const operation = page.locator('[id$="-health"]');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').click();
    await operation.locator('.live-responses-table .response-col_status').first().waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain('200');
  });

  it('asks nobody but its server, breaks no rule of its policy, and complains of nothing', () => {
    const foreign = requested.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'));
    expect(foreign).toEqual([]);
    expect(messages.filter((message) => !message.startsWith('log: '))).toEqual([]);
  });
});
