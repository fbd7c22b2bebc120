import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startBehind, type Behind } from './support/behind-proxy.js';
import { curl } from './support/curl.js';
import { findProxy, type ProxyName } from './support/front-proxy.js';
import { BOOKS, readBooks } from './support/stage-client.js';
import { answerTo, openTls, sendTls, type TlsAnswer } from './support/tls-request.js';

const PASSWORD = 'correct horse';
const LARGE_BYTES = 64 * 1024 * 1024;
const FIRST_BYTES = 1024 * 1024;
const LISTED_FILES = 5000;
const ARRIVAL_TIMEOUT_MS = 20_000;
const BASIC = `Basic ${Buffer.from(`root:${PASSWORD}`).toString('base64')}`;

function describeBehind(name: ProxyName, { asksLate }: { readonly asksLate: boolean }): void {
  const program = findProxy(name);
  if (program === undefined) {
    describe.skip(`not run: no ${name}`, () => {
      it(`needs ${name}: apt-get install ${name}`, () => undefined);
    });
    return;
  }
  describe(`behind ${name}, with the configuration of the page`, () => {
    let behind: Behind;

    beforeAll(async () => {
      behind = await startBehind(name, program, {
        ROOT_PASSWORD: PASSWORD,
        TRUSTED_PROXIES: '127.0.0.1',
      });
    });

    afterAll(async () => {
      await behind.stop();
    });

    it.each([
      ['stage_name', 'relative_path'],
      ['x-databend-stage-name', 'x-databend-relative-path'],
    ])('takes a form in with the headers %s and %s', async (stageHeader, pathHeader) => {
      const stage = await newStage();
      const { status, body } = await curl(
        ...['--cacert', behind.certificateFile, '-u', `root:${PASSWORD}`],
        ...['-H', `${stageHeader}: ${stage}`, '-H', `${pathHeader}: 2026/bücher`],
        ...['-F', `upload=@${BOOKS}`, '-XPUT', `${behind.base}/v1/upload_to_stage`],
      );
      expect(body).toMatchObject({ stage_name: stage, state: 'SUCCESS', files: [BOOKS] });
      expect(status).toBe(200);
      expect(await namesIn(stage)).toEqual([`2026/bücher/${BOOKS}`]);
    });

    it('hands a large upload on as it comes, and downloads the same again', async () => {
      const content = randomBytes(LARGE_BYTES);
      const url = `${behind.base}/v1/stages/~/files/large.bin`;
      const headers = { authorization: BASIC, 'content-length': String(LARGE_BYTES) };
      const sending = openTls({ method: 'PUT', url, headers, ca: behind.ca });
      const answer = answerTo(sending);
      sending.write(content.subarray(0, FIRST_BYTES));
      await untilArriving(behind.internalFolder);
      sending.end(content.subarray(FIRST_BYTES));
      expect((await answer).status).toBe(201);

      const { body } = await send('/v1/stages/~/files/large.bin');
      expect(md5(body)).toBe(md5(content));
    });

    it('sends a range of a file, and nothing of one that has not changed', async () => {
      const path = '/v1/stages/~/files/books.parquet';
      await send(path, { method: 'PUT' }, await readBooks());
      const { status, headers, body } = await send(path, { headers: { range: 'bytes=0-3' } });
      expect({ status, range: headers['content-range'], text: body.toString() }).toEqual({
        status: 206,
        range: 'bytes 0-3/1090',
        text: 'PAR1',
      });
      const again = await send(path, { headers: { 'if-none-match': headers.etag ?? '' } });
      expect(again.status).toBe(304);
    });

    it('leaves the names of files as they are', async () => {
      const stage = await newStage();
      const file = 'a b/50%/+ü;=.csv';
      const path = `/v1/stages/${stage}/files/${file.split('/').map(encodeURIComponent).join('/')}`;
      expect((await send(path, { method: 'PUT' }, Buffer.from('x'))).status).toBe(201);
      expect(await namesIn(stage)).toEqual([file]);
      expect((await send(path)).body.toString()).toBe('x');
    });

    it('gives presigned URLs that begin with the address of the proxy, whatever the client says', async () => {
      const url = await presignedUrl({
        forwarded: 'proto=http;host=elsewhere.example',
        'x-forwarded-host': 'elsewhere.example',
        'x-forwarded-prefix': '/elsewhere',
        'x-forwarded-port': '4443',
      });
      expect(url.startsWith(`${behind.base}/v1/presigned/`)).toBe(true);
      const { status } = await sendTls({ method: 'PUT', url, ca: behind.ca }, Buffer.from('signed'));
      expect(status).toBe(200);
      expect((await send('/v1/stages/~/files/signed.csv')).body.toString()).toBe('signed');
    });

    it('keeps presigned URLs out of its log', async () => {
      const url = await presignedUrl();
      await sendTls({ method: 'PUT', url, ca: behind.ca }, Buffer.from('signed'));
      await untilLogged('/v1/presigned/***');
      const [token = ''] = /[^/]+(?=\/signed\.csv$)/.exec(url) ?? [];
      expect(token.length).toBeGreaterThan(20);
      expect(await behind.proxy.logs()).not.toContain(token);
    });

    it('lets nobody in without a password', async () => {
      const open = await startBehind(name, program, {});
      try {
        const { status, body } = await curl(
          '--cacert',
          open.certificateFile,
          '-u',
          'root:',
          `${open.base}/v1/stages`,
        );
        const message = expect.stringContaining('Set ROOT_PASSWORD') as string;
        expect(body).toMatchObject({ error: { message } });
        expect(status).toBe(401);
      } finally {
        await open.stop();
      }
    });

    it('answers a client that asks before it sends', async () => {
      const taken = await whenAsked('/v1/stages/~/files/asked.csv');
      expect(taken).toEqual({ wasToldToGoOn: true, status: 201 });
      const refused = await whenAsked('/v1/stages/unknown/files/asked.csv');
      expect(refused).toEqual({ wasToldToGoOn: !asksLate, status: 404 });
    });

    it('brings the refusal of a large upload to its client', async () => {
      const large = join(behind.folder, 'large.bin');
      await writeFile(large, Buffer.alloc(LARGE_BYTES));
      const { status, body } = await curl(
        ...['--cacert', behind.certificateFile, '-u', `root:${PASSWORD}`, '-H', 'Expect:'],
        ...['-H', 'x-databend-stage-name: unknown', '-F', `upload=@${large}`],
        ...['-XPUT', `${behind.base}/v1/upload_to_stage`],
      );
      expect(body).toEqual({
        error: { code: 2501, kind: 'UnknownStage', message: "Stage 'unknown' does not exist." },
      });
      expect(status).toBe(404);
    });

    it('passes a long listing on whole', async () => {
      const stage = await newStage();
      const root = join(behind.internalFolder, 'stage/internal', stage);
      await mkdir(root, { recursive: true });
      const names = Array.from({ length: LISTED_FILES }, (_, i) => `file-${String(i).padStart(5, '0')}.csv`);
      for (const each of names) await writeFile(join(root, each), '');
      expect(await namesIn(stage)).toEqual(names);
    });

    async function send(
      path: string,
      { headers = {}, ...more }: { method?: string; headers?: Record<string, string> } = {},
      body?: Buffer,
    ): Promise<TlsAnswer> {
      const url = `${behind.base}${path}`;
      return sendTls({ url, ca: behind.ca, headers: { authorization: BASIC, ...headers }, ...more }, body);
    }

    async function sendJson(path: string, json: object, headers = {}): Promise<TlsAnswer> {
      const withType = { 'content-type': 'application/json', ...headers };
      return send(path, { method: 'POST', headers: withType }, Buffer.from(JSON.stringify(json)));
    }

    async function newStage(): Promise<string> {
      const stage = `stage_${randomBytes(4).toString('hex')}`;
      expect((await sendJson('/v1/stages', { name: stage })).status).toBe(201);
      return stage;
    }

    async function namesIn(stage: string): Promise<string[]> {
      const { body } = await send(`/v1/stages/${stage}/files?limit=1000000`);
      const { files } = JSON.parse(body.toString()) as { files: { name: string }[] };
      return files.map((file) => file.name);
    }

    async function presignedUrl(headers: Record<string, string> = {}): Promise<string> {
      const wish = { method: 'PUT', path: 'signed.csv' };
      const { body } = await sendJson('/v1/stages/~/presign', wish, headers);
      return (JSON.parse(body.toString()) as { url: string }).url;
    }

    /** A PUT of one byte with `Expect: 100-continue`: the byte goes out when the other side says so. */
    async function whenAsked(path: string): Promise<{ wasToldToGoOn: boolean; status: number }> {
      const headers = { authorization: BASIC, expect: '100-continue', 'content-length': '1' };
      const sending = openTls({ method: 'PUT', url: `${behind.base}${path}`, headers, ca: behind.ca });
      let wasToldToGoOn = false;
      sending.once('continue', () => {
        wasToldToGoOn = true;
        sending.end('x');
      });
      const answer = answerTo(sending);
      sending.flushHeaders();
      const { status } = await answer;
      sending.destroy();
      return { wasToldToGoOn, status };
    }

    async function untilLogged(text: string): Promise<void> {
      const deadline = Date.now() + ARRIVAL_TIMEOUT_MS;
      while (!(await behind.proxy.logs()).includes(text)) {
        if (Date.now() > deadline)
          throw new Error(`${name} has not logged ${text}:\n${await behind.proxy.logs()}`);
        await delay(50);
      }
    }
  });
}

/** Resolves when the service has bytes of an upload of which not all was sent. */
async function untilArriving(internalFolder: string): Promise<void> {
  const unfinished = join(internalFolder, '.stagedoor-unfinished');
  const deadline = Date.now() + ARRIVAL_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const names = await readdir(unfinished).catch(() => []);
    for (const each of names) if ((await stat(join(unfinished, each))).size > 0) return;
    await delay(50);
  }
  throw new Error('no byte has come to the service: the proxy keeps the upload until it is whole');
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}

describeBehind('nginx', { asksLate: false });
describeBehind('haproxy', { asksLate: true });
