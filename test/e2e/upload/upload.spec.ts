import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, ROOT, success } from '../support/client.js';
import { expectError, storedFiles } from '../support/expectations.js';
import { BOUNDARY, filePart, form, FORM_TYPE, part } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  expect((await client.createStage({ name: 'named' })).status).toBe(201);
});

afterAll(() => testApp.close());

afterEach(async () => {
  for (const stage of ['~', 'named'])
    await client.send(`/v1/stages/${stage}/files?prefix=`, { method: 'DELETE' });
});

/** UTF-8, as clients put it into a header. */
function utf8Header(text: string): string {
  return Buffer.from(text).toString('latin1');
}

describe('an upload', () => {
  it.each(['PUT', 'POST'])('by %s is answered with 200 and exactly four fields', async (method) => {
    const body = form(filePart('books.parquet'));
    const headers = { stage_name: '~', 'content-type': FORM_TYPE, 'content-length': String(body.length) };
    const answer = await client.request(`${method} /v1/upload_to_stage`, headers, body);
    expect(success(answer)).toEqual({
      id: expect.stringMatching(UUID) as string,
      stage_name: '~',
      state: 'SUCCESS',
      files: ['books.parquet'],
    });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await client.content('~', 'books.parquet')).toBe('content');
  });

  it.each(['GET', 'DELETE', 'PATCH'])(
    'by %s is refused, and the answer names what is allowed',
    async (method) => {
      const answer = await client.send('/v1/upload_to_stage', { method, headers: { stage_name: '~' } });
      expect(answer.headers.get('allow')).toBe('POST, PUT');
      await expectError(answer, { status: 405, message: /POST, PUT/ });
    },
  );

  it('holds several files, under any field name, in the order of the form', async () => {
    const body = form(
      filePart('b', 'B', 'upload'),
      filePart('a', 'A', 'a[0]'),
      filePart('c', 'C', 'Ünïcode field'),
    );
    expect(success(await client.upload(body)).files).toEqual(['b', 'a', 'c']);
    expect(await client.names('~')).toEqual(['a', 'b', 'c']);
    expect(await client.content('~', 'c')).toBe('C');
  });

  it('to a named stage lands there and nowhere else', async () => {
    const answer = success(await client.upload(form(filePart('x')), { stage_name: 'named' }));
    expect(answer.stage_name).toBe('named');
    expect(await client.names('named')).toEqual(['x']);
    expect(await client.names('~')).toEqual([]);
    expect(await storedFiles(testApp)).toEqual(['stage/internal/named/x']);
  });

  it.each([
    ['client/load/1795', 'client/load/1795'],
    ['//a.parquet', 'a.parquet'],
    ['a//b///c.csv', 'a/b/c.csv'],
    ['数据/книга.csv', '数据/книга.csv'],
    ['a%22b%0A%0d.csv', 'a%22b%0A%0d.csv'],
    ['with space + & # ? %41.csv', 'with space + & # ? %41.csv'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('of a file named %j keeps its directories and characters', async (sent, listed) => {
    expect(success(await client.upload(form(filePart(sent)))).files).toEqual([sent]);
    expect(await client.names('~')).toEqual([listed]);
  });

  it('understands a name whose quotes are escaped by a backslash', async () => {
    expect(success(await client.upload(form(filePart(String.raw`a\"b.csv`)))).files).toEqual(['a"b.csv']);
    expect(await client.names('~')).toEqual(['a"b.csv']);
  });

  it('understands a name without quotes, and part headers in any case', async () => {
    const bare = part(['CONTENT-DISPOSITION: form-data; name=upload; filename=bare.csv'], 'content');
    expect(success(await client.upload(form(bare))).files).toEqual(['bare.csv']);
  });

  it.each(['x-databend-relative-path', 'relative_path'])('goes to the directory of %s', async (header) => {
    const body = form(filePart('one'), filePart('sub/two'));
    expect(success(await client.upload(body, { [header]: '/2026//november/' })).files).toEqual([
      'one',
      'sub/two',
    ]);
    expect(await client.names('~')).toEqual(['2026/november/one', '2026/november/sub/two']);
  });

  it('reads header values as UTF-8', async () => {
    await client.upload(form(filePart('f')), { 'x-databend-relative-path': utf8Header('données/数据') });
    expect(await client.names('~')).toEqual(['données/数据/f']);
  });

  it('takes x-databend-stage-name as well, and both spellings where they agree', async () => {
    const answers = [
      await client.upload(form(filePart('x')), { stage_name: '', 'x-databend-stage-name': 'named' }),
      await client.upload(form(filePart('y')), { stage_name: 'named', 'x-databend-stage-name': 'named' }),
      await client.upload(form(filePart('z')), { stage_name: ' ', 'x-databend-stage-name': 'named' }),
    ];
    expect(answers.map((answer) => success(answer).stage_name)).toEqual(['named', 'named', 'named']);
    expect(await client.names('named')).toEqual(['x', 'y', 'z']);
  });

  it('replaces a file of the same name', async () => {
    await client.upload(form(filePart('same', 'the first, longer content')));
    success(await client.upload(form(filePart('same', 'second'))));
    expect((await client.page('~')).files).toMatchObject([{ name: 'same', size: 6 }]);
    expect(await client.content('~', 'same')).toBe('second');
  });

  it.each(['overwrite', 'fail', 'skip', 'skip-if-same'])(
    'of two files of one name keeps the first and says so (%s)',
    async (policy) => {
      for (const again of ['aa/twice', 'aa//twice', '/aa/twice']) {
        await client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' });
        const body = form(filePart('aa/twice', 'first'), filePart(again, 'second'), filePart('third'));
        const answer = await client.upload(body, { 'x-stagedoor-overwrite': policy });
        const message = /two files of the name "aa\/twice"/;
        const { files } = await expectError(answer, { status: 400, kind: 'RepeatedFile', message });
        expect(files).toEqual(['aa/twice']);
        expect(await client.content('~', 'aa/twice')).toBe('first');
        expect(await client.names('~')).toEqual(['aa/twice']);
      }
    },
  );

  it('of an empty file is an empty file', async () => {
    expect(
      success(await client.upload(form(filePart('empty', ''), filePart('full', 'x')))).files,
    ).toHaveLength(2);
    expect((await client.page('~')).files).toMatchObject([
      { name: 'empty', size: 0 },
      { name: 'full', size: 1 },
    ]);
  });

  it('of a thousand small files stores each of them', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    const answer = await client.upload(form(...names.map((name) => filePart(name, `<${name}>`))));
    expect(success(answer).files).toEqual(names);
    expect(await client.names('~', '?limit=2000')).toEqual(names);
    expect(await client.content('~', 'f0999')).toBe('<f0999>');
  });

  it('keeps every byte, also those that look like a boundary', async () => {
    const content = Buffer.concat([
      Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}\r\n--\r\n-${BOUNDARY}\n--${BOUNDARY}--`),
      Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256)),
    ]);
    success(await client.upload(form(filePart('bytes', content))));
    expect((await readFile(join(testApp.dataDir, 'internal/stage/user/root/bytes'))).equals(content)).toBe(
      true,
    );
  });
});

describe('the framing of an upload', () => {
  it('may be chunked, byte by byte', async () => {
    const body = form(filePart('chunked', 'some content'));
    const connection = await client.startUpload({ 'transfer-encoding': 'chunked' });
    for (const byte of body)
      await connection.write(Buffer.from(`1\r\n${String.fromCharCode(byte)}\r\n`, 'latin1'));
    await connection.write('0\r\n\r\n');
    success(await connection.expectAnswer());
    connection.leave();
    expect(await client.content('~', 'chunked')).toBe('some content');
  });

  it('may have text before the first boundary and after the last', async () => {
    const body = Buffer.concat([
      Buffer.from('a preamble\r\n'),
      form(filePart('f')),
      Buffer.from('an epilogue'),
    ]);
    expect(success(await client.upload(body)).files).toEqual(['f']);
    expect(await client.content('~', 'f')).toBe('content');
  });

  it('may begin with an empty line and end without one', async () => {
    const body = Buffer.concat([Buffer.from('\r\n'), form(filePart('f'))]).subarray(0, -2);
    expect(success(await client.upload(body)).files).toEqual(['f']);
  });

  it.each([
    ['quoted', `multipart/form-data; boundary="${BOUNDARY}"`],
    ['after a charset', `multipart/form-data; charset=utf-8; boundary=${BOUNDARY}`],
    ['before a charset', `Multipart/Form-Data;boundary=${BOUNDARY};charset=utf-8`],
  ])('may have its boundary %s', async (_how, type) => {
    expect(success(await client.upload(form(filePart('f')), { 'content-type': type })).files).toEqual(['f']);
  });

  it('may be that of curl: no space after a header, a boundary of dashes, Expect', async () => {
    const boundary = '------------------------d74496d66958873e';
    const body =
      `--${boundary}\r\nContent-Disposition: form-data; name="upload"; filename="books.parquet"\r\n` +
      `Content-Type: application/octet-stream\r\n\r\nPAR1\r\n--${boundary}--\r\n`;
    const connection = await client.start('PUT /v1/upload_to_stage', {
      expect: '100-continue',
      'content-length': String(body.length),
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'user-agent': 'curl/7.88.1\r\nstage_name:~',
    });
    expect((await connection.answer())?.status).toBe(100);
    await connection.write(body);
    expect(success(await connection.expectAnswer()).files).toEqual(['books.parquet']);
    connection.leave();
  });

  it('serves several uploads on one connection', async () => {
    const body = form(filePart('again'));
    const connection = await client.startUpload({}, body);
    const head = { stage_name: '~', 'content-type': FORM_TYPE, 'content-length': String(body.length) };
    for (let turn = 1; turn <= 3; turn++) {
      const answer = await connection.expectAnswer();
      expect(success(answer).files).toEqual(['again']);
      expect(answer.headers.get('connection')).not.toBe('close');
      if (turn < 3)
        await connection.write(Buffer.concat([client.head('POST /v1/upload_to_stage', head), body]));
    }
    connection.leave();
  });
});

describe('an upload that waits for 100 Continue', () => {
  const expecting = { expect: '100-continue', 'content-length': '1000000000' };

  it.each([
    ['to an unknown stage', { stage_name: 'nowhere' }, { status: 404, code: 2501, message: /nowhere/ }],
    ['without a stage', { stage_name: '' }, { status: 400, message: /x-databend-stage-name/ }],
    ['without a form', { 'content-type': 'text/csv' }, { status: 415, message: /multipart\/form-data/ }],
    ['without credentials', { authorization: '' }, { status: 401, code: 5100, message: /authorization/ }],
  ])('%s is refused without having been asked for its body', async (_case, headers, expected) => {
    const connection = await client.startUpload({ authorization: ROOT, ...expecting, ...headers });
    const first = await connection.expectAnswer();
    await expectError(first, expected);
    expect(first.headers.get('connection')).toBe('close');
    connection.leave();
    expect(await storedFiles(testApp)).toEqual([]);
  });
});

describe('uploads side by side', () => {
  it('of one name leave one of them, whole', async () => {
    const contents = Array.from({ length: 12 }, (_, index) => String(index).repeat(100_000));
    const answers = await Promise.all(contents.map((text) => client.upload(form(filePart('same', text)))));
    expect(answers.map((answer) => answer.status)).toEqual(contents.map(() => 200));
    expect(contents).toContain(await client.content('~', 'same'));
    expect(await storedFiles(testApp)).toEqual(['stage/user/root/same']);
  });
});
