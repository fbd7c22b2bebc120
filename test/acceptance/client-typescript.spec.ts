import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import { Stagedoor, StagedoorError } from '../../clients/typescript/src/stagedoor.js';
import {
  buildClient,
  CLIENT_FOLDER,
  clientTypes,
  installClientTools,
  TYPES_FILE,
} from '../../scripts/lib/typescript/client-tools.mjs';
import { findChromium, startBrowser } from './support/browser.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { StageClient } from './support/stage-client.js';
import { unreliableProxy, type Fate, type UnreliableProxy } from './support/unreliable-proxy.js';

const PASSWORD = 'secret: ü';
const CREDENTIALS = { user: 'root', password: PASSWORD };
const LONG_BYTES = 3_000_001;
const APP_ORIGIN = 'app.example';

const reason = await installClientTools((line) => {
  console.error(line);
});
const hasTools = reason === undefined || process.env['CI'] !== undefined;
if (!hasTools) console.warn(reason);

let folder: string;
let server: ServerProcess;
let root: StageClient;
let site: Server;
let siteUrl: string;
let proxy: UnreliableProxy | undefined;

beforeAll(async () => {
  site = createServer((request, response) => {
    answerFor(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo; // a listening TCP server has one
  siteUrl = `http://${APP_ORIGIN}:${String(port)}`;
  folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  server = await startServer(join(folder, 'data'), { ROOT_PASSWORD: PASSWORD, CORS_ORIGINS: siteUrl });
  root = new StageClient(server.url, PASSWORD);
});

beforeEach(async () => {
  await root.createStage({ name: 'landing', or_replace: true });
});

afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
  site.close();
});

/** A page, and the modules of the client as its package has them. */
async function answerFor({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!url.endsWith('.js')) {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title>');
    return;
  }
  response.setHeader('content-type', 'text/javascript').end(await readFile(join(CLIENT_FOLDER, 'dist', url)));
}

function client(url = server.url): Stagedoor {
  return new Stagedoor({ url, credentials: CREDENTIALS });
}

async function behind(fates: readonly Fate[]): Promise<Stagedoor> {
  proxy = await unreliableProxy(server.url, fates);
  return client(proxy.url);
}

async function refusal(promise: Promise<unknown>): Promise<StagedoorError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StagedoorError);
  return error as StagedoorError; // as expected above
}

describe('the client for TypeScript, on Node,', () => {
  it('uploads a file and tells of its progress', async () => {
    const path = join(folder, 'long.bin');
    await writeFile(path, Buffer.alloc(LONG_BYTES, 'x'));
    const progress: number[] = [];
    const row = await client().upload('landing', 'a b/ü?#%.bin', await openAsBlob(path), {
      contentType: 'text/plain',
      onProgress: (sent, total) => {
        expect(total).toBe(LONG_BYTES);
        progress.push(sent);
      },
    });
    expect(row).toMatchObject({ name: 'a b/ü?#%.bin', size: LONG_BYTES });
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(LONG_BYTES);
  });

  it.each([
    ['a text', 'content'],
    ['bytes', new Uint8Array(Buffer.from('content'))],
    ['a blob', new Blob(['content'])],
  ])('uploads %s', async (_what, body) => {
    await client().upload('landing', 'f', body);
    expect((await root.download('landing', 'f')).toString()).toBe('content');
  });

  it('sends an upload again whose answer is lost, under one key, so that it is stored once', async () => {
    const stages = await behind(['answerIsLost', 'handedOn']);
    expect(await stages.upload('landing', 'f', 'content')).toMatchObject({ name: 'f', size: 7 });
    const keys = proxy?.uploads.map(({ headers }) => headers['idempotency-key']) ?? [];
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(new Set(proxy?.uploads.map(({ uploadId }) => uploadId)).size).toBe(1);
  });

  it('sends an upload again that the server is too busy for, with its progress', async () => {
    const stages = await behind([{ busySeconds: 1 }, 'handedOn']);
    const progress: number[] = [];
    await stages.upload('landing', 'f', 'content', { onProgress: (sent) => progress.push(sent) });
    expect((await root.download('landing', 'f')).toString()).toBe('content');
    expect(progress).toEqual([7, 7]);
  });

  it('gives up after the attempts that it may make', async () => {
    proxy = await unreliableProxy(server.url, [{ busySeconds: 1 }]);
    const stages = new Stagedoor({ url: proxy.url, credentials: CREDENTIALS, attempts: 2 });
    expect((await refusal(stages.upload('landing', 'f', 'x'))).status).toBe(503);
    expect(proxy.uploads).toHaveLength(2);
  });

  it('sends nothing again that would be refused again', async () => {
    const stages = await behind(['handedOn']);
    const error = await refusal(stages.upload('nope', 'f', 'x'));
    expect(error).toMatchObject({ status: 404, kind: 'UnknownStage', code: 2501 });
    expect(error.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(proxy?.uploads).toHaveLength(1);
  });

  it('replaces no file that it is asked to keep', async () => {
    await client().upload('landing', 'f', 'first', { ifNoneMatch: '*' });
    const error = await refusal(client().upload('landing', 'f', 'second', { ifNoneMatch: '*' }));
    expect(error.kind).toBe('PreconditionFailed');
    await client().upload('landing', 'f', 'third', { overwrite: 'skip' });
    expect((await root.download('landing', 'f')).toString()).toBe('first');
  });

  it('stops waiting for the next attempt when it is cancelled', async () => {
    const stages = await behind([{ busySeconds: 60 }]);
    const controller = new AbortController();
    const upload = stages.upload('landing', 'f', 'x', { signal: controller.signal });
    while (proxy?.uploads.length === 0) await new Promise(setImmediate);
    controller.abort(new Error('enough'));
    await expect(upload).rejects.toThrow('enough');
  });

  it('lists page after page, as files are asked for', async () => {
    for (const name of ['a', 'b', 'c', 'other']) await client().upload('landing', `p/${name}`, name);
    const names: string[] = [];
    for await (const { name } of client().list('landing', { prefix: 'p/', limit: 2 })) names.push(name);
    expect(names).toEqual(['p/a', 'p/b', 'p/c', 'p/other']);
    const pages = [];
    for await (const page of client().pages('landing', { limit: 3 })) pages.push(page.files.length);
    expect(pages).toEqual([3, 1]);
  });

  it('downloads a file, and a range of it, as a stream', async () => {
    await client().upload('landing', 'f', 'content');
    const answer = await client().download('landing', 'f');
    expect(answer.body).toBeInstanceOf(ReadableStream);
    expect(await answer.text()).toBe('content');
    const part = await client().download('landing', 'f', { range: 'bytes=0-2' });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('con');
  });

  it('presigns a URL that needs no password', async () => {
    await client().upload('landing', 'f', 'content');
    const { url } = await client().presign('landing', { method: 'GET', path: 'f', expires_in_seconds: 60 });
    expect(await (await fetch(url)).text()).toBe('content');
  });

  it('removes a file', async () => {
    await client().upload('landing', 'f', 'content');
    await client().remove('landing', 'f');
    expect(await root.listFiles('landing')).toEqual([]);
  });

  it('signs in with a token', async () => {
    const answer = await root.send('/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'client' }),
    });
    const { token } = (await answer.json()) as { token: string };
    const stages = new Stagedoor({ url: `${server.url}/`, credentials: { token } });
    expect(await stages.upload('landing', 'f', 'content')).toMatchObject({ size: 7 });
  });

  it.each(['', '.', '..'])(
    'sends nothing for a file named %j, whose URL would be that of another thing',
    async (path) => {
      await expect(client().remove('landing', path)).rejects.toThrow(TypeError);
      await expect(client().upload('landing', path, 'x')).rejects.toThrow(TypeError);
      expect(await root.listFiles('landing')).toEqual([]);
    },
  );
});

