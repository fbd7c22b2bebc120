import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { OPERATOR } from '../../../src/access/principal.js';
import { UserCatalog } from '../../../src/people/accounts/user-catalog.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { newDatabaseUrl } from '../../support/test-database.js';
import { basic, Client } from '../support/client.js';
import { eventually, filesBelow } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import type { RawConnection } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PASSWORD = 'password of ann';
const BODY = form(filePart('f', randomBytes(100_000)));
/** More than the buffers of two sockets hold. */
const LARGE = randomBytes(32 * 1024 * 1024);

let here: TestApp;
let there: TestApp;
let catalog: UserCatalog;
let ann: Client;

beforeAll(async () => {
  const shared = {
    DATABASE_URL: await newDatabaseUrl(),
    CONNECTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    ROOT_PASSWORD: 'of root',
  };
  here = await startTestApp(shared);
  there = await startTestApp({ ...shared, DATA_DIR: here.dataDir });
});

afterAll(async () => {
  await there.close();
  await here.close();
});

beforeEach(async () => {
  catalog = here.app.get(UserCatalog);
  await here.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
  ann = new Client(here, basic('ann', PASSWORD));
});

afterEach(() => catalog.drop('ann', { kind: 'remove' }, OPERATOR).catch(() => undefined));

const alter = (change: Parameters<UserCatalog['alter']>[1]): Promise<void> =>
  catalog.alter('ann', change, OPERATOR);
const disable = (): Promise<void> => alter({ options: { isDisabled: true } });

/** An upload of which a part is still to come. */
async function begun(client: Client): Promise<RawConnection> {
  const length = { 'content-length': String(BODY.length) };
  const upload = await client.startUpload(length, BODY.subarray(0, BODY.length / 2));
  await delay(300);
  return upload;
}

async function expectOut(upload: RawConnection): Promise<void> {
  const answer = await upload.expectAnswer();
  expect(answer.status).toBe(401);
  expect(answer.body.toString()).toMatch(/"kind":"OutMeanwhile".*Nothing of it was stored/);
  upload.leave();
}

describe('an upload whose user is out meanwhile', () => {
  it.each<[string, () => Promise<void>]>([
    ['is disabled', disable],
    ['gets another password', () => alter({ authentication: { secret: 'another password' } })],
  ])('ends with 401 when the user %s, and nothing is stored', async (_how, out) => {
    const upload = await begun(ann);
    await out();
    await expectOut(upload);
    await alter({ options: { isDisabled: false }, authentication: { secret: PASSWORD } });
    expect(await ann.names('~')).toEqual([]);
  });

  it('ends on another server within about a second', async () => {
    const upload = await begun(new Client(there, basic('ann', PASSWORD)));
    const since = performance.now();
    await disable();
    await expectOut(upload);
    expect(performance.now() - since).toBeLessThan(5000);
  });

  it('ends when it began by a presigned URL', async () => {
    const { url } = await presigned(ann, '~', { method: 'PUT', path: 'f' });
    const upload = await new Client(here, '').start(
      `PUT ${new URL(url).pathname}`,
      { 'content-length': '1000' },
      'a part',
    );
    await delay(300);
    await disable();
    await expectOut(upload);
  });

  it('ends also where nothing has changed since its user was found to be out by an earlier look', async () => {
    const first = await begun(ann);
    await disable();
    await expectOut(first);
    await alter({ options: { isDisabled: false } });
    const second = await begun(ann);
    await disable();
    await expectOut(second);
  });

  it('goes on for everybody else', async () => {
    await here.app.get(UserService).save('bob', PASSWORD, { isAdmin: false });
    const bob = new Client(here, basic('bob', PASSWORD));
    const upload = await begun(bob);
    await disable();
    await delay(200);
    await upload.write(BODY.subarray(BODY.length / 2));
    expect((await upload.expectAnswer()).status).toBe(200);
    upload.leave();
    expect(await bob.names('~')).toEqual(['f']);
  });

  it('into its own stage stores nothing when it is dropped', async () => {
    const upload = await begun(ann);
    await catalog.drop('ann', undefined, OPERATOR);
    await expectOut(upload);
    await here.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
    expect(await ann.names('~')).toEqual([]);
  });
});

describe('a removal whose user is out meanwhile', () => {
  const FILES = 20_000;

  /** Many files in the own stage of ann, without the time that uploads would take. */
  async function folderOfMany(): Promise<string> {
    const user = await here.app.get(UserService).find('ann');
    const folder = join(here.dataDir, 'internal/stage/user', user?.id ?? '');
    for (let directory = 0; directory < FILES / 1000; directory++) {
      mkdirSync(join(folder, `d${String(directory)}`), { recursive: true });
      for (let file = 0; file < 1000; file++)
        writeFileSync(join(folder, `d${String(directory)}`, `f${String(file)}`), '');
    }
    return folder;
  }

  it.each([
    ['REMOVE', 'POST /v1/query', JSON.stringify({ sql: 'REMOVE @~' })],
    ['DELETE', 'DELETE /v1/stages/~/files?prefix=', ''],
  ])('by %s ends, says so, and removes no more', async (_how, line, body) => {
    const folder = await folderOfMany();
    const json = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const removing = ann.request(line, body === '' ? {} : json, body);
    await eventually(async () => {
      expect((await filesBelow(folder)).length).toBeLessThan(FILES);
    });
    await disable();
    const answer = await removing;
    expect(answer.body.toString()).toMatch(/"kind":"OutMeanwhile".*not (?:removed|changed) yet stays/);
    const { length } = await filesBelow(folder);
    expect(length).toBeGreaterThan(0);
    await delay(300);
    expect(await filesBelow(folder)).toHaveLength(length);
  });
});

it('a copy whose user is disabled ends with 401, and leaves nothing', async () => {
  const unfinished = join(here.dataDir, 'internal/.stagedoor-unfinished');
  const big = { method: 'PUT', body: Buffer.alloc(300 * 1024 ** 2, 1) };
  expect((await ann.send('/v1/stages/~/files/big', big)).status).toBe(201);
  const body = JSON.stringify({ from: 'big', to: 'copy' });
  const json = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const copying = ann.request('POST /v1/stages/~/copy', json, body);
  await eventually(async () => {
    expect(await filesBelow(unfinished)).toHaveLength(1);
  });
  await disable();
  const answer = await copying;
  expect(answer.status).toBe(401);
  expect(answer.body.toString()).toMatch(/"kind":"OutMeanwhile".*Nothing of it was stored/);
  expect(await filesBelow(unfinished)).toEqual([]);
  await alter({ options: { isDisabled: false } });
  expect(await ann.names('~')).toEqual(['big']);
});

it('a download is cut when its user is disabled', async () => {
  expect((await ann.upload(form(filePart('large', LARGE)))).status).toBe(200);
  const { body } = await ann.send('/v1/stages/~/files/large');
  const parts = (body as ReadableStream<Uint8Array>).getReader(); // of a file: bytes
  let bytes = (await parts.read()).value?.length ?? 0;
  await disable();
  await delay(300);
  const rest = async (): Promise<void> => {
    for (let part = await parts.read(); !part.done; part = await parts.read()) bytes += part.value.length;
  };
  await expect(rest()).rejects.toThrow();
  expect(bytes).toBeLessThan(LARGE.length);
});
