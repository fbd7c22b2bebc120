import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Quirks } from '../../support/permissive-s3/quirks.mjs';
import type { S3Operation } from '../../support/permissive-s3/s3-request.mjs';
import { Client } from '../support/client.js';
import { eventually, filesBelow } from '../support/expectations.js';
import { connectionTo as minioConnectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import { connectionTo, createOddStage, ODD_STAGE, onOddStore } from '../support/odd-store.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const PROBE = /^\.stagedoor-check-/;

interface Check {
  readonly check: string;
  readonly ok: boolean | null;
  readonly reason?: string;
  readonly advice?: string;
}
interface Report {
  readonly stage: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

async function checked(client: Client, stage: string): Promise<Report> {
  const began = performance.now();
  const answer = await client.send(`/v1/stages/${stage}/check`, { method: 'POST' });
  expect(answer.status).toBe(200);
  expect(performance.now() - began).toBeLessThan(5000);
  return (await answer.json()) as Report;
}

/** What is wrong: the checks, and the first reason with its advice. */
function faultsOf({ checks }: Report): { readonly wrong: string[]; readonly told: string } {
  const wrong = checks.filter(({ ok }) => ok === false);
  const [first] = wrong;
  return { wrong: wrong.map(({ check }) => check), told: `${first?.reason ?? ''} | ${first?.advice ?? ''}` };
}

const ALL_WELL = ['list', 'write', 'read', 'remove'].map((check) => ({ check, ok: true }));
const denied = (on: S3Operation): Partial<Quirks> => ({
  answers: [{ on, answer: { code: 'AccessDenied' } }],
});

describe('the check of a stage on S3', () => {
  onOddStore((scene) => {
    let tls: TlsServer;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stagedoor-tls-'));
      const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const files = ['-keyout', key, '-out', cert];
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        ...subject,
        ...files,
      ]);
      const keys = { key: await readFile(key), cert: await readFile(cert) };
      tls = createTlsServer(keys, (_request, response) => response.end());
      tls.listen(0, '127.0.0.1');
      await once(tls, 'listening');
    });

    afterAll(async () => {
      tls.close();
      tls.closeAllConnections();
      await rm(folder, { recursive: true });
    });

    const host = (): string => new URL(scene().s3.endpoint).host;
    const tlsHost = (): string => `127.0.0.1:${String((tls.address() as AddressInfo).port)}`; // a listening TCP server has one

    it('that is well finds nothing, leaves nothing and shows nothing', async () => {
      const { s3, client } = scene();
      s3.store.put('f', 'content');
      const report = await checked(client, ODD_STAGE);
      expect(report).toEqual({ stage: ODD_STAGE, ok: true, checks: ALL_WELL });
      expect(s3.store.keys().map(String)).toEqual(['f']);
    });

    it.each<[string, () => Record<string, string>, RegExp]>([
      [
        'a wrong access key',
        () => ({ access_key_id: 'nobody' }),
        /InvalidAccessKeyId.* \| Give the access key/,
      ],
      [
        'a wrong secret',
        () => ({ secret_access_key: 'x' }),
        /SignatureDoesNotMatch.* \| Give the secret key/,
      ],
      [
        'a wrong region',
        () => ({ region: 'eu-west-1' }),
        /region is wrong; expecting 'us-east-1'.* \| Give the region/,
      ],
      [
        'an unknown host',
        () => ({ endpoint_url: 'http://no-such-host.invalid' }),
        /has no address.* \| Correct the host/,
      ],
      [
        'a refused port',
        () => ({ endpoint_url: 'http://127.0.0.1:1' }),
        /nothing listens.* \| Start the store/,
      ],
      [
        'TLS on a plain endpoint',
        () => ({ endpoint_url: `https://${host()}` }),
        /answers no TLS: write http:\/\//,
      ],
      ['plain on a TLS endpoint', () => ({ endpoint_url: `http://${tlsHost()}` }), /write https:\/\//],
      [
        'an untrusted certificate',
        () => ({ endpoint_url: `https://${tlsHost()}` }),
        /certificate.* \| .*NODE_EXTRA_CA_CERTS/,
      ],
    ])('names %s', async (_what, connection, told) => {
      await createOddStage(scene(), connection());
      const report = await checked(scene().client, ODD_STAGE);
      expect(report.ok).toBe(false);
      const faults = faultsOf(report);
      expect(faults.told).toMatch(told);
      expect(faults.wrong).toEqual(expect.arrayContaining(['list', 'write']));
    });

    it('names a bucket that is missing', async () => {
      const { client, s3 } = scene();
      await client.createStage({ name: 'missing', url: 's3://there-is-none/', connection: connectionTo(s3) });
      expect(faultsOf(await checked(client, 'missing')).told).toMatch(/NoSuchBucket.* \| Make the bucket/);
    });

    it.each<[string, Partial<Quirks>, string[], RegExp]>([
      [
        'no right to list',
        { withoutListBucket: true },
        ['list'],
        /AccessDenied.* \| Give the right .*s3:ListBucket/,
      ],
      [
        'no right to write',
        denied('PutObject'),
        ['write'],
        /AccessDenied.* \| Give the right .*s3:PutObject/,
      ],
      ['no right to read', denied('GetObject'), ['read'], /AccessDenied.* \| Give the right .*s3:GetObject/],
      [
        'no right to remove',
        denied('DeleteObject'),
        ['remove'],
        /object ".stagedoor-check-.*is left\. \| Give the right .*s3:DeleteObject/,
      ],
      ['a clock that is an hour off', { clockOffsetMs: 3_600_000 }, ['clock'], /60 minutes ahead.* \| .*NTP/],
      ['a web page', { answers: [{ answer: 'html' }] }, ['list', 'write'], /web page.* \| .*endpoint_url/],
      [
        'a store that never answers',
        { answers: [{ answer: 'hang' }] },
        ['list'],
        /has not answered within 4500 ms\. \| Look whether the store runs/,
      ],
    ])('names %s', async (_what, quirks, wrong, told) => {
      scene().s3.store.put('f', 'content');
      Object.assign(scene().s3.quirks, quirks);
      const { client, testApp } = scene();
      const report = await checked(client, ODD_STAGE);
      expect(report.ok).toBe(false);
      const faults = faultsOf(report);
      expect(faults.wrong).toEqual(wrong);
      expect(faults.told).toMatch(told);
      expect(testApp.logs()).not.toContain(scene().s3.secretAccessKey);
    });

    it('that could not remove what it wrote shows it nowhere, and a removal of all takes it', async () => {
      const { s3, client, sql } = scene();
      for (const name of ['a', 'b', 'c']) s3.store.put(name, name);
      Object.assign(s3.quirks, denied('DeleteObject'));
      await checked(client, ODD_STAGE);
      s3.quirks.answers = [];
      expect(s3.store.keys().map(String)[0]).toMatch(PROBE);
      expect(await client.names(ODD_STAGE)).toEqual(['a', 'b', 'c']);
      expect(await client.names(ODD_STAGE, '?limit=2')).toEqual(['a', 'b']);
      expect(await client.names(ODD_STAGE, '?pattern=.*&limit=1')).toEqual(['a']);
      expect(await sql.rows(`LIST @${ODD_STAGE}`)).toHaveLength(3);
      const answer = await client.send(`/v1/stages/${ODD_STAGE}/files?prefix=`, { method: 'DELETE' });
      expect(await answer.json()).toEqual({ removed: 3 });
      expect(s3.store.size).toBe(0);
    });

    it('that nobody waits for removes what it wrote', async () => {
      const { s3, client } = scene();
      const leave = new AbortController();
      const left = client.send(`/v1/stages/${ODD_STAGE}/check`, { method: 'POST', signal: leave.signal });
      await eventually(() => {
        expect(s3.journal.count('PutObject')).toBe(1);
      });
      leave.abort();
      await left.catch(() => undefined);
      await eventually(() => {
        expect([s3.journal.count('DeleteObject'), s3.store.size]).toEqual([1, 0]);
      });
    });

    it('leaves its name to no upload', async () => {
      const put = await scene().client.send(`/v1/stages/${ODD_STAGE}/files/.stagedoor-check-1`, {
        method: 'PUT',
        body: 'x',
      });
      expect(put.status).toBe(400);
    });

    it('makes no stage where it fails, and replaces none', async () => {
      const { client, s3 } = scene();
      const wrong = { ...connectionTo(s3), secret_access_key: 'wrong' };
      for (const name of ['unmade', ODD_STAGE]) {
        const stage = { name, or_replace: true, url: `s3://${s3.bucket}/`, connection: wrong, check: true };
        const answer = await client.createStage(stage);
        expect(answer.status).toBe(502);
        expect(await answer.json()).toEqual({
          error: {
            code: 2002,
            kind: 'StageCheckFailed',
            message: expect.stringMatching(
              /^The stage was not created.*SignatureDoesNotMatch.*Give the secret key/,
            ) as string,
          },
          check: { ok: false, checks: expect.arrayContaining([{ check: 'read', ok: null }]) as unknown },
        });
      }
      expect((await client.send('/v1/stages/unmade')).status).toBe(404);
      expect((await checked(client, ODD_STAGE)).ok).toBe(true);
    });

    it('makes the stage where it is well', async () => {
      const { client, s3 } = scene();
      const stage = {
        name: 'made',
        url: `s3://${s3.bucket}/made/`,
        connection: connectionTo(s3),
        check: true,
      };
      expect((await client.createStage(stage)).status).toBe(201);
      expect(s3.store.size).toBe(0);
    });
  });
});

