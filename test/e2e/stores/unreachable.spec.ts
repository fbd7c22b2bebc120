import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { AnswerRule } from '../../support/permissive-s3/quirks.mjs';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { createOddStage, ODD_STAGE, onOddStore } from '../support/odd-store.js';

const run = promisify(execFile);
const MEBIBYTE = 1024 * 1024;

describe('a store that does not answer', () => {
  const TIMEOUT_SECONDS = 2;
  /** What a busy machine may add; three attempts of 20 seconds each are far above. */
  const LONGEST_MS = TIMEOUT_SECONDS * 1000 + 7000;

  onOddStore(
    (scene) => {
      const hang = (rule: Omit<AnswerRule, 'answer'> = {}): void => {
        scene().s3.store.put('f', Buffer.alloc(MEBIBYTE));
        scene().s3.quirks.answers = [{ answer: 'hang', ...rule }];
      };
      const upload = (size: number, headers: Readonly<Record<string, string>> = {}): Promise<unknown> =>
        scene().client.upload(form(filePart('new', Buffer.alloc(size))), {
          stage_name: ODD_STAGE,
          ...headers,
        });
      const send = (path: string, method = 'GET'): Promise<Response> =>
        scene().client.send(`/v1/stages/${ODD_STAGE}/files${path}`, { method });

      it.each<[string, () => Promise<unknown>]>([
        ['a listing', () => send('')],
        ['a download', () => send('/f')],
        ['a removal of one', () => send('/f', 'DELETE')],
        ['a removal of many', () => send('?prefix=', 'DELETE')],
        ['an upload', () => upload(4)],
        ['an upload on a condition', () => upload(4, { 'x-stagedoor-overwrite': 'fail' })],
        ['an upload of one slab', () => upload(5 * MEBIBYTE)],
        ['an upload in parts', () => upload(20 * MEBIBYTE)],
      ])('holds %s for no longer than the setting says', async (_what, act) => {
        hang();
        const began = performance.now();
        const answer = (await act()) as Response;
        expect(performance.now() - began).toBeLessThan(LONGEST_MS);
        await expectError(answer, {
          status: 503,
          code: 3901,
          kind: 'StoreUnavailable',
          message:
            /takes the connection and does not answer \(see STORAGE_TIMEOUT_SECONDS\).*Bucket permissive at/,
        });
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      });

      it.each(['UploadPart', 'CompleteMultipartUpload'] as const)(
        'from %s on holds an upload for no longer',
        async (on) => {
          hang({ on: [on, 'AbortMultipartUpload', 'ListParts'] });
          const began = performance.now();
          const answer = (await upload(20 * MEBIBYTE)) as Response;
          expect(answer.status).toBe(503);
          expect(performance.now() - began).toBeLessThan(LONGEST_MS);
        },
      );

      it('after failures that may be tried again holds a listing for no longer', async () => {
        scene().s3.quirks.answers = [{ times: 1, answer: 'drop' }, { answer: 'hang' }];
        const began = performance.now();
        expect((await send('')).status).toBe(503);
        expect(performance.now() - began).toBeLessThan(LONGEST_MS);
      });

      it('holds a removal one by one for no longer than one of them', async () => {
        const { s3 } = scene();
        for (let index = 0; index < 300; index++) s3.store.put(`d/${String(index)}`, '1');
        s3.quirks.answers = [
          { on: 'DeleteObjects', answer: { code: 'NotImplemented' } },
          { on: 'DeleteObject', answer: 'hang' },
        ];
        const began = performance.now();
        await expectError(await send('?prefix=d/', 'DELETE'), {
          status: 502,
          code: 4000,
          kind: 'RemovalIncomplete',
          message: /^0 files were removed and 100 could not be.*does not answer.*Try again/,
        });
        expect(performance.now() - began).toBeLessThan(LONGEST_MS);
        expect(s3.journal.count('DeleteObject')).toBeLessThan(30);
      });

      it('is not one whose reader is slow', async () => {
        const size = 64 * MEBIBYTE; // more than sockets hold
        scene().s3.store.put('f', Buffer.alloc(size));
        const { body } = await send('/f');
        const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array>; // of every answer with a body
        let received = 0;
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
          if (received === 0) await delay(2 * TIMEOUT_SECONDS * 1000);
          received += chunk.value.length;
        }
        expect(received).toBe(size);
      });

      it('in the middle of a body ends the download', async () => {
        scene().s3.store.put('f', Buffer.alloc(MEBIBYTE));
        scene().s3.quirks.answers = [{ on: 'GetObject', answer: 'stall' }];
        const began = performance.now();
        await expect(send('/f').then((answer) => answer.arrayBuffer())).rejects.toThrow();
        expect(performance.now() - began).toBeLessThan(LONGEST_MS);
      });
    },
    { STORAGE_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS) },
  );
});

