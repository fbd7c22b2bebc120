import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';

import { findChromium, startBrowser } from './support/browser.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { StageClient } from './support/stage-client.js';

const chromium = findChromium();
const describeWithChromium = chromium === undefined ? describe.skip : describe;
if (chromium === undefined) {
  console.warn('Pages are not opened: there is no chromium on the PATH (Debian: apt-get install chromium)');
}

const TIMEOUT_MS = 60_000;
const PASSWORD = 'a password';
const NAMES = ['evil.example', 'app.example', 'other.example'];
/** Enough for several events of progress. */
const LONG_BYTES = 8 * 1024 * 1024;

/** What a page's script has and Node's has not, as far as it is used. */
interface Transferring {
  addEventListener(name: string, listener: (event: { readonly loaded: number }) => void): void;
}
declare const XMLHttpRequest: new () => Transferring & {
  readonly upload: Transferring;
  readonly status: number;
  readonly response: ArrayBuffer;
  responseType: string;
  open(method: string, url: string): void;
  send(body: Uint8Array | null): void;
};

let browser: Browser;
let folder: string;
let server: ServerProcess;

/** Statuses of what a page's script asks of its own origin, as `root` with the empty password and as nobody. */
async function askFrom(page: Page): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(async () => {
    const asRoot = { authorization: `Basic ${btoa('root:')}` };
    const json = { 'content-type': 'application/json' };
    const statusOf = async (path: string, init: RequestInit = {}): Promise<number> =>
      fetch(path, init).then(
        ({ status }) => status,
        () => 0,
      );
    const sql = JSON.stringify({ sql: 'LIST @~' });
    const presign = JSON.stringify({ path: 'secret.csv', method: 'GET', expires_in_seconds: 604_800 });
    return {
      list: await statusOf('/v1/stages/~/files', { headers: asRoot }),
      listAsNobody: await statusOf('/v1/stages/~/files'),
      read: await statusOf('/v1/stages/~/files/secret.csv', { headers: asRoot }),
      write: await statusOf('/v1/stages/~/files/planted.csv', { method: 'PUT', headers: asRoot, body: 'x' }),
      remove: await statusOf('/v1/stages/~/files/secret.csv', { method: 'DELETE', headers: asRoot }),
      sql: await statusOf('/v1/query', { method: 'POST', headers: { ...asRoot, ...json }, body: sql }),
      presign: await statusOf('/v1/stages/~/presign', {
        method: 'POST',
        headers: { ...asRoot, ...json },
        body: presign,
      }),
    };
  });
}

/** Its visitor answers a password box as the page asks for it. */
async function pageAt(url: string): Promise<Page> {
  const page = await browser.newPage({ httpCredentials: { username: 'root', password: '' } });
  await page.goto(url);
  return page;
}

describeWithChromium('a page whose name leads to this machine', () => {
  let port: string;
  let root: StageClient;

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '', NAMES);
    folder = await temporaryFolder();
    server = await startServer(folder);
    ({ port } = new URL(server.url));
    root = new StageClient(server.url);
    await root.send('/v1/stages/~/files/secret.csv', { method: 'PUT', body: 'secret' });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
    await browser.close();
  });

  it('neither lists, reads, writes nor removes anything where root has no password', async () => {
    const page = await pageAt(`http://evil.example:${port}/health`);
    const answers = await askFrom(page);
    expect(new Set(Object.values(answers))).toEqual(new Set([401]));
    expect((await root.listFiles('~')).map(({ name }) => name)).toEqual(['secret.csv']);
  });

  it('is no way in by its address, either', async () => {
    const page = await browser.newPage({ httpCredentials: { username: 'root', password: '' } });
    const answer = await page.goto(`http://evil.example:${port}/v1/stages/~/files/secret.csv`);
    expect(answer?.status()).toBe(401);
  });

  it('is another one than a page of the service itself, which would be let in', async () => {
    const answers = await askFrom(await pageAt(`http://localhost:${port}/health`));
    expect(answers).toMatchObject({ list: 200, read: 200, write: 201, sql: 200, presign: 200 });
  });
});

describeWithChromium('a page of an origin in CORS_ORIGINS', () => {
  let site: Server;
  let sitePort: string;
  let root: StageClient;

  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '', NAMES);
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title>');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    sitePort = String((site.address() as AddressInfo).port); // a listening TCP server has one
    folder = await temporaryFolder();
    server = await startServer(folder, {
      ROOT_PASSWORD: PASSWORD,
      CORS_ORIGINS: `http://app.example:${sitePort}`,
    });
    root = new StageClient(server.url, PASSWORD);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
    await browser.close();
    site.close();
  });

  async function presigned(path: string, method: 'GET' | 'PUT'): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ path, method });
    const answer = await root.send('/v1/stages/~/presign', { method: 'POST', headers, body });
    return ((await answer.json()) as { readonly url: string }).url;
  }

  interface Transfer {
    readonly status: number;
    readonly bytes: number;
    /** Of events before the end, and the last of them. */
    readonly progress: readonly number[];
  }

  /** As over a network: a browser tells of progress every 50 ms. */
  async function slowDown(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const [downloadThroughput, uploadThroughput] = [LONG_BYTES * 2, LONG_BYTES * 2]; // a second
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput,
      uploadThroughput,
    });
  }

  async function transfer(page: Page, method: 'GET' | 'PUT', url: string): Promise<Transfer> {
    return page.evaluate(
      async ({ method, url, length }) =>
        new Promise<Transfer>((resolve) => {
          const request = new XMLHttpRequest();
          const progress: number[] = [];
          const watched = method === 'PUT' ? request.upload : request;
          watched.addEventListener('progress', (event) => progress.push(event.loaded));
          request.addEventListener('loadend', () => {
            const { status } = request;
            const bytes = method === 'GET' && status === 200 ? request.response.byteLength : length;
            resolve({ status, bytes, progress });
          });
          request.open(method, url);
          request.responseType = 'arraybuffer';
          request.send(method === 'PUT' ? new Uint8Array(length) : null);
        }),
      { method, url, length: LONG_BYTES },
    );
  }

  it.each(['PUT', 'GET'] as const)(
    'transfers a file by a presigned URL, with progress: %s',
    async (method) => {
      const page = await pageAt(`http://app.example:${sitePort}/`);
      await slowDown(page);
      const { status, bytes, progress } = await transfer(page, method, await presigned('long.bin', method));
      expect(status).toBe(200);
      expect(bytes).toBe(LONG_BYTES);
      expect(progress.length).toBeGreaterThan(1);
      expect(progress.at(-1)).toBe(LONG_BYTES);
      expect(await root.listFiles('~')).toMatchObject([{ name: 'long.bin', size: LONG_BYTES }]);
    },
  );

  it('is refused nothing that its own script signs in for', async () => {
    const page = await pageAt(`http://app.example:${sitePort}/`);
    const status = await page.evaluate(
      async ({ url, credentials }) =>
        (await fetch(url, { headers: { authorization: `Basic ${btoa(credentials)}` } })).status,
      { url: `${server.url}/v1/stages`, credentials: `root:${PASSWORD}` },
    );
    expect(status).toBe(200);
  });

  it.each(['PUT', 'GET'] as const)(
    'is no page of another origin, which transfers nothing: %s',
    async (method) => {
      const page = await pageAt(`http://other.example:${sitePort}/`);
      const { status } = await transfer(page, method, await presigned('long.bin', method));
      expect(status).toBe(0);
    },
  );
});
