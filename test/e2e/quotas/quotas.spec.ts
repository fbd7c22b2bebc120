import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { newPerson, Rest } from '../people/rest.js';
import { Client } from '../support/client.js';
import { eventually, storedFiles } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { metric } from '../support/metrics.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Quota {
  readonly max_bytes: number | null;
  readonly max_files: number | null;
  readonly used_bytes: number;
  readonly used_files: number;
  readonly reserved_bytes: number;
  readonly reserved_files: number;
  readonly left_bytes: number | null;
  readonly left_files: number | null;
}

const MEBIBYTE = 1024 ** 2;

let testApp: TestApp;
let client: Client;
let root: Rest;

beforeAll(async () => {
  testApp = await startTestApp({ LEFTOVER_SWEEP_SECONDS: '1' });
  client = new Client(testApp);
  root = new Rest(testApp);
});

afterAll(() => testApp.close());

let stages = 0;

/** A stage of its own, with a quota. */
async function limited(quota: Partial<Quota> & { readonly force?: boolean }): Promise<string> {
  const name = `limited_${String(++stages)}`;
  await root.get('POST /v1/stages', { name }, 201);
  await root.get(`PUT /v1/stages/${name}/quota`, quota);
  return name;
}

async function quotaOf(stage: string, query = ''): Promise<Quota> {
  return root.get<Quota>(`GET /v1/stages/${stage}/quota${query}`);
}

async function put(stage: string, name: string, body: Buffer | string, headers = {}): Promise<RawAnswer> {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return client.request(`PUT /v1/stages/${stage}/files/${name}`, { ...length, ...headers }, body);
}

/** Without a declared length. */
async function putChunked(stage: string, name: string, bytes: number): Promise<RawAnswer> {
  const connection = await client.start(`PUT /v1/stages/${stage}/files/${name}`, {
    'transfer-encoding': 'chunked',
  });
  const piece = Buffer.alloc(Math.min(bytes, 256 * 1024), 'x');
  for (let left = bytes; left > 0 && !connection.hasReceived; left -= piece.length) {
    const chunk = piece.subarray(0, Math.min(left, piece.length));
    await connection.write(`${chunk.length.toString(16)}\r\n`);
    await connection.write(chunk);
    await connection.write('\r\n');
  }
  if (!connection.hasReceived) await connection.write('0\r\n\r\n');
  const answer = await connection.expectAnswer();
  connection.leave();
  return answer;
}

function kindOf({ status, body }: RawAnswer): string {
  const kind = status < 300 ? '' : (JSON.parse(body.toString()) as { error: { kind: string } }).error.kind;
  return `${String(status)} ${kind}`.trim();
}

