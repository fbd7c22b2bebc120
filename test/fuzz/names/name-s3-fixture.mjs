import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

import { startFormServer } from '../forms/form-server.mjs';
import { SECRET } from './name-fs-fixture.mjs';

/** @import { MinioAccess } from '../../../scripts/lib/minio-server.mjs' */
/** @import { NameFixture } from './name-fuzzer.mjs' */

/** Around `kept/stage/internal/target/` and `ext/` in one bucket. */
const CANARIES = [
  '',
  'kept/',
  'kept/stage/',
  'kept/stage/internal/',
  'kept/stage/internal/target2/',
  'kept/stage/internal/sibling/',
  'kept/stage/internal/other/',
  'kept/stage/user/root/',
  'sibling/',
  'other/',
  'outside/',
  'ext2/',
];
const STAGE_PREFIXES = ['kept/stage/internal/target/', 'ext/'];

/**
 * A server whose internal storage is a bucket, which holds an external stage too, and canaries all around them.
 * @param {MinioAccess} store
 * @returns {Promise<NameFixture>}
 */
export async function openS3Fixture({ endpoint, accessKeyId, secretAccessKey }) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  const bucket = `names-${randomUUID()}`;
  const otherBucket = `names-other-${randomUUID()}`;
  const buckets = [bucket, otherBucket];
  for (const each of buckets) await client.send(new CreateBucketCommand({ Bucket: each }));
  for (const prefix of CANARIES) await plantCanary(client, bucket, prefix);
  await plantCanary(client, otherBucket, '');
  const options = { endpoint_url: endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey };
  const server = await startFormServer(() => ({
    INTERNAL_STORAGE_URL: `s3://${bucket}/kept/`,
    INTERNAL_STORAGE_ENDPOINT_URL: endpoint,
    INTERNAL_STORAGE_ACCESS_KEY_ID: accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: secretAccessKey,
  }));
  return {
    name: 'S3',
    server,
    secrets: [SECRET],
    stages: [
      { name: 'sibling' },
      { name: 'other' },
      { name: 'target' },
      { name: 'ext', url: `s3://${bucket}/ext/`, connection: options },
    ],
    locations: [],
    prepare: () => undefined,
    outside: () => outsideOf(client, buckets),
    close: async () => {
      await server.stop();
      for (const each of buckets) await removeBucket(client, each);
      client.destroy();
    },
  };
}

/**
 * @param {S3Client} client
 * @param {string} bucket
 * @param {string} prefix
 */
async function plantCanary(client, bucket, prefix) {
  /** @type {(name: string, text: string) => Promise<unknown>} */
  const put = (name, text) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${name}`, Body: text }));
  await put('canary.txt', `the canary ${SECRET} of ${bucket}/${prefix}`);
  await put(`hidden-${SECRET}.txt`, 'hidden');
  if (prefix === 'kept/stage/internal/') await put('targetcanary.txt', SECRET);
}

/**
 * @param {S3Client} client
 * @param {readonly string[]} buckets
 */
async function outsideOf(client, buckets) {
  const lines = [];
  for (const bucket of buckets) {
    for (const { Key = '', ETag } of await objectsOf(client, bucket)) {
      const isInside = bucket === buckets[0] && STAGE_PREFIXES.some((prefix) => Key.startsWith(prefix));
      if (!isInside) lines.push(`${bucket}/${Key} ${ETag}`);
    }
  }
  return lines;
}

/**
 * @param {S3Client} client
 * @param {string} bucket
 */
async function objectsOf(client, bucket) {
  /** @type {import('@aws-sdk/client-s3')._Object[]} */
  const objects = [];
  /** @type {string | undefined} */
  let token;
  do {
    /** @type {import('@aws-sdk/client-s3').ListObjectsV2CommandOutput} */
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    objects.push(...(page.Contents ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

/**
 * An object below another one's name is in no listing of MinIO, and keeps its bucket there.
 * @param {S3Client} client
 * @param {string} bucket
 */
async function removeBucket(client, bucket) {
  for (const { Key } of await objectsOf(client, bucket)) {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  }
  try {
    await client.send(new DeleteBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.name !== 'BucketNotEmpty') throw error;
  }
}
