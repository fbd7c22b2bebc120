import { randomUUID } from 'node:crypto';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { parseStorageUrl } from '../../src/storage/contract/storage-url.js';
import { S3StorageFactory } from '../../src/storage/providers/s3/s3-storage.factory.js';
import { IS_LONG } from '../support/long-form.js';
import { type PermissiveS3, startPermissiveS3 } from '../support/permissive-s3/permissive-s3.mjs';
import { WITH_COPY, WITH_PRESIGNING, WITHOUT_MOVE, WITHOUT_SMALL_LIMIT } from './cases/left-out.js';
import { type OpenedConformanceContext, runConformance } from './run-conformance.js';

let s3: PermissiveS3;

beforeAll(async () => {
  s3 = await startPermissiveS3();
});
afterAll(() => s3.stop());

/** About bodies and their memory: MinIO is asked the same, and this store differs from it in names, listings and conditions. */
const ABOUT_BODIES = /^(put|checksums|consent|memory|abort|copy|get): (?!.*\b(condition|etag|name)\b)/;

runConformance(
  's3, on the permissive S3',
  () => openInBucket(),
  [...WITH_PRESIGNING, ...WITHOUT_SMALL_LIMIT, ...WITH_COPY, ...WITHOUT_MOVE],
  ({ name }) => IS_LONG || !ABOUT_BODIES.test(name),
);

function openInBucket(): Promise<OpenedConformanceContext> {
  const bucket = `stagedoor-${randomUUID()}`;
  const store = s3.storeOf(bucket);
  const provider = openProvider(bucket);
  return Promise.resolve({
    provider,
    plant: (key, content) => {
      store.put(key, content);
      return Promise.resolve(true);
    },
    openAnother: () => openProvider(bucket),
    orphans: (key) => {
      const open = store.uploads.all().filter((upload) => upload.key === Buffer.from(key).toString('latin1'));
      return Promise.resolve(open.map(({ id }) => id));
    },
    async dispose() {
      await provider.close();
      store.clear();
    },
  });
}

function openProvider(bucket: string): StorageProvider {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  const factory = new S3StorageFactory({ timeoutMs: 30_000 });
  const options = {
    endpoint_url: endpoint,
    region,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
  };
  return factory.open(
    factory.parseConnection(parseStorageUrl(`s3://${bucket}/`), new Map(Object.entries(options)), 'user'),
  );
}
