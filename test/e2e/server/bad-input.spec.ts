import { Client, ROOT, type Headers } from '../support/client.js';
import { expectError, expectNothingStays, type ExpectedError } from '../support/expectations.js';
import { BOUNDARY, filePart, form, part, textPart } from '../support/form.js';
import { RawConnection } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

afterEach(() => expectNothingStays(testApp));

describe('an upload request is refused', () => {
  const whole = form(filePart('f'));

  it.each<[string, Headers, ExpectedError]>([
    ['without a stage header', { stage_name: '' }, { status: 400, message: /x-databend-stage-name.*~/ }],
    ['with an empty stage header', { stage_name: ' ' }, { status: 400, message: /x-databend-stage-name/ }],
    ['for an unknown stage', { stage_name: 'nope' }, { status: 404, code: 2501, message: /Stage 'nope'/ }],
    [
      'for a stage name that climbs',
      { stage_name: '../user/root' },
      { status: 404, code: 2501, message: /does not exist/ },
    ],
    [
      'with two stage headers that disagree',
      { 'x-databend-stage-name': 'other' },
      { status: 400, message: /x-databend-stage-name and stage_name.*send one/ },
    ],
    [
      'with one stage header twice, and different',
      { stage_name: '~\r\nstage_name: other' },
      { status: 400, message: /send one/ },
    ],
    [
      'with two directories that disagree',
      { relative_path: 'a', 'x-databend-relative-path': 'b' },
      { status: 400, message: /x-databend-relative-path and relative_path/ },
    ],
    ['with a stage header that is no UTF-8', { stage_name: '\xff\xfe' }, { status: 400, message: /UTF-8/ }],
    ['with a directory that is no UTF-8', { relative_path: 'a\xff' }, { status: 400, message: /UTF-8/ }],
    [
      'with two Authorization headers',
      { authorization: `${ROOT}\r\nauthorization: ${ROOT}` },
      { status: 401, code: 5100, message: /multiple authorization headers/ },
    ],
    [
      'with another content type',
      { 'content-type': 'application/json' },
      { status: 415, message: /multipart\/form-data/ },
    ],
    [
      'with another kind of multipart',
      { 'content-type': `multipart/mixed; boundary=${BOUNDARY}` },
      { status: 415, message: /multipart\/form-data/ },
    ],
    ['without a content type', { 'content-type': '' }, { status: 415, message: /multipart\/form-data/ }],
    ['without a boundary', { 'content-type': 'multipart/form-data' }, { status: 400, message: /boundary/ }],
    [
      'with an empty boundary',
      { 'content-type': 'multipart/form-data; boundary=' },
      { status: 400, message: /boundary/ },
    ],
    [
      'with a boundary that its body does not have',
      { 'content-type': 'multipart/form-data; boundary=another' },
      { status: 400, message: /form/ },
    ],
    [
      'with a directory above the stage',
      { relative_path: '../x' },
      { status: 400, code: 1006, message: /'\.\.'/ },
    ],
    ['with a directory on a drive', { relative_path: 'C:/x' }, { status: 400, code: 1006, message: /drive/ }],
  ])('%s', async (_case, headers, expected) => {
    const body = await expectError(await client.upload(whole, headers), expected);
    expect(body).not.toHaveProperty('files');
  });
});