describe('what no repetition mends', () => {
  onOddStore((scene) => {
    let tls: TlsServer;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stagedoor-tls-'));
      const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        ...subject,
        '-keyout',
        key,
        '-out',
        cert,
      ]);
      tls = createTlsServer(
        { key: await readFile(key), cert: await readFile(cert) },
        (_request, response) => {
          response.end();
        },
      );
      tls.listen(0, '127.0.0.1');
      await once(tls, 'listening');
    });

    afterAll(async () => {
      tls.close();
      tls.closeAllConnections();
      await rm(folder, { recursive: true });
    });

    const tlsPort = (): string => String((tls.address() as AddressInfo).port); // a listening TCP server has one

    it.each<[string, () => Record<string, string>, number, RegExp]>([
      [
        'a host that nobody has',
        () => ({ endpoint_url: 'http://no-such-host.invalid' }),
        2002,
        /has no address/,
      ],
      [
        'TLS on a plain endpoint',
        () => ({ endpoint_url: scene().s3.endpoint.replace('http:', 'https:') }),
        2002,
        /answers no TLS: write http:/,
      ],
      [
        'a certificate that is not trusted',
        () => ({ endpoint_url: `https://127.0.0.1:${tlsPort()}` }),
        2002,
        /certificate of its endpoint is signed by itself/,
      ],
      ['a wrong key', () => ({ access_key_id: 'nobody' }), 3002, /InvalidAccessKeyId/],
      ['a wrong secret', () => ({ secret_access_key: 'wrong' }), 3002, /SignatureDoesNotMatch/],
      ['a wrong region', () => ({ region: 'eu-west-1' }), 2002, /region is wrong; expecting 'us-east-1'/],
    ])('is 502 without Retry-After, at the first attempt: %s', async (_what, connection, code, message) => {
      await createOddStage(scene(), connection());
      scene().s3.journal.clear();
      const began = performance.now();
      const answer = await scene().client.send(`/v1/stages/${ODD_STAGE}/files`);
      expect(answer.headers.get('retry-after')).toBeNull();
      await expectError(answer, { status: 502, code, message });
      expect(performance.now() - began).toBeLessThan(8000);
      expect(scene().s3.journal.count()).toBeLessThanOrEqual(1);
    });

    it('is 502 where there is no such bucket', async () => {
      const { client, s3 } = scene();
      const connection = {
        endpoint_url: s3.endpoint,
        access_key_id: s3.accessKeyId,
        secret_access_key: s3.secretAccessKey,
      };
      await client.createStage({ name: 'no_bucket', url: 's3://there-is-none/', connection });
      const answer = await client.send('/v1/stages/no_bucket/files');
      await expectError(answer, {
        status: 502,
        code: 2002,
        message: /NoSuchBucket.*Bucket there-is-none at/,
      });
    });

    it('but a port where nothing listens yet is 503', async () => {
      await createOddStage(scene(), { endpoint_url: 'http://127.0.0.1:1' });
      const answer = await scene().client.send(`/v1/stages/${ODD_STAGE}/files`);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      await expectError(answer, { status: 503, code: 3901, message: /nothing listens/ });
    });
  });
});
