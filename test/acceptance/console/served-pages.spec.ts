import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';

const BUILT = resolve(import.meta.dirname, '../../../dist/console');
const INITIAL_SCRIPT_BYTES = 90_000;

/** The only name by which the server may be asked. */
const HOST = '127.0.0.1';

/** The addresses of scripts and styles that the page names itself. */
async function assetsOfPage(): Promise<readonly string[]> {
  const html = await readFile(join(BUILT, 'index.html'), 'utf8');
  return [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path ?? '');
}

describe('the console', () => {
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder, { ALLOWED_HOSTS: HOST });
  });

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
  });

  it('is a page at the address of the server', async () => {
    const answer = await fetch(`${server.url}/`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  it('runs no script but its own files, and stands in no frame', async () => {
    const { headers } = await fetch(`${server.url}/`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(await readFile(join(BUILT, 'index.html'), 'utf8')).not.toMatch(
      /<script[^>]*>[^<]|\son\w+=|style=/,
    );
  });

  it('has files that a browser keeps for good, since their names change with their content', async () => {
    const assets = await assetsOfPage();
    expect(assets.length).toBeGreaterThan(2);
    for (const path of assets) {
      expect(path).toMatch(/^console\/[\w-]+-[\w-]{8}\.(js|css|svg)$/);
      const answer = await fetch(`${server.url}/${path}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('gives the licences of all that is bundled, each with its text', async () => {
    const answer = await fetch(`${server.url}/console/licences.md`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const [, ...notices] = (await answer.text()).split(/^## /m);
    const names = notices.map((notice) => /^(\S+)/.exec(notice)?.[1]?.replace(/^\[/, ''));
    for (const name of ['preact', '@tanstack/react-query', 'openapi-fetch', 'hyparquet'])
      expect(names).toContain(name);
    for (const notice of notices) {
      expect(notice).toMatch(/^.*\((MIT|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD)\)/);
      expect(notice).toMatch(/permission|license/i);
    }
  });

  it.each([
    '/console/nothing.js',
    '/console/..%2f..%2fserver/main.js',
    '/console/',
    '/index.html',
    '/console',
  ])('has nothing at %s', async (path) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { kind: 'UnknownRoute' } });
  });

  it('takes no route of the API', async () => {
    const stages = await fetch(`${server.url}/v1/stages`);
    expect(stages.status).toBe(401);
    expect((await fetch(`${server.url}/v1/console`)).status).toBe(404);
    expect((await fetch(`${server.url}/`, { method: 'POST' })).status).toBe(404);
  });

  it('is refused for a host that ALLOWED_HOSTS does not name, as every route is', async () => {
    const answer = await fetch(server.url.replace(HOST, 'localhost'));
    expect(answer.status).toBe(421);
    expect(await answer.json()).toMatchObject({ error: { kind: 'HostNotAllowed' } });
  });

  it('is small: what is loaded first is at most 90 kB', async () => {
    const scripts = (await assetsOfPage()).filter((path) => path.endsWith('.js'));
    const contents = await Promise.all(scripts.map(async (path) => readFile(join(BUILT, path))));
    const bytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(INITIAL_SCRIPT_BYTES);
    expect((await readdir(join(BUILT, 'console'))).length).toBeGreaterThan(scripts.length); // the rest is loaded later
  });
});

describe.each([
  ['on', 200, true],
  ['off', 404, false],
] as const)('the console where CONSOLE is %s', (setting, status, isNamed) => {
  it(`answers ${String(status)}, and the start says whether it is there`, async () => {
    const folder = await temporaryFolder();
    const server = await startServer(folder, { CONSOLE: setting });
    const [asset = ''] = await assetsOfPage();
    const answers = await Promise.all(['', asset].map(async (path) => fetch(`${server.url}/${path}`)));
    await server.stop();
    await removeFolder(folder);
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(/Stagedoor listens on http:\S+: its console is there, too/.test(server.logs())).toBe(isNamed);
  });
});
