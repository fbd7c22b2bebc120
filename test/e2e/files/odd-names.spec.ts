import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import {
  type _Object,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { keyFromBytes } from '../../../src/storage/contract/key-bytes.js';
import { IS_LONG } from '../../support/long-form.js';
import { startPermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { Client } from '../support/client.js';
import { Exchanges } from '../support/exchanges.js';
import { filesBelow } from '../support/expectations.js';
import { connectionTo, describeOnMinio, makeBucket, type TestMinio } from '../support/minio.js';
import { oddKeys, randomFrom } from '../support/odd-keys.js';
import { presigned } from '../support/presigned.js';
import { SqlClient } from '../support/sql-client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const SEED = 20_261_129;
/** `npm run fuzz:keys` asks for as many as it is told. */
const KEYS = IS_LONG ? 2_000 : 500;
/** Names of each listing that more is asked of, about. */
const SAMPLE = IS_LONG ? 60 : 20;
const STAGE = 'odd';
const PAGE = 137;
const AT_ONCE = 8;

/** A store that somebody else has filled. */
interface Fixture {
  readonly settings: Readonly<Record<string, string>>;
  readonly stage: Readonly<Record<string, unknown>>;
  /** @returns whether the store has taken it. */
  plant(key: Buffer, content: string): Promise<boolean>;
  /** What a listing of the store itself shows, markers without content left out. */
  shown(planted: readonly Buffer[]): Promise<readonly Buffer[]>;
  /** Everything that is left in it. */
  left(): Promise<number>;
  close(): Promise<void>;
}

const contentOf = (key: Buffer): string => `content of ${key.toString('latin1')}`;

function namesAgreeOn(title: string, open: () => Promise<Fixture>): void {
  describe(`a store of odd names, ${title}`, () => {
    let fixture: Fixture;
    let testApp: TestApp;
    let client: Client;
    let exchanges: Exchanges;
    let planted: Buffer[];
    let shown: readonly Buffer[];
    let listed: readonly string[];

    const url = (name: string): string => `/v1/stages/${STAGE}/files/${encodeURIComponent(name)}`;

    beforeAll(async () => {
      fixture = await open();
      testApp = await startTestApp(fixture.settings);
      client = new Client(testApp);
      exchanges = new Exchanges(testApp);
      expect((await client.createStage({ name: STAGE, ...fixture.stage })).status).toBe(201);
      planted = [];
      for (const key of oddKeys(SEED, KEYS)) if (await fixture.plant(key, contentOf(key))) planted.push(key);
      for (const marker of ['marked/', 'deep/marked/']) {
        if (await fixture.plant(Buffer.from(marker), '')) planted.push(Buffer.from(marker));
      }
      shown = await fixture.shown(planted);
      listed = await allNames(client);
    }, 240_000);

    afterAll(async () => {
      exchanges.close();
      await testApp.close();
      await fixture.close();
    });

    it('is listed page by page: each name once, in the order of its bytes', () => {
      expect(shown.length).toBeGreaterThan(KEYS / 20);
      expect(listed).toEqual(shown.toSorted((a, b) => Buffer.compare(a, b)).map(keyFromBytes));
    });

    it('is listed by SQL as by REST', async () => {
      const rows = await new SqlClient(client).rows(`SELECT name FROM list_stage(location => '@${STAGE}')`);
      expect(rows.map(([name]) => name)).toEqual(listed);
    });

    it('gives each listed name the content that somebody has put there', async () => {
      const wrong: string[] = [];
      await eachAtOnce(shown, async (key) => {
        const { status, text } = await exchanges.send('GET', url(keyFromBytes(key)));
        if (status !== 200 || text !== contentOf(key))
          wrong.push(`${JSON.stringify(keyFromBytes(key))}: ${String(status)}`);
      });
      expect(wrong).toEqual([]);
    }, 120_000);

    it('gives it over presigned URLs, of REST and of SQL, and to HEAD', async () => {
      const random = randomFrom(SEED);
      const sample = shown.filter(() => random(shown.length) < SAMPLE);
      const sql = new SqlClient(client);
      for (const key of sample) {
        const name = keyFromBytes(key);
        const given = await presigned(client, STAGE, { method: 'GET', path: name });
        const location = `@${STAGE}/${name}`.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
        const [row] = await sql.rows(`PRESIGN DOWNLOAD '${location}'`);
        for (const target of [given.url, String(row?.[2])]) {
          const { pathname } = new URL(target);
          const { status, text } = await exchanges.send('GET', pathname, { authorization: '' });
          expect([name, status, text]).toEqual([name, 200, contentOf(key)]);
        }
        const head = await exchanges.send('HEAD', url(name));
        expect([name, head.status]).toEqual([name, 200]);
      }
    }, 120_000);

    it('knows no neighbour of a name, on any route', async () => {
      const random = randomFrom(SEED + 1);
      const there = new Set(listed);
      for (const name of listed.filter(() => random(listed.length) < SAMPLE)) {
        for (const other of neighbours(name).filter((each) => !there.has(each))) {
          for (const method of ['GET', 'HEAD', 'DELETE']) {
            const { status } = await exchanges.send(method, url(other));
            const told = JSON.stringify([method, name, other]);
            expect(`${told} ${String(status)}`).toMatch(/ 40[04]$/);
          }
        }
      }
      expect(await allNames(client)).toEqual(listed);
    }, 120_000);

    it('loses exactly the name that is removed, and all others by their prefix, markers too', async () => {
      const random = randomFrom(SEED + 2);
      const gone = new Set(listed.filter(() => random(listed.length) < SAMPLE));
      for (const name of gone) {
        const { status, text } = await exchanges.send('DELETE', url(name));
        expect([name, status, text]).toEqual([name, 200, '{"removed":1}']);
      }
      const rest = await allNames(client);
      expect(listed.filter((name) => !rest.includes(name) && !gone.has(name))).toEqual([]);
      const answer = await client.send(`/v1/stages/${STAGE}/files?prefix=`, { method: 'DELETE' });
      const markers = planted.filter((key) => /^(deep\/)?marked\/$/.test(String(key))).length;
      expect(await answer.json()).toEqual({ removed: planted.length - markers - gone.size });
      expect(await allNames(client)).toEqual([]);
      expect(await fixture.left()).toBe(0);
    }, 120_000);
  });
}

/** Names that a router, a store or a file system could take for that one. */
function neighbours(name: string): string[] {
  const all = [
    `/${name}`,
    `${name}/`,
    ` ${name}`,
    `${name} `,
    `./${name}`,
    `x/../${name}`,
    name.replace('/', '//'),
    name.replaceAll('//', '/'),
    name.replace(/^\//, ''),
    name.replace(/\/$/, ''),
    name.trim(),
    name.replaceAll('\uFDD0', '\uFFFD'),
    name.normalize('NFD'),
    name.toUpperCase(),
    encodeURIComponent(name),
  ];
  return [...new Set(all)].filter((other) => other !== name && other !== '');
}

async function allNames(client: Client): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = '';
  // An end that never comes would be told by the length.
  for (let page = 0; cursor !== null && page < 2 * KEYS; page++) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { files, next_cursor } = await client.page(STAGE, `?limit=${String(PAGE)}${query}`);
    names.push(...files.map(({ name }) => name));
    cursor = next_cursor;
  }
  expect(cursor).toBeNull();
  return names;
}

async function eachAtOnce<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function onPermissiveS3(): Promise<Fixture> {
  const s3 = await startPermissiveS3();
  const prefix = 'some/prefix/';
  s3.store.put('some/prefix', 'of nobody');
  s3.store.put('some/prefix0', 'of nobody');
  return {
    settings: {},
    stage: {
      url: `s3://${s3.bucket}/${prefix}`,
      connection: {
        endpoint_url: s3.endpoint,
        region: s3.region,
        access_key_id: s3.accessKeyId,
        secret_access_key: s3.secretAccessKey,
      },
    },
    plant(key, content) {
      const isShort = key.length + prefix.length <= 1024;
      if (isShort) s3.store.put(Buffer.concat([Buffer.from(prefix), key]), content);
      return Promise.resolve(isShort);
    },
    shown: (keys) => Promise.resolve(keys.filter((key) => !isEmptyMarker(key))),
    left: () => Promise.resolve(s3.store.size - 2),
    close: () => s3.stop(),
  };
}

function isEmptyMarker(key: Buffer): boolean {
  return /^(deep\/)?marked\/$/.test(String(key));
}

async function onMinio(minio: TestMinio): Promise<Fixture> {
  const bucket = `odd-${randomUUID()}`;
  await makeBucket(minio, bucket);
  const { endpoint, ...credentials } = minio;
  const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  const keys = async (): Promise<string[]> => {
    const contents: _Object[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, EncodingType: 'url' })) {
      contents.push(
        ...(page.Contents ?? []).filter(({ Key: key, Size: size }) => size !== 0 || !key?.endsWith('/')),
      );
    }
    return contents.map(({ Key: key }) => decodeURIComponent((key ?? '').replaceAll('+', ' ')));
  };
  return {
    settings: {},
    stage: { url: `s3://${bucket}/`, connection: connectionTo(minio) },
    async plant(key, content) {
      const text = key.toString();
      // MinIO cleans a leading slash away; the SDK cannot send what is no UTF-8.
      if (text.startsWith('/') || !Buffer.from(text).equals(key)) return false;
      const putting = s3.send(new PutObjectCommand({ Bucket: bucket, Key: text, Body: content }));
      return putting.then(
        () => true,
        () => false,
      );
    },
    shown: async () => (await keys()).map((key) => Buffer.from(key)),
    left: async () => {
      const answer = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return answer.KeyCount ?? 0;
    },
    close() {
      s3.destroy();
      return Promise.resolve();
    },
  };
}

async function inFolder(): Promise<Fixture> {
  const folder = await temporaryFolder();
  return {
    settings: { FS_STAGE_ROOTS: folder },
    stage: { url: `fs://${folder}/files/`, connection: {} },
    async plant(key, content) {
      const components = key.toString('latin1').split('/');
      if (components.some((component) => /^\.{0,2}$/.test(component))) return false;
      const path = Buffer.concat([Buffer.from(`${folder}/files/`), key]);
      try {
        await mkdir(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
        await writeFile(path, content, { flag: 'wx' });
        return true;
      } catch {
        return false; // a file and a directory cannot have one name
      }
    },
    shown: (keys) => Promise.resolve(keys),
    left: async () => (await filesBelow(`${folder}/files`)).length,
    close: () => removeFolder(folder),
  };
}

namesAgreeOn('on an S3 that keeps keys as bytes', onPermissiveS3);
namesAgreeOn('in a folder', inFolder);
describeOnMinio('odd names on MinIO', (minio) => {
  namesAgreeOn('on MinIO', () => onMinio(minio));
});
