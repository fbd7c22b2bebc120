import { startPermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { startFormServer } from '../forms/form-server.mjs';

/** @import { KeyFixture } from './key-fuzzer.mjs' */

const ROOT = 'kept/ext/';
/** Beside the stage: what a name could lead to that is cut off or put together wrongly. */
const OUTSIDE = [
  'kept/ext',
  'kept/ext2/a',
  'kept/a',
  'a',
  'ext/a',
  '/kept/ext/a',
  'kept//ext/a',
  'kept/ext\x01/a',
];

/**
 * A server with an external stage in a bucket, to which somebody else writes.
 * @returns {Promise<KeyFixture>}
 */
export async function openKeyS3Fixture() {
  const s3 = await startPermissiveS3();
  const server = await startFormServer();
  const { endpoint, region, accessKeyId, secretAccessKey, bucket, store } = s3;
  /** @param {string} name */
  const inRoot = (name) => Buffer.from(ROOT + name, 'latin1');
  return {
    name: 'permissive S3',
    server,
    stage: {
      name: 'odd',
      url: `s3://${bucket}/${ROOT}`,
      connection: {
        endpoint_url: endpoint,
        region,
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
      },
    },
    reset() {
      store.clear();
      for (const key of OUTSIDE) store.put(Buffer.from(key, 'latin1'), `outside at ${key}`);
    },
    put(name, content) {
      store.put(inRoot(name), content);
      return true;
    },
    snapshot() {
      const keys = store.keys().map((key) => key.toString('latin1'));
      return new Map(keys.map((key) => [nameOf(key), store.find(key)?.body.toString('latin1') ?? '']));
    },
    async close() {
      await server.stop();
      await s3.stop();
    },
  };
}

/**
 * What lies outside has a name that nothing in the stage has.
 * @param {string} key
 */
function nameOf(key) {
  return key.startsWith(ROOT) ? key.slice(ROOT.length) : `outside of the stage: ${key}`;
}
