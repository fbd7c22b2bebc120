import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Client } from './client.js';
import { filesBelow } from './expectations.js';
import { connectionTo, describeOnMinio, makeBucket, type TestMinio } from './minio.js';
import { startTestApp, type TestApp } from './test-app.js';

/** A stage, and a way to its store past the service. */
export interface Store {
  readonly kind: 'fs' | 's3';
  readonly stage: string;
  put(name: string, content: Buffer | string): Promise<void>;
  remove(name: string): Promise<void>;
  /** What tells one object of a name from the next: its ETag, or its inode's times. */
  mark(name: string): Promise<string>;
  /** What uploads of that name have left that is no file. */
  orphans(name: string): Promise<readonly string[]>;
}

export interface Scene {
  readonly testApp: TestApp;
  readonly client: Client;
  readonly store: Store;
}

type Settings = Readonly<Record<string, string>>;

/** The same cases for a stage on local disk and for one in a bucket of a real MinIO; the stage is empty before each. */
export function onEachStore(
  title: string,
  cases: (scene: () => Scene) => void,
  settings: Settings = {},
): void {
  describe(`${title}, on local disk`, () => {
    onStore(settings, diskStore, cases);
  });
  describeOnMinio(`${title}, on S3`, (minio) => {
    onStore(settings, (_testApp, client) => bucketStore(minio, client), cases);
  });
}

/** The cases for one stage, which is empty before each. */
export function onStore(
  settings: Settings,
  open: (testApp: TestApp, client: Client) => Promise<Store>,
  cases: (scene: () => Scene) => void,
): void {
  let scene: Scene;

  beforeAll(async () => {
    const testApp = await startTestApp(settings);
    const client = new Client(testApp);
    scene = { testApp, client, store: await open(testApp, client) };
  });

  afterAll(() => scene.testApp.close());

  beforeEach(async () => {
    const { client, store } = scene;
    await client.send(`/v1/stages/${store.stage}/files?prefix=`, { method: 'DELETE' });
  });

  cases(() => scene);
}

export async function diskStore({ dataDir }: Pick<TestApp, 'dataDir'>, client: Client): Promise<Store> {
  const stage = 'on_disk';
  expect((await client.createStage({ name: stage })).status).toBe(201);
  const root = join(dataDir, 'internal');
  const pathOf = (name: string): string => join(root, 'stage/internal', stage, name);
  return {
    kind: 'fs',
    stage,
    async put(name, content) {
      await mkdir(dirname(pathOf(name)), { recursive: true });
      await writeFile(pathOf(name), content);
    },
    remove: (name) => rm(pathOf(name)),
    async mark(name) {
      const { ino, mtimeNs, ctimeNs } = await stat(pathOf(name), { bigint: true });
      return [ino, mtimeNs, ctimeNs].join(' ');
    },
    orphans: () => filesBelow(join(root, '.stagedoor-unfinished')),
  };
}

export async function bucketStore(minio: TestMinio, client: Client, endpoint?: string): Promise<Store> {
  const [stage, bucket, prefix] = ['on_s3', `e2e-${randomUUID()}`, 'some/prefix/'];
  await makeBucket(minio, bucket);
  const connection = connectionTo({ ...minio, endpoint: endpoint ?? minio.endpoint });
  const created = await client.createStage({ name: stage, url: `s3://${bucket}/${prefix}`, connection });
  expect(created.status).toBe(201);
  const send = withClient(minio);
  const object = (name: string): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: prefix + name });
  return {
    kind: 's3',
    stage,
    async put(name, content) {
      await send((s3) => s3.send(new PutObjectCommand({ ...object(name), Body: content })));
    },
    async remove(name) {
      await send((s3) => s3.send(new DeleteObjectCommand(object(name))));
    },
    async mark(name) {
      const { ETag, LastModified } = await send((s3) => s3.send(new HeadObjectCommand(object(name))));
      return `${String(ETag)} ${String(LastModified)}`;
    },
    async orphans(name) {
      // MinIO lists the uploads of exactly this key alone.
      const request = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix + name });
      const { Uploads: uploads = [] } = await send((s3) => s3.send(request));
      return uploads.map(({ UploadId: id }) => String(id));
    },
  };
}

function withClient(minio: TestMinio): <T>(act: (s3: S3Client) => Promise<T>) => Promise<T> {
  const { endpoint, ...credentials } = minio;
  return async (act) => {
    const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
    try {
      return await act(s3);
    } finally {
      s3.destroy();
    }
  };
}
