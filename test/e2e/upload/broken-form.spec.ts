import { Client } from '../support/client.js';
import {
  eventually,
  expectError,
  expectNothingStays,
  storedFiles,
  type ErrorBody,
} from '../support/expectations.js';
import { BOUNDARY, filePart, form, part, textPart } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

afterEach(async () => {
  await client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' });
});

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

describe('a form that is cut', () => {
  // Without the line break after the closing boundary, which may be missing.
  const whole = form(filePart('f', 'the new content')).subarray(0, -2);
  const cuts = Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length));

  beforeEach(async () => {
    await client.upload(form(filePart('f', 'the previous content')));
  });

  async function expectPreviousFile(): Promise<void> {
    await eventually(async () => {
      expect(await storedFiles(testApp)).toEqual(['stage/user/root/f']);
    });
    expect(await client.content('~', 'f')).toBe('the previous content');
  }

  it('at any byte, by a client that leaves before it has sent what it announced, changes nothing', async () => {
    for (const cut of cuts) {
      const connection = await client.startUpload({ 'content-length': String(whole.length) }, cut);
      connection.finish();
      const answer = await connection.answer();
      expect({ cut: cut.length, status: answer?.status ?? 400 }).toEqual({ cut: cut.length, status: 400 });
      await connection.closed();
      connection.leave();
    }
    await expectPreviousFile();
  });

  it('at any byte, in a body that ends as it should, is refused and changes nothing', async () => {
    for (const cut of cuts) {
      const answer = await client.upload(cut, { 'content-length': String(cut.length) });
      expect({ cut: cut.length, status: answer.status }).toEqual({ cut: cut.length, status: 400 });
      expect((JSON.parse(answer.body.toString()) as ErrorBody).error.message).toMatch(/form/i);
    }
    await expectPreviousFile();
  });

  it('at any byte, in a chunked body that ends as it should, is refused and changes nothing', async () => {
    for (const cut of cuts) {
      const body = Buffer.concat([cut.length === 0 ? cut : chunk(cut), Buffer.from('0\r\n\r\n')]);
      const answer = await client.upload(body, { 'transfer-encoding': 'chunked' });
      expect({ cut: cut.length, status: answer.status }).toEqual({ cut: cut.length, status: 400 });
    }
    await expectPreviousFile();
  });

  it('nowhere is the new file', async () => {
    expect((await client.upload(whole)).status).toBe(200);
    expect(await client.content('~', 'f')).toBe('the new content');
  });
});

describe('a client that leaves in the middle of a large file', () => {
  it('leaves the previous file whole and nothing else', async () => {
    await client.upload(form(filePart('large', 'previous')));
    const connection = await client.startUpload({ 'content-length': '1000000000' });
    await connection.write(filePart('large', Buffer.alloc(3_000_000)).subarray(0, -2));
    await eventually(async () => {
      expect(await storedFiles(testApp)).toHaveLength(2);
    });
    connection.leave();
    await eventually(async () => {
      expect(await storedFiles(testApp)).toEqual(['stage/user/root/large']);
    });
    expect(await client.content('~', 'large')).toBe('previous');
  });
});

describe('a form with a whole file and then a broken part', () => {
  it.each([
    ['a text field', textPart('note', 'x'), 400],
    ['a part without Content-Disposition', part(['Content-Type: text/csv'], 'x'), 400],
    ['a part with a malformed header', part([': \0'], 'x'), 400],
    ['a part without a name', part(['Content-Disposition: form-data; filename="f"'], 'x'), 400],
    ['a file whose name climbs', filePart('../x'), 400],
    ['a file below the first one', filePart('one.csv/below'), 409],
  ])('%s keeps the file and names it', async (_case, broken, status) => {
    const answer = await client.upload(form(filePart('one.csv', 'whole'), filePart('two.csv'), broken));
    const body = await expectError(answer, { status, code: expect.any(Number) as number, message: /./ });
    const listed = await client.names('~');
    expect(body.files ?? []).toEqual(listed);
    expect(['one.csv', 'two.csv'].slice(0, listed.length)).toEqual(listed);
    expect(await storedFiles(testApp)).toEqual(listed.map((name) => `stage/user/root/${name}`));
  });

  it('that comes late names every file that stayed', async () => {
    const files = [filePart('one.csv'), filePart('two.csv')];
    const connection = await client.startUpload({ 'transfer-encoding': 'chunked' });
    await connection.write(chunk(Buffer.concat([...files, filePart('three.csv').subarray(0, -2)])));
    await eventually(async () => {
      expect(await client.names('~')).toEqual(['one.csv', 'two.csv']);
    });
    await connection.write(chunk(Buffer.from(`\r\n--${BOUNDARY}garbage\r\n`)));
    const body = await expectError(await connection.expectAnswer(), { status: 400, message: /form/ });
    expect(body.files).toEqual(['one.csv', 'two.csv']);
    connection.leave();
    expect(await storedFiles(testApp)).toEqual(['stage/user/root/one.csv', 'stage/user/root/two.csv']);
  });
});

