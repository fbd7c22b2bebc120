import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NDJSON = 'application/x-ndjson';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  for (const name of ['a', 'b/c', 'd'])
    await client.send(`/v1/stages/~/files/${name}`, { method: 'PUT', body: name });
});

afterAll(() => testApp.close());

async function listed(accept: string, query = ''): Promise<Response> {
  return client.send(`/v1/stages/~/files${query}`, { headers: { accept } });
}

async function linesOf(answer: Response): Promise<Record<string, unknown>[]> {
  const text = await answer.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a listing', () => {
  it.each([
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    [NDJSON, NDJSON],
    [`${NDJSON}, application/json;q=0.5`, NDJSON],
    [`${NDJSON};q=0.1, application/json;q=0.2`, 'application/json'],
    [`text/html, */*;q=0.1`, 'application/json'],
  ])('that accepts %s is %s', async (accept, type) => {
    const answer = await listed(accept);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(answer.headers.get('vary')).toMatch(/\bAccept\b/i);
    await answer.text();
  });

  it('without Accept is JSON', async () => {
    const answer = await client.request('GET /v1/stages/~/files', { connection: 'close' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
  });

  it.each(['text/html', 'application/json;q=0', 'nonsense'])(
    'that accepts %s alone is 406',
    async (accept) => {
      await expectError(await listed(accept), {
        status: 406,
        kind: 'NotAcceptable',
        message: /send application\/json or application\/x-ndjson, or no Accept at all/,
      });
    },
  );

  it('as NDJSON has a line for each file, and its end in the last one', async () => {
    const lines = await linesOf(await listed(NDJSON));
    expect(lines.map(({ name }) => name)).toEqual(['a', 'b/c', 'd', undefined]);
    expect(lines.at(-1)).toEqual({ next_cursor: null });
    const { files } = await client.page('~');
    expect(lines.slice(0, -1)).toEqual(files);
  });

  it('as NDJSON has common prefixes among the files, in one order', async () => {
    const lines = await linesOf(await listed(NDJSON, '?delimiter=/'));
    expect(lines.map(({ name, prefix }) => name ?? prefix)).toEqual(['a', 'b/', 'd', undefined]);
  });

  it('as NDJSON goes on by the cursor of its last line, in any format', async () => {
    const first = await linesOf(await listed(NDJSON, '?limit=1'));
    const cursor = String(first.at(-1)?.['next_cursor']);
    expect(await client.names('~', `?limit=1&cursor=${cursor}`)).toEqual(['b/c']);
  });
});
