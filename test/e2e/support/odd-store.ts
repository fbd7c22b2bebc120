import {
  type PermissiveS3,
  type PermissiveS3Options,
  startPermissiveS3,
} from '../../support/permissive-s3/permissive-s3.mjs';
import { Client } from './client.js';
import { SqlClient } from './sql-client.js';
import { startTestApp, type TestApp } from './test-app.js';

export const ODD_STAGE = 'odd';

/** A stage in a store that is not quite S3. */
export interface OddStore {
  readonly s3: PermissiveS3;
  readonly testApp: TestApp;
  readonly client: Client;
  readonly sql: SqlClient;
}

/** Without a quirk, without an object and without a memory before each case. */
export function onOddStore(
  cases: (scene: () => OddStore) => void,
  settings: Readonly<Record<string, string>> = {},
  options: PermissiveS3Options = {},
): void {
  let scene: OddStore;

  beforeAll(async () => {
    const s3 = await startPermissiveS3(options);
    const testApp = await startTestApp(settings);
    scene = { s3, testApp, client: new Client(testApp), sql: new SqlClient(new Client(testApp)) };
  });

  afterAll(async () => {
    await scene.testApp.close();
    await scene.s3.stop();
  });

  beforeEach(async () => {
    const { s3 } = scene;
    Object.assign(s3.quirks, AS_S3_IS);
    s3.store.clear();
    await createOddStage(scene);
    s3.journal.clear();
  });

  cases(() => scene);
}

export async function createOddStage(
  { s3, client }: Pick<OddStore, 's3' | 'client'>,
  connection: Readonly<Record<string, string>> = {},
): Promise<void> {
  const created = await client.createStage({
    name: ODD_STAGE,
    or_replace: true,
    url: `s3://${s3.bucket}/`,
    connection: { ...connectionTo(s3), ...unknownYet(), ...connection },
  });
  expect(created.status).toBe(201);
}

let connections = 0;

/** Of a connection with other options nothing is known that a store has told. */
function unknownYet(): Record<string, string> {
  connections += 1;
  return { presign_endpoint_url: `http://connection-${String(connections)}.example` };
}

export function connectionTo(s3: PermissiveS3): Record<string, string> {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  return {
    endpoint_url: endpoint,
    region,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
  };
}

const AS_S3_IS = {
  answers: [],
  startAfterIgnored: false,
  continuationTokens: 'fresh',
  emptyPages: 0,
  foldsCase: false,
  bareEtags: false,
  conditions: 'kept',
  multiDelete: 'kept',
  refusesRemoval: undefined,
  writesWantDigest: false,
  withoutListBucket: false,
  anonymousRead: false,
  clockOffsetMs: 0,
};