describe('a file', () => {
  it.each([
    ['whose name is a directory', 'a'],
    ['below another file', 'a/b/c'],
  ])('%s is a conflict on local disk, and the old one stays', async (_case, name) => {
    await client.upload(form(filePart('a/b', 'old')));
    const expected = { status: 409, code: 2504, message: /in the way/ };
    await expectError(await client.upload(form(filePart(name, 'new'))), expected);
    expect(await storedFiles(testApp)).toEqual(['stage/user/root/a/b']);
    expect(await client.content('~', 'a/b')).toBe('old');
  });
});

describe('a flood', () => {
  it('of a text field is answered before it ends, and not kept in memory', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage.rss();
    const connection = await client.startUpload({ 'content-length': '1000000000' });
    await connection.write(textPart('note', '').subarray(0, -2));
    let sent = 0;
    while (!connection.hasReceived && sent < 50) {
      await connection.write(mebibyte);
      sent++;
    }
    await expectError(await connection.expectAnswer(), { status: 400, message: /note|file/ });
    connection.leave();
    expect(sent).toBeLessThan(50);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
    await expectNothingStays(testApp);
  });

  it('of a text field is told by its name, as soon as its headers have come', async () => {
    const connection = await client.startUpload({ 'content-length': '1000000000' });
    await connection.write(textPart('a long note', '').subarray(0, -2));
    await connection.write('x');
    await expectError(await connection.expectAnswer(), { status: 400, message: /field 'a long note'/ });
    connection.leave();
  });

  it('before the first boundary is refused', async () => {
    const connection = await client.startUpload({ 'content-length': '1000000000' });
    while (!connection.hasReceived) await connection.write(Buffer.alloc(1024 * 1024));
    const message = /it does not begin with its boundary/;
    await expectError(await connection.expectAnswer(), { status: 400, message });
    connection.leave();
    await expectNothingStays(testApp);
  });

  it('in a part that the parser does not read is refused at once', async () => {
    const lines = Array<string>(2000).fill('a:');
    const unread = part([...lines, 'Content-Disposition: form-data; name="u"; filename="f"'], '');
    const connection = await client.startUpload({ 'content-length': '1000000000' });
    await connection.write(unread.subarray(0, -2));
    await connection.write('x');
    await expectError(await connection.expectAnswer(), {
      status: 400,
      message: /one of its parts is no file/,
    });
    connection.leave();
    await expectNothingStays(testApp);
  });

  it('of files in one form is refused, and those that were stored are named', async () => {
    const body = form(...Array.from({ length: 5000 }, (_, index) => filePart(String(index), '')));
    const answer = await expectError(await client.upload(body), { status: 400, message: /several requests/ });
    const stored = await storedFiles(testApp);
    expect(stored.length).toBeLessThanOrEqual(1000);
    expect(answer.files ?? []).toHaveLength(stored.length);
  });
});

describe('forms that were refused', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('leave no timer behind', async () => {
    const unreadable = part(
      ['Content-Disposition: form-data; name="upload"; filename="f"', 'Content-MD5: nonsense'],
      'content',
    );
    const before = timers();
    for (let i = 0; i < 20; i++) expect((await client.upload(form(unreadable))).status).toBe(400);
    await eventually(() => {
      expect(timers()).toBeLessThan(before + 10); // a few are for connections
    });
  });
});