describe('a quota', () => {
  it('is shown with what is used and what is left, and in the view of the stage', async () => {
    const stage = await limited({ max_bytes: 100, max_files: 3 });
    expect(kindOf(await put(stage, 'a', '12345'))).toBe('201');
    expect(await quotaOf(stage)).toMatchObject({
      max_bytes: 100,
      max_files: 3,
      used_bytes: 5,
      used_files: 1,
      reserved_bytes: 0,
      reserved_files: 0,
      left_bytes: 95,
      left_files: 2,
    });
    expect(await root.get(`GET /v1/stages/${stage}`)).toMatchObject({
      quota: { max_bytes: 100, max_files: 3 },
    });
    expect(await root.get('GET /v1/stages/~')).toMatchObject({ quota: null });
  });

  it('refuses a file by its declared length before its body is read, and says what is left', async () => {
    const stage = await limited({ max_bytes: 100 });
    await put(stage, 'a', 'x'.repeat(60));
    const connection = await client.start(`PUT /v1/stages/${stage}/files/b`, {
      'content-length': '41',
      expect: '100-continue',
    });
    const answer = await connection.expectAnswer();
    connection.leave();
    expect(kindOf(answer)).toBe('413 QuotaExceeded');
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      error: { code: 413, message: expect.stringMatching(/room for 40 more.* Remove files/) as string },
      quota: { max_bytes: 100, max_files: null, left_bytes: 40, left_files: null },
    });
    expect(kindOf(await put(stage, 'b', 'x'.repeat(40)))).toBe('201');
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 100, left_bytes: 0 });
  });

  it('refuses one file too many', async () => {
    const stage = await limited({ max_files: 2 });
    for (const name of ['a', 'b']) expect(kindOf(await put(stage, name, ''))).toBe('201');
    expect(kindOf(await put(stage, 'c', ''))).toBe('413 QuotaExceeded');
    expect(kindOf(await putChunked(stage, 'c', 1))).toBe('413 QuotaExceeded');
    expect(kindOf(await put(stage, 'a', 'longer'))).toBe('200');
    expect(await client.names(stage)).toEqual(['a', 'b']);
  });

  it('refuses a file of unknown length in the middle, and nothing of it is visible or stays', async () => {
    const stage = await limited({ max_bytes: 3 * MEBIBYTE });
    expect(kindOf(await putChunked(stage, 'large', 64 * MEBIBYTE))).toBe('413 QuotaExceeded');
    expect(await client.names(stage)).toEqual([]);
    await eventually(async () => {
      expect((await storedFiles(testApp)).filter((path) => path.includes(stage))).toEqual([]);
      expect(await quotaOf(stage)).toMatchObject({ used_bytes: 0, reserved_bytes: 0, reserved_files: 0 });
    });
    expect(kindOf(await putChunked(stage, 'exact', 3 * MEBIBYTE))).toBe('201');
    expect(kindOf(await putChunked(stage, 'more', 1))).toBe('413 QuotaExceeded');
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 3 * MEBIBYTE, left_bytes: 0 });
  });

  it('counts of a file that replaces another the difference', async () => {
    const stage = await limited({ max_bytes: 100 });
    await put(stage, 'a', 'x'.repeat(60));
    await put(stage, 'b', 'x'.repeat(40));
    expect(kindOf(await put(stage, 'a', 'y'.repeat(61)))).toBe('413 QuotaExceeded');
    expect(await client.content(stage, 'a')).toBe('x'.repeat(60));
    expect(kindOf(await put(stage, 'a', 'y'.repeat(60)))).toBe('200');
    expect(kindOf(await put(stage, 'a', 'y'.repeat(10)))).toBe('200');
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 50, used_files: 2 });
    expect(kindOf(await put(stage, 'b', 'z'.repeat(90)))).toBe('200');
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 100, used_files: 2, left_bytes: 0 });
  });

  it('is freed by each way to remove files', async () => {
    const stage = await limited({ max_bytes: 10, max_files: 4 });
    for (const name of ['a', 'd/b', 'd/c']) await put(stage, name, '123');
    await client.send(`/v1/stages/${stage}/files/a`, { method: 'DELETE' });
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 6, used_files: 2 });
    await client.send(`/v1/stages/${stage}/files?prefix=d/`, { method: 'DELETE' });
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 0, used_files: 0, left_files: 4 });
    expect(kindOf(await put(stage, 'a', '0123456789'))).toBe('201');
  });

  it('holds for copies and moves into the stage, and not for a new name in it', async () => {
    const stage = await limited({ max_bytes: 10 });
    await root.get('POST /v1/stages', { name: 'unlimited' }, 201);
    await put('unlimited', 'six', '123456');
    const transfer = async (how: string, to: string, fields: object): Promise<number> =>
      (await root.send(`POST /v1/stages/${to}/${how}`, fields)).status;
    const six = { from: 'six', from_stage: 'unlimited' };
    expect(await transfer('copy', stage, { ...six, to: 'a' })).toBe(201);
    expect(await transfer('copy', stage, { ...six, to: 'b' })).toBe(413);
    expect(await transfer('move', stage, { ...six, to: 'b' })).toBe(413);
    expect(await transfer('copy', stage, { from: 'a', to: 'b' })).toBe(413);
    expect(await client.content('unlimited', 'six')).toBe('123456');
    expect(await transfer('move', stage, { from: 'a', to: 'b' })).toBe(201);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 6, used_files: 1, reserved_bytes: 0 });
    expect(await transfer('move', 'unlimited', { from: 'b', to: 'c', from_stage: stage })).toBe(201);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 0, used_files: 0, left_bytes: 10 });
    expect(await transfer('move', stage, { ...six, to: 'a' })).toBe(201);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 6, used_files: 1 });
  });

  it('ends a form at the file that has no room; the files before it stay', async () => {
    const stage = await limited({ max_bytes: 10 });
    const answer = await client.upload(
      form(filePart('a', '1234'), filePart('b', '12345'), filePart('c', '12')),
      { stage_name: stage },
    );
    expect(kindOf(answer)).toBe('413 QuotaExceeded');
    expect(JSON.parse(answer.body.toString())).toMatchObject({ files: ['a', 'b'] });
    expect(await client.names(stage)).toEqual(['a', 'b']);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 9, used_files: 2, left_bytes: 1 });
  });

  it('refuses a form before it is read that is larger than the stage could ever hold', async () => {
    const stage = await limited({ max_bytes: 10 });
    const connection = await client.startUpload({
      stage_name: stage,
      'content-length': String(10 ** 10),
      expect: '100-continue',
    });
    const answer = await connection.expectAnswer();
    connection.leave();
    expect(kindOf(answer)).toBe('413 QuotaExceeded');
  });

  it('holds for presigned uploads', async () => {
    const stage = await limited({ max_bytes: 3 });
    const { url } = await root.get<{ url: string }>(`POST /v1/stages/${stage}/presign`, {
      method: 'PUT',
      path: 'p',
    });
    expect((await fetch(url, { method: 'PUT', body: '1234' })).status).toBe(413);
    expect((await fetch(url, { method: 'PUT', body: '123' })).status).toBe(200);
  });

  it('leaves room for what is skipped or fails', async () => {
    const stage = await limited({ max_bytes: 10 });
    await put(stage, 'a', '12345');
    const skip = { 'x-stagedoor-overwrite': 'skip' };
    expect((await put(stage, 'a', '123456', skip)).status).toBe(200);
    expect((await put(stage, 'b', '12345', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' })).status).toBe(400);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 5, reserved_bytes: 0, left_bytes: 5 });
    const connection = await client.start(`PUT /v1/stages/${stage}/files/c`, { 'content-length': '5' }, '12');
    await eventually(async () => {
      expect(await quotaOf(stage)).toMatchObject({ reserved_bytes: 5, reserved_files: 1, left_bytes: 0 });
    });
    connection.leave();
    await eventually(async () => {
      expect(await quotaOf(stage)).toMatchObject({ reserved_bytes: 0, left_bytes: 5 });
    });
  });

  it('keeps room for what a running upload replaces, where that is removed meanwhile', async () => {
    const stage = await limited({ max_bytes: 10 });
    await put(stage, 'a', '1234567890');
    const running = await client.start(`PUT /v1/stages/${stage}/files/a`, { 'content-length': '8' }, '1234');
    await eventually(async () => {
      expect(await quotaOf(stage)).toMatchObject({ reserved_bytes: 0, reserved_files: 0 });
    });
    await client.send(`/v1/stages/${stage}/files/a`, { method: 'DELETE' });
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 0, reserved_bytes: 8, left_bytes: 2 });
    expect(kindOf(await put(stage, 'b', '123'))).toBe('413 QuotaExceeded');
    await running.write('5678');
    expect((await running.expectAnswer()).status).toBeLessThan(300);
    running.leave();
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 8, reserved_bytes: 0, left_bytes: 2 });
  });

  it('is never exceeded by two hundred uploads that race for the last bytes', async () => {
    const stage = await limited({ max_bytes: 50 * 1000 + 999, max_files: 1000 });
    const racing = Array.from({ length: 200 }, (_, number) =>
      number % 2 === 0
        ? put(stage, `f${String(number)}`, 'x'.repeat(1000))
        : putChunked(stage, `f${String(number)}`, 1000),
    );
    const statuses = (await Promise.all(racing)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(50);
    expect(statuses.filter((status) => status === 413)).toHaveLength(150);
    expect(await client.names(stage, '?limit=1000')).toHaveLength(50);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 50_000, reserved_bytes: 0, left_bytes: 999 });
    expect(await quotaOf(stage, '?fresh=true')).toMatchObject({ used_bytes: 50_000, used_files: 50 });
  });

  it('can be set while uploads run that began without it: they count', async () => {
    const stage = 'late';
    await root.get('POST /v1/stages', { name: stage }, 201);
    const start = async (name: string): ReturnType<typeof client.start> =>
      client.start(`PUT /v1/stages/${stage}/files/${name}`, { 'content-length': '8' }, '1234');
    const first = await start('a');
    const second = await start('b');
    await root.get(`PUT /v1/stages/${stage}/quota`, { max_bytes: 10 });
    await first.write('5678');
    expect((await first.expectAnswer()).status).toBe(201);
    await second.write('5678');
    expect(kindOf(await second.expectAnswer())).toBe('413 QuotaExceeded');
    for (const connection of [first, second]) connection.leave();
    expect(await client.names(stage)).toEqual(['a']);
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 8, left_bytes: 2 });
  });

  it('counts files from outside and forgets removed ones when it is counted anew', async () => {
    const stage = 'shared';
    await root.get('POST /v1/stages', { name: stage }, 201);
    await put(stage, 'mine', '12345');
    await put(stage, 'gone', '123');
    await root.get(`PUT /v1/stages/${stage}/quota`, { max_bytes: 10 });
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 8, used_files: 2 });
    await rm(join(testApp.dataDir, 'internal/stage/internal', stage, 'gone'));
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 8, used_files: 2 });
    expect(await quotaOf(stage, '?fresh=true')).toMatchObject({ used_bytes: 5, used_files: 1 });
    expect(kindOf(await put(stage, 'gone', '12345'))).toBe('201');
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 10, used_files: 2 });
  });

  it('below what is used is refused, unless it is forced: then nothing can be added, and files can be removed', async () => {
    const stage = await limited({ max_bytes: 10 });
    await put(stage, 'a', '12345');
    expect(await root.refusal(`PUT /v1/stages/${stage}/quota`, { max_bytes: 4 })).toMatchObject({
      status: 409,
      kind: 'QuotaBelowUse',
      message: expect.stringMatching(/uses 5 bytes and 1 files/) as string,
    });
    expect(await quotaOf(stage)).toMatchObject({ max_bytes: 10 });
    await root.get(`PUT /v1/stages/${stage}/quota`, { max_bytes: 4, force: true });
    expect(await quotaOf(stage)).toMatchObject({ max_bytes: 4, used_bytes: 5, left_bytes: 0 });
    expect(kindOf(await put(stage, 'b', '1'))).toBe('413 QuotaExceeded');
    expect(kindOf(await put(stage, 'a', '1234'))).toBe('200');
  });

  it('is removed, and set again from what there is', async () => {
    const stage = await limited({ max_bytes: 5 });
    await put(stage, 'a', '12345');
    await root.done(`DELETE /v1/stages/${stage}/quota`);
    expect(await quotaOf(stage)).toMatchObject({ max_bytes: null, left_bytes: null, used_bytes: 5 });
    expect(kindOf(await put(stage, 'b', '12345'))).toBe('201');
    await root.get(`PUT /v1/stages/${stage}/quota`, { max_bytes: 11 });
    expect(await quotaOf(stage)).toMatchObject({ used_bytes: 10, left_bytes: 1 });
  });

  it('stays with the name when the stage is replaced', async () => {
    const stage = await limited({ max_bytes: 5 });
    await put(stage, 'a', '12345');
    const replaced = await root.get('POST /v1/stages', { name: stage, or_replace: true }, 201);
    expect(replaced).toMatchObject({ quota: { max_bytes: 5 } });
    expect(await quotaOf(stage)).toMatchObject({ max_bytes: 5, used_bytes: 0 });
    expect(kindOf(await put(stage, 'a', '123456'))).toBe('413 QuotaExceeded');
    expect(kindOf(await put(stage, 'a', '12345'))).toBe('201');
  });

  it('counts its refusals', async () => {
    const refused = (when: string): Promise<number> =>
      metric(client, `stagedoor_quota_refusals_total{limit="bytes",when="${when}"}`);
    const stage = await limited({ max_bytes: 1 });
    const before = [await refused('before'), await refused('while')] as const;
    await put(stage, 'a', '12');
    await putChunked(stage, 'a', 2);
    expect([await refused('before'), await refused('while')]).toEqual([before[0] + 1, before[1] + 1]);
  });

  it.each([
    [{ max_bytes: -1 }, /max_bytes.*0 or more/],
    [{ max_bytes: 1.5 }, /max_bytes.*whole number/],
    [{ max_files: '5' }, /max_files: must be a number/],
    [{ max_bytes: 1e300 }, /max_bytes/],
    [{}, /max_bytes, max_files or both/],
    [{ max_bytes: null }, /max_bytes, max_files or both/],
    [{ bytes: 5 }, /bytes is unknown here/],
  ])('of %j is 400', async (quota, message) => {
    expect(await root.refusal('PUT /v1/stages/~/quota', quota)).toMatchObject({
      status: 400,
      kind: 'InvalidRequest',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is not for external stages', async () => {
    const connection = { access_key_id: 'a', secret_access_key: 'b' };
    await root.get('POST /v1/stages', { name: 'external', url: 's3://bucket/', connection }, 201);
    expect(await root.refusal('PUT /v1/stages/external/quota', { max_bytes: 1 })).toMatchObject({
      status: 400,
      kind: 'NoQuota',
    });
  });
});

