import { setTimeout as delay } from 'node:timers/promises';
import { filePart, form, FORM_TYPE } from '../support/form.js';
import { RawConnection } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const AUTHORIZATION = { authorization: `Basic ${Buffer.from('root:').toString('base64')}` };

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app.close());

type Line = Readonly<Record<string, unknown>>;

/** The lines of a request, by its id, when all of them are there. */
async function linesOf(answer: Response): Promise<readonly Line[]> {
  const id = answer.headers.get('x-request-id');
  await answer.arrayBuffer();
  return linesWith((line) => line['reqId'] === id, 'request');
}

async function linesWith(isMeant: (line: Line) => boolean, last: string): Promise<readonly Line[]> {
  for (;;) {
    const lines = app
      .logs()
      .split('\n')
      .filter((line) => line !== '');
    const found = lines.map((line) => JSON.parse(line) as Line).filter(isMeant);
    if (found.some(({ msg }) => msg === last)) return found;
    await delay(5);
  }
}

async function query(sql: string, id: string): Promise<Response> {
  return fetch(`${app.url}/v1/query`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json', 'x-databend-query-id': id },
    body: JSON.stringify({ sql }),
  });
}

describe('the log says who did what', () => {
  it('of an upload: user, stage, files, bytes, id and how it ended', async () => {
    const answer = await fetch(`${app.url}/v1/upload_to_stage`, {
      method: 'PUT',
      headers: { ...AUTHORIZATION, 'content-type': FORM_TYPE, stage_name: '~' },
      body: form(filePart('a.csv', 'abc'), filePart('b.csv', 'de')),
    });
    const uploadId = answer.headers.get('x-stagedoor-upload-id');
    const lines = await linesOf(answer);
    expect(lines).toMatchObject([
      {
        msg: 'request',
        user: 'root',
        res: { status: 200 },
        upload: { id: uploadId, stage: '~', files: 2, bytes: 5, ended: 'stored' },
      },
    ]);
  });

  it('of an upload that was refused: why', async () => {
    const answer = await fetch(`${app.url}/v1/stages/~/files/a.csv`, {
      method: 'PUT',
      headers: { ...AUTHORIZATION, 'content-md5': Buffer.alloc(16).toString('base64') },
      body: 'abc',
    });
    expect(answer.status).toBe(400);
    const lines = await linesOf(answer);
    expect(lines.at(-1)).toMatchObject({ upload: { files: 0, bytes: 0, ended: 'ChecksumMismatch' } });
  });

  it('of an upload whose client has left', async () => {
    const connection = await RawConnection.open(app.port);
    await connection.write(
      `PUT /v1/stages/~/files/left.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${AUTHORIZATION.authorization}\r\nContent-Length: 100\r\n\r\nabc`,
    );
    await delay(100);
    connection.leave();
    const lines = await linesWith(({ msg }) => msg === 'upload', 'upload');
    expect(lines).toMatchObject([
      { user: 'root', upload: { stage: '~', files: 0, bytes: 0, ended: 'ClientGone' } },
    ]);
  });

  it('of a presigned upload: its maker', async () => {
    const presigned = await fetch(`${app.url}/v1/stages/~/presign`, {
      method: 'POST',
      headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify({ path: 'p.csv', method: 'PUT' }),
    });
    const { url } = (await presigned.json()) as { readonly url: string };
    const lines = await linesOf(await fetch(url, { method: 'PUT', body: 'abc' }));
    expect(lines).toMatchObject([{ msg: 'request', user: 'root', upload: { ended: 'stored' } }]);
  });

  it('of a statement: its kind and its query id, and no text', async () => {
    const lines = await linesOf(await query("SELECT 'my secret'", 'q-1'));
    expect(lines).toMatchObject([{ msg: 'request', query: 'q-1', statement: 'select-values', user: 'root' }]);
    expect(JSON.stringify(lines)).not.toContain('my secret');
  });

  it('of a statement that failed: the same, in one line', async () => {
    const lines = await linesOf(await query('LIST @nobody', 'q-2'));
    expect(lines).toMatchObject([
      {
        msg: expect.stringContaining('a statement failed') as string,
        query: 'q-2',
        error: { kind: 'UnknownStage' },
      },
      { msg: 'request', query: 'q-2', statement: expect.any(String) as string },
    ]);
  });

  it("of a client's mistake: one line, without a stack", async () => {
    const lines = await linesOf(await fetch(`${app.url}/v1/stages/none`, { headers: AUTHORIZATION }));
    expect(lines).toMatchObject([{ status: 404, error: { kind: 'UnknownStage' } }, { msg: 'request' }]);
    expect(JSON.stringify(lines)).not.toContain('stack');
  });

  it('of nobody who was not let in: a name may be a password in the wrong field', async () => {
    const authorization = `Basic ${Buffer.from('hunter2-in-the-wrong-field:x').toString('base64')}`;
    const lines = await linesOf(await fetch(`${app.url}/v1/stages`, { headers: { authorization } }));
    expect(lines.at(-1)).toMatchObject({ res: { status: 401 } });
    expect(lines.at(-1)).not.toHaveProperty('user');
    expect(app.logs()).not.toContain('hunter2');
  });

  it('in lines that no name can forge or grow', async () => {
    const name = encodeURIComponent('a\u001b[31m\n{"level":30,"msg":"forged"}');
    const mistake = await fetch(`${app.url}/v1/stages/${name}`, { headers: AUTHORIZATION });
    await linesOf(mistake);
    const long = await fetch(`${app.url}/v1/${'x'.repeat(15_000)}`, { headers: AUTHORIZATION });
    await linesOf(long);
    const lines = app.logs().split('\n');
    expect(lines.filter((line) => line.startsWith('{"level":30,"msg":"forged"'))).toEqual([]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(8192);
    expect(app.logs()).not.toContain(String.raw`"a\u001b`);
  });
});
