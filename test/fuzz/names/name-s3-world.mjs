import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { startFormServer } from '../forms/form-server.mjs';
import { SECRET } from './name-fs-world.mjs';

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

/** A server whose internal storage is a bucket, which holds an external stage too, and canaries all around them. */
export async function openS3World({ endpoint, accessKeyId, secretAccessKey }) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  const buckets = [`names-${randomUUID()}`, `names-other-${randomUUID()}`];
  const [bucket] = buckets;
  for (const each of buckets) await client.send(new CreateBucketCommand({ Bucket: each }));
  for (const prefix of CANARIES) await plantCanary(client, bucket, prefix);
  await plantCanary(client, buckets[1], '');
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

async function plantCanary(client, bucket, prefix) {
  const put = (name, text) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${name}`, Body: text }));
  await put('canary.txt', `the canary ${SECRET} of ${bucket}/${prefix}`);
  await put(`hidden-${SECRET}.txt`, 'hidden');
  if (prefix === 'kept/stage/internal/') await put('targetcanary.txt', SECRET);
}

async function outsideOf(client, buckets) {
  const lines = [];
  for (const bucket of buckets) {
    for (const { Key, ETag } of await objectsOf(client, bucket)) {
      const isInside = bucket === buckets[0] && STAGE_PREFIXES.some((prefix) => Key.startsWith(prefix));
      if (!isInside) lines.push(`${bucket}/${Key} ${ETag}`);
    }
  }
  return lines;
}

async function objectsOf(client, bucket) {
  const objects = [];
  let token;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    objects.push(...(page.Contents ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

/** An object below another one's name is in no listing of MinIO, and keeps its bucket there. */
async function removeBucket(client, bucket) {
  for (const { Key } of await objectsOf(client, bucket)) {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  }
  try {
    await client.send(new DeleteBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (error.name !== 'BucketNotEmpty') throw error;
  }
}