describe('a form is refused', () => {
  it.each<[string, Buffer, ExpectedError]>([
    ['that is empty', Buffer.alloc(0), { status: 400, message: /form/ }],
    ['that has no part', form(), { status: 400, message: /'@'/ }],
    [
      'that has a text field for a file',
      form(textPart('upload', 'x')),
      { status: 400, message: /'@'.*upload=@/ },
    ],
    [
      'that has a text field beside a file',
      form(filePart('f'), textPart('note', 'x')),
      { status: 400, message: /'note'.*'@'/ },
    ],
    ['whose file has an empty name', form(filePart('')), { status: 400, message: /filename/ }],
    [
      'whose part has no Content-Disposition',
      form(part(['Content-Type: text/csv'], 'x')),
      { status: 400, message: /form/ },
    ],
    [
      'whose part is an attachment',
      form(part(['Content-Disposition: attachment; filename="f"'], 'x')),
      { status: 400, message: /form/ },
    ],
    [
      'whose part has no name',
      form(part(['Content-Disposition: form-data; filename="f"'], 'x')),
      { status: 400, message: /no name/ },
    ],
    ['that is no form', Buffer.from('{"a":1}'), { status: 400, message: /form/ }],
    [
      'that begins with garbage for a header',
      form(part(['no header at all'], 'x')),
      { status: 400, message: /form/ },
    ],
    [
      'whose boundary is followed by garbage',
      Buffer.from(
        `${part(['Content-Disposition: form-data; name="u"; filename="f"'], 'x').toString()}--${BOUNDARY}garbage\r\n`,
      ),
      { status: 400, message: /form/ },
    ],
    [
      'whose part header is too large',
      form(
        part(
          [`X-Flood: ${'x'.repeat(100_000)}`, 'Content-Disposition: form-data; name="u"; filename="f"'],
          'x',
        ),
      ),
      { status: 400, message: /form/i },
    ],
    [
      'whose part has too many headers',
      form(
        part(
          [
            ...Array.from({ length: 20_000 }, (_, index) => `X-${String(index)}: x`),
            'Content-Disposition: form-data; name="u"; filename="f"',
          ],
          'x',
        ),
      ),
      { status: 400, message: /form/i },
    ],
  ])('%s', async (_case, body, expected) => {
    await expectError(await client.upload(body), expected);
  });

  it('whose broken part comes while a file is open, and quickly', async () => {
    const connection = await client.startUpload({ 'transfer-encoding': 'chunked' });
    const bytes = Buffer.concat([
      filePart('open', 'x'.repeat(1000)),
      Buffer.from(`--${BOUNDARY}\r\n: \0\r\n\r\nx`),
    ]);
    await connection.write(`${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`);
    await expectError(await connection.expectAnswer(), { status: 400, message: /form/ });
    connection.leave();
  });

  it.each([
    `--${BOUNDARY}\r\n--`,
    `\r\n--${BOUNDARY}\r\n--\r\n`,
    `--${BOUNDARY}\r\n--x\r\n`,
    `--${BOUNDARY}--\r\n`,
  ])('whose part has headers and no body, and ends in %j', async (ending) => {
    const opening = Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="u"; filename="f"\r\n\r\n`,
    );
    const answer = await client.upload(Buffer.concat([opening, Buffer.from(ending)]));
    await expectError(answer, { status: 400, message: /form/ });
  });
});

describe('a file name is refused', () => {
  const long = (bytes: number): string => 'é'.repeat(Math.ceil(bytes / 2));

  it.each<[string, Buffer | string, RegExp]>([
    ['that climbs', '../../etc/passwd', /'\.\.'/],
    ['that climbs in the middle', 'a/../../b', /'\.\.'/],
    ['that climbs at the end', 'a/..', /'\.\.'/],
    ['that climbs by a backslash', String.raw`a\\..\\b`, /'\.\.'|backslash/],
    ['that is a dot', '.', /'\.'/],
    ['with a dot for a directory', 'a/./b', /'\.'/],
    ['with a line break', 'a%0Ab', /control/],
    ['with a carriage return', 'a%0D%0Ab', /control/],
    ['on a drive, with a backslash', String.raw`C:\\x`, /drive/],
    ['on a drive, with a slash', 'c:/x', /drive/],
    ['on a share', String.raw`\\\\server\\share`, /backslash/],
    ['of a directory', 'a/', /file, not a directory/],
    ['of nothing but slashes', '///', /name a file/],
    ['with white space at its end', 'a ', /white space/],
    ['with white space at the end of a directory', 'a /b', /white space/],
    ['with a component too long', long(256), /255 bytes/],
    ['too long as a whole', Array.from({ length: 6 }, () => long(200)).join('/'), /1024 bytes/],
    ['that is no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x62]), /UTF-8/],
    ['that is Latin-1', Buffer.from('caf\xe9.csv', 'latin1'), /UTF-8/],
    ['where unfinished uploads lie', '../.stagedoor-unfinished/x', /'\.\.'/],
  ])('%s', async (_case, name, message) => {
    // curl escapes a line break, as browsers do.
    const answer = await client.upload(form(filePart(name)), { 'user-agent': 'curl/8.5.0' });
    await expectError(answer, { status: 400, code: 1006, message });
  });

  // These the form's parser refuses, before there is a name.
  it.each(['\0', '\x1b[31m', '\x7f', '\x01'])('with the raw control character in %j', async (text) => {
    const answer = await client.upload(form(filePart(`a${text}b`)));
    await expectError(answer, { status: 400, message: /form.*header/ });
  });

  it.each<[string, string, RegExp]>([
    ['an escaped climb', '%2e%2e%2fb', /'\.\.'/],
    ['an escaped climb in the middle', 'a%2f%2e%2e%2fb', /'\.\.'/],
    ['an escaped dot', 'a%2f%2e%2fb', /'\.'/],
  ])('in a URL with %s', async (_case, path, message) => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await client.request(`${method} /v1/stages/~/files/${path}`);
      await expectError(answer, { status: 400, code: 1006, message });
    }
  });

  // What is there may have such a name: it is only not there.
  it.each(['a%00b', 'a%0Ab', '..%5Cb', 'C:%5Cx', 'a%FFb', 'a%C3', '%20a', 'a//b', '/a', 'a%EF%B7%90FF'])(
    'in no URL of what is read or removed: %s',
    async (path) => {
      for (const method of ['GET', 'HEAD', 'DELETE']) {
        const { status } = await client.request(`${method} /v1/stages/~/files/${path}`);
        expect([method, status]).toEqual([method, 404]);
      }
    },
  );

  it.each(['a%FFb', 'a%C3', 'a%00b', 'a%0Ab', 'C:%5Cx', '%20a', 'a%EF%B7%90FF'])(
    'in the URL of an upload: %s',
    async (path) => {
      const answer = await client.request(`PUT /v1/stages/~/files/${path}`, { 'content-length': '1' }, 'x');
      await expectError(answer, {
        status: 400,
        code: 1006,
        message: /UTF-8|control|drive|white space|U\+FDD0/,
      });
    },
  );

  it.each(['a%zz', 'a%'])('in a URL that cannot be decoded: %s', async (path) => {
    const answer = await client.request(`GET /v1/stages/~/files/${path}`);
    await expectError(answer, { status: 400, message: /percent-encoded UTF-8/ });
  });

  it('in a URL that climbs, without leaving the stage', async () => {
    for (const path of ['../../../etc/passwd', '..', 'a/../../b']) {
      const answer = await client.request(`GET /v1/stages/~/files/${path}`);
      await expectError(answer, { status: 400, code: 1006, message: /'\.\.'/ });
    }
  });

  it('as a prefix that climbs', async () => {
    const answer = await client.send('/v1/stages/~/files?prefix=../');
    await expectError(answer, { status: 400, code: 1006, message: /prefix/ });
  });
});

describe('a request body of CREATE STAGE is refused', () => {
  const json = 'application/json';

  it.each<[string, string, string, ExpectedError]>([
    ['that is no JSON', json, '{"name":', { status: 400, message: /JSON/ }],
    ['that is empty', json, '', { status: 400, code: 1006, message: /name|object/ }],
    ['that is an array', json, '[]', { status: 400, code: 1006, message: /object/ }],
    [
      'that is null',
      json,
      'null',
      { status: 400, code: expect.any(Number) as number, message: /JSON|object/ },
    ],
    ['that has no name', json, '{}', { status: 400, code: 1006, message: /name/ }],
    ['whose name is a number', json, '{"name":1}', { status: 400, code: 1006, message: /name.*string/ }],
    ['with an unknown field', json, '{"name":"s","ulr":"x"}', { status: 400, code: 1006, message: /ulr/ }],
    [
      'with an option that is no text',
      json,
      '{"name":"s","url":"s3://b/","connection":{"region":1}}',
      { status: 400, code: 1006, message: /connection/ },
    ],
    [
      'with a connection and no url',
      json,
      '{"name":"s","connection":{}}',
      { status: 400, code: 1006, message: /url/ },
    ],
    [
      'with a flag that is text',
      json,
      '{"name":"s","or_replace":"yes"}',
      { status: 400, code: 1006, message: /or_replace/ },
    ],
    [
      'as a web form',
      'application/x-www-form-urlencoded',
      'name=s',
      { status: 415, message: /application\/json/ },
    ],
    ['as text', 'text/plain', '{"name":"s"}', { status: 415, message: /application\/json/ }],
    [
      'with the name of a prototype',
      json,
      '{"__proto__":{"name":"s"}}',
      { status: 400, code: 1006, message: /name/ },
    ],
  ])('%s', async (_case, type, body, expected) => {
    const answer = await client.send('/v1/stages', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    await expectError(answer, expected);
    expect(await (await client.send('/v1/stages')).json()).toEqual({ stages: [], next_cursor: null });
  });

  it('that is too large', async () => {
    const answer = await client.createStage({ name: 's', comment: 'x'.repeat(2_000_000) });
    await expectError(answer, { status: 413, message: /at most/ });
  });
});

describe('HTTP is refused', () => {
  it.each<[string, string, ExpectedError]>([
    ['that is none', 'EHLO example.org\r\n\r\n', { status: 400, message: /HTTP/ }],
    [
      'with both framings',
      'PUT /v1/upload_to_stage HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      { status: 400, message: /HTTP/ },
    ],
    [
      'with too many bytes of headers',
      `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
      { status: 431, message: /headers/ },
    ],
    [
      'with too many headers',
      `GET /health HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(20_000)}\r\n`,
      { status: 431, message: /headers/ },
    ],
  ])('%s', async (_case, bytes, expected) => {
    const raw = await RawConnection.open(testApp.port);
    await raw.write(bytes);
    const answer = await raw.expectAnswer();
    raw.leave();
    await expectError(answer, expected);
  });

  it('for a path that is not there', async () => {
    await expectError(await client.send('/v1/nothing'), { status: 404, message: /nothing/ });
  });

  it('for a chunk that is none, in the middle of an upload', async () => {
    const connection = await client.startUpload({ 'transfer-encoding': 'chunked' });
    await connection.write('zz\r\n');
    await expectError(await connection.expectAnswer(), { status: 400, message: /HTTP/ });
    connection.leave();
  });
});
