import { Client, success, type Headers } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// A reported case: `boundary=b1;` and its kind (RFC 2046 5.1, RFC 7578 4, RFC 9110 5.6.6).

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

afterEach(() => client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' }));

interface Sent {
  readonly boundary?: string;
  readonly type?: string;
  readonly body?: string;
}

const DISPOSITION = 'Content-Disposition: form-data; name="u"; filename="f.csv"';

function formOf(headers: string, boundary = 'b1', content = 'content'): string {
  return `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n--${boundary}--\r\n`;
}

function asSent({ boundary = 'b1', type = `multipart/form-data; boundary=${boundary}`, body }: Sent): {
  readonly body: Buffer;
  readonly headers: Headers;
} {
  return {
    body: Buffer.from(body ?? formOf(DISPOSITION, boundary), 'utf8'),
    headers: { 'content-type': type },
  };
}

const SPECIAL = `'()+_,-./:=?`;

const LEGAL: readonly [what: string, sent: Sent, name?: string][] = [
  ['a semicolon behind its boundary', { type: 'multipart/form-data; boundary=b1;' }],
  ['a semicolon and white space behind its boundary', { type: 'multipart/form-data; boundary=b1 ; \t' }],
  ['empty parameters', { type: 'multipart/form-data;; ;boundary=b1;;' }],
  ['a quoted boundary', { type: 'multipart/form-data; boundary="b1"' }],
  ['an escape in its quoted boundary', { type: 'multipart/form-data; boundary="b\\1"' }],
  ['no white space before its boundary', { type: 'multipart/form-data;boundary=b1' }],
  ['white space around the semicolon', { type: 'multipart/form-data \t; \t boundary=b1' }],
  ['other letters in its type', { type: 'Multipart/FORM-Data; Boundary=b1' }],
  ['a charset before its boundary', { type: 'multipart/form-data; charset=utf-8; boundary=b1' }],
  ['a charset behind its boundary', { type: 'multipart/form-data; boundary=b1; charset="utf-8"' }],
  [
    'every special character in its boundary',
    { boundary: SPECIAL, type: `multipart/form-data; boundary="${SPECIAL}"` },
  ],
  ['a space in its boundary', { boundary: 'b 1', type: 'multipart/form-data; boundary="b 1"' }],
  ['a boundary of 70 characters', { boundary: 'x'.repeat(70) }],
  ['dashes in its boundary', { boundary: '--------------------------4a1b' }],
  ['a preamble', { body: `This is a form.\r\nb1\r\n\r\n${formOf(DISPOSITION)}` }],
  ['a preamble of an empty line', { body: `\r\n${formOf(DISPOSITION)}` }],
  ['an epilogue', { body: `${formOf(DISPOSITION)}bye\r\n--b1\r\n` }],
  ['white space behind its delimiter', { body: formOf(DISPOSITION).replace('--b1\r\n', '--b1 \t \r\n') }],
  ['white space behind its closing delimiter', { body: `${formOf(DISPOSITION).trimEnd()}\t \r\n` }],
  ['no line break at its end', { body: formOf(DISPOSITION).trimEnd() }],
  ['header names in other letters', { body: formOf(DISPOSITION.toUpperCase().replace('F.CSV', 'f.csv')) }],
  ['no white space behind a colon', { body: formOf(DISPOSITION.replace(': ', ':')) }],
  ['tabs around its parameters', { body: formOf(DISPOSITION.replaceAll('; ', '\t;\t')) }],
  ['tabs around a value', { body: formOf(`${DISPOSITION.replace(': ', ':\t')}\t`) }],
  ['tokens for parameters', { body: formOf(DISPOSITION.replaceAll('"', '')) }],
  ['a semicolon behind its disposition', { body: formOf(`${DISPOSITION};`) }],
  [
    'an empty parameter in its disposition',
    { body: formOf(DISPOSITION.replace('; filename', ' ;; filename')) },
  ],
  ['an empty name of its field', { body: formOf(DISPOSITION.replace('name="u"', 'name=""')) }],
  [
    'a semicolon in its file name',
    { body: formOf(DISPOSITION.replace('f.csv', 'a;;b; name="".csv'.replace(/"/g, '\\"'))) },
    'a;;b; name="".csv',
  ],
  ['another parameter', { body: formOf(`${DISPOSITION}; size=7`) }],
  ['a folded header', { body: formOf(DISPOSITION.replace('; filename', ';\r\n filename')) }],
  [
    'other headers',
    { body: formOf(`X-A: b\r\nContent-Type: text/csv; charset=utf-16\r\n${DISPOSITION}\r\nX-C:`) },
  ],
  ['an escaped quote in its file name', { body: formOf(DISPOSITION.replace('f.csv', 'f\\".csv')) }, 'f".csv'],
  ['UTF-8 in its file name', { body: formOf(DISPOSITION.replace('f.csv', '数.csv')) }, '数.csv'],
  [
    // RFC 7578 4.2 does not want it, and old clients write it for names beyond ASCII.
    'an extended file name',
    { body: formOf(`Content-Disposition: form-data; name="u"; filename*=UTF-8''%E6%95%B0.csv`) },
    '数.csv',
  ],
  [
    'an extended file name beside a plain one',
    { body: formOf(`${DISPOSITION}; filename*=utf-8'en'%E6%95%B0.csv`) },
    '数.csv',
  ],
  ...[`%E6.csv`, `UTF-8''%E6.csv`, `UTF-8''%zz.csv`, `klingon''a.csv`, `UTF-8''`, `"UTF-8''a.csv"`].map(
    (value): [string, Sent] => [
      `filename*=${value}, which cannot be read, beside a plain one`,
      { body: formOf(`${DISPOSITION}; filename*=${value}`) },
    ],
  ),
  [
    'an extended file name that cannot be read before a plain one',
    { body: formOf(DISPOSITION.replace('; filename', `; filename*=UTF-8''%E6; filename`)) },
  ],
  ['another extended parameter that cannot be read', { body: formOf(`${DISPOSITION}; size*=7`) }],
  ['a coding that changes nothing', { body: formOf(`${DISPOSITION}\r\nContent-Transfer-Encoding: BINARY`) }],
  ['the coding 8bit', { body: formOf(`${DISPOSITION}\r\nContent-Transfer-Encoding: 8bit`) }],
  ['the coding identity', { body: formOf(`${DISPOSITION}\r\nContent-Encoding: identity`) }],
];

describe('a form is taken', () => {
  it.each(LEGAL)('with %s', async (_what, sent, name = 'f.csv') => {
    const { body, headers } = asSent(sent);
    expect(success(await client.upload(body, headers)).files).toEqual([name]);
    expect(await client.content('~', encodeURIComponent(name))).toBe('content');
    expect(await client.names('~')).toEqual([name]);
  });

  it.each(LEGAL)('in chunks of three bytes, with %s', async (_what, sent, name = 'f.csv') => {
    const { body, headers } = asSent(sent);
    const connection = await client.startUpload({ ...headers, 'transfer-encoding': 'chunked' });
    for (let at = 0; at < body.length; at += 3) {
      const piece = body.subarray(at, at + 3);
      await connection.write(`${String(piece.length)}\r\n`);
      await connection.write(piece);
      await connection.write('\r\n');
    }
    await connection.write('0\r\n\r\n');
    expect(success(await connection.expectAnswer()).files).toEqual([name]);
    connection.leave();
    expect(await client.content('~', encodeURIComponent(name))).toBe('content');
  });
});

describe('a form is refused', () => {
  it.each<[what: string, sent: Sent]>([
    ['two boundaries', { type: 'multipart/form-data; boundary=b1; boundary=b2' }],
    ['white space around the equals sign', { type: 'multipart/form-data; boundary = b1' }],
    ['a boundary that ends in a space', { type: 'multipart/form-data; boundary="b1 "' }],
    [
      'special characters in a bare boundary',
      { boundary: 'b(1)', type: 'multipart/form-data; boundary=b(1)' },
    ],
    ['a boundary that does not end', { type: 'multipart/form-data; boundary="b1' }],
    ['an empty boundary', { type: 'multipart/form-data; boundary=""' }],
    ['line feeds alone', { body: formOf(DISPOSITION).replaceAll('\r\n', '\n') }],
    ['text behind its delimiter', { body: formOf(DISPOSITION).replace('--b1\r\n', '--b1 x\r\n') }],
    ['text behind its closing delimiter', { body: `${formOf(DISPOSITION).trimEnd()} x\r\n` }],
    ['white space within its closing delimiter', { body: formOf(DISPOSITION).replace('--b1--', '--b1 --') }],
    ['no closing delimiter', { body: formOf(DISPOSITION).replace('--b1--\r\n', '') }],
    ['white space before a colon', { body: formOf(DISPOSITION.replace(': ', ' : ')) }],
    ['two file names', { body: formOf(`${DISPOSITION}; filename="g.csv"`) }],
    ...[`%E6.csv`, `UTF-8''%E6.csv`, `klingon''a.csv`].map((value): [string, Sent] => [
      `filename*=${value}, which cannot be read, alone`,
      { body: formOf(`Content-Disposition: form-data; name="u"; filename*=${value}`) },
    ]),
    ['white space around an equals sign', { body: formOf(DISPOSITION.replace('name="u"', 'name = "u"')) }],
    ['no headers in its part', { body: formOf('') }],
  ])('with %s', async (_what, sent) => {
    const { body, headers } = asSent(sent);
    await expectError(await client.upload(body, headers), { status: 400, message: /./ });
    expect(await client.names('~')).toEqual([]);
  });
});

describe('a name in a form', () => {
  const CURL = 'curl/8.5.0';
  it.each([
    ['curl', CURL, '100%22%0a.csv', undefined],
    ['curl', CURL, '100%22.csv', '100".csv'],
    ['a curl that escapes by backslashes', 'curl/7.74.0', '100%22.csv', '100%22.csv'],
    [
      'a browser',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'a%22.csv',
      'a".csv',
    ],
    ['databend-go', 'databend-go/0.9.1', '100%22.csv', '100%22.csv'],
    ['databend-go, as a directory', 'databend-go/0.9.1', 'note=a%0Ab/p.parquet', 'note=a%0Ab/p.parquet'],
    ['the JDBC driver', 'databend-jdbc/0.4.1', 'a%0D%0Ab.csv', 'a%0D%0Ab.csv'],
    ['who does not say who it is', '', 'a%22.csv', 'a%22.csv'],
    ['who only names curl', 'my curl/8.5.0', 'a%22.csv', 'a%22.csv'],
    ['curl, where a percent sign escapes nothing', CURL, '50%25 %41.csv', '50%25 %41.csv'],
  ])('of %s (%j) %j is %j', async (_who, agent, sent, stored) => {
    const body = Buffer.from(formOf(DISPOSITION.replace('f.csv', sent)));
    const answer = await client.upload(body, {
      'content-type': 'multipart/form-data; boundary=b1',
      'user-agent': agent,
    });
    if (stored === undefined) await expectError(answer, { status: 400, code: 1006, message: /control/ });
    else expect(success(answer).files).toEqual([stored]);
    expect(await client.names('~')).toEqual(stored === undefined ? [] : [stored]);
  });
});