describeOnMinio('the check of a stage on MinIO', (minio) => {
  it('that is well finds nothing', async () => {
    const testApp = await startTestApp();
    const bucket = `e2e-stage-check-${randomUUID()}`;
    await makeBucket(minio, bucket);
    const client = new Client(testApp);
    const stage = {
      name: 'm',
      url: `s3://${bucket}/x/`,
      connection: minioConnectionTo(minio),
      check: true,
    };
    expect((await client.createStage(stage)).status).toBe(201);
    expect(await checked(client, 'm')).toEqual({ stage: 'm', ok: true, checks: ALL_WELL });
    await testApp.close();
  });
});

describe('the check of a stage on a disk', () => {
  let disk: string;
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    disk = await temporaryFolder();
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    await mkdir(join(disk, 'stage'));
    testApp = await startTestApp({ FS_STAGE_ROOTS: disk });
    client = new Client(testApp);
    const created = await client.createStage({ name: 'disk', url: `fs://${disk}/stage/`, check: true });
    expect(created.status).toBe(201);
  });

  afterAll(async () => {
    await testApp.close();
    await run('umount', [disk]).catch(() => undefined);
    await removeFolder(disk);
  });

  it('that is well finds nothing, and leaves nothing', async () => {
    const report = await checked(client, 'disk');
    expect(report).toEqual({
      stage: 'disk',
      ok: true,
      checks: [{ check: 'directory', ok: true }, ...ALL_WELL],
    });
    expect(await filesBelow(disk)).toEqual([]);
  });

  it.each(['~', 'internal'])('is well for %s, whose directory is made by the first upload', async (stage) => {
    if (stage !== '~') await client.createStage({ name: stage, check: true });
    expect((await checked(client, stage)).ok).toBe(true);
  });

  it('names a full disk', async () => {
    await writeFile(join(disk, 'ballast'), Buffer.alloc(4 * 1024 * 1024)).catch(() => undefined);
    const { wrong, told } = faultsOf(await checked(client, 'disk'));
    await rm(join(disk, 'ballast'));
    expect(wrong).toEqual(['write']);
    expect(told).toMatch(/No space is left.* \| Make room/);
  });

  it('names a read-only disk', async () => {
    await run('mount', ['-o', 'remount,ro', disk]);
    const { wrong, told } = faultsOf(await checked(client, 'disk'));
    await run('mount', ['-o', 'remount,rw', disk]);
    expect(wrong).toEqual(['write']);
    expect(told).toMatch(/read-only.* \| Mount the file system for writing/);
  });

  it('names a directory that is missing, and makes none', async () => {
    await client.createStage({ name: 'absent', url: `fs://${disk}/absent/` });
    await rm(join(disk, 'absent'), { recursive: true, force: true });
    const { wrong, told } = faultsOf(await checked(client, 'absent'));
    expect(wrong).toEqual(['directory']);
    expect(told).toMatch(/There is no directory .*absent.* \| Mount its disk, or make the directory/);
  });

  it('names a disk that is not mounted', async () => {
    await run('umount', [disk]);
    const { wrong, told } = faultsOf(await checked(client, 'disk'));
    expect(wrong).toEqual(['directory']);
    expect(told).toMatch(/There is no directory .*stage.* \| Mount its disk/);
    expect(await filesBelow(disk)).toEqual([]);
  });
});