const chromium = findChromium();
(chromium === undefined || !hasTools ? describe.skip : describe)(
  'the client for TypeScript, in Chromium,',
  () => {
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      await buildClient();
      browser = await startBrowser(chromium ?? '', [APP_ORIGIN]);
      page = await browser.newPage();
      await page.goto(siteUrl);
      await page.addScriptTag({
        type: 'module',
        content: "import { Stagedoor } from '/stagedoor.js'; globalThis.Stagedoor = Stagedoor;",
      });
      await page.waitForFunction('globalThis.Stagedoor !== undefined');
      const options = JSON.stringify({ url: server.url, credentials: CREDENTIALS });
      await page.evaluate(`globalThis.stages = new Stagedoor(${options})`);
    });

    afterAll(() => browser.close());

    it('uploads with progress, lists, downloads and presigns', async () => {
      const shown = await page.evaluate(`(async () => {
      const progress = [];
      const row = await stages.upload('landing', 'ü.bin', new Blob([new Uint8Array(${String(LONG_BYTES)})]), {
        onProgress: (sent) => progress.push(sent),
      });
      const names = [];
      for await (const { name } of stages.list('landing')) names.push(name);
      const bytes = await (await stages.download('landing', 'ü.bin')).arrayBuffer();
      const { url } = await stages.presign('landing', { method: 'GET', path: 'ü.bin' });
      return { size: row.size, sent: progress.at(-1), names, bytes: bytes.byteLength, url };
    })()`);
      expect(shown).toMatchObject({
        size: LONG_BYTES,
        sent: LONG_BYTES,
        names: ['ü.bin'],
        bytes: LONG_BYTES,
      });
      const { url } = shown as { url: string };
      expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(LONG_BYTES);
    });

    it('says why it is refused, with and without progress', async () => {
      const kinds = await page.evaluate(`(async () => {
      const kindOf = (promise) => promise.then(() => 'none', (error) => error.kind);
      return [
        await kindOf(stages.upload('nope', 'f', 'x', { onProgress: () => undefined })),
        await kindOf(stages.download('landing', 'nope')),
      ];
    })()`);
      expect(kinds).toEqual(['UnknownStage', 'FileNotFound']);
    });

    it('ends an upload that is cancelled', async () => {
      const message = await page.evaluate(`(async () => {
      const controller = new AbortController();
      const options = { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) };
      const body = new Blob([new Uint8Array(50_000_000)]);
      return stages.upload('landing', 'f', body, options).then(() => 'stored', (error) => error.message);
    })()`);
      expect(message).toBe('enough');
      expect(await root.listFiles('landing')).toEqual([]);
    });
  },
);

(hasTools ? describe : describe.skip)('the package of the client for TypeScript', () => {
  it('has the types that the document of the server has', async () => {
    const document = await (await fetch(`${server.url}/openapi.json`)).text();
    const committed = await readFile(TYPES_FILE, 'utf8');
    // `npm run client:types` makes them anew.
    expect(committed).toBe(await clientTypes(document));
  });

  it('compiles by its own TypeScript', async () => {
    await buildClient();
    expect(await readFile(join(CLIENT_FOLDER, 'dist/stagedoor.d.ts'), 'utf8')).toContain('class Stagedoor');
  });
});