describe("the quota of a user's own stage", () => {
  it('is set by administrators, and seen by the user', async () => {
    const ann = await newPerson(testApp, 'ann');
    await root.get('PUT /v1/users/ann/quota', { max_bytes: 5, max_files: 1 });
    const own = await ann.get<Quota>('GET /v1/stages/~/quota');
    expect(own).toMatchObject({ max_bytes: 5, used_bytes: 0, left_files: 1 });
    expect(await ann.get('GET /v1/users/ann/quota')).toEqual(own);
    const send = async (name: string, body: string): Promise<number> =>
      (await ann.client.send(`/v1/stages/~/files/${name}`, { method: 'PUT', body })).status;
    expect(await send('a', '123456')).toBe(413);
    expect(await send('a', '12345')).toBe(201);
    expect(await send('b', '')).toBe(413);
    for (const line of ['PUT /v1/users/ann/quota', 'PUT /v1/stages/~/quota'])
      expect(await ann.refusal(line, { max_bytes: 50 })).toMatchObject({ status: 403 });
    expect(await root.refusal('PUT /v1/users/ann/quota', { max_bytes: 4 })).toMatchObject({ status: 409 });
    expect(await root.refusal('PUT /v1/users/nobody/quota', { max_bytes: 4 })).toMatchObject({ status: 404 });
    await root.done('DELETE /v1/users/ann/quota');
    expect(await send('b', 'xxxxxxxxxx')).toBe(201);
  });

  it('limits nobody else', async () => {
    await newPerson(testApp, 'bob');
    await root.get('PUT /v1/users/bob/quota', { max_bytes: 0 });
    expect(await root.get('GET /v1/stages/~/quota')).toMatchObject({ max_bytes: null });
    expect((await client.upload(form(filePart('f', '123')))).status).toBe(200);
  });
});
