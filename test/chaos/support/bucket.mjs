import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
} from '@aws-sdk/client-s3';

import { codeOf } from '../../../scripts/lib/error-facts.mjs';
import { makeBucket } from '../../../scripts/lib/make-bucket.mjs';

/** @import { MinioAccess } from '../../../scripts/lib/minio-server.mjs' */

/**
 * With the folder where it keeps its data, where that can be looked into.
 *
 * @typedef {MinioAccess & { folder?: string }} Minio
 */

const LISTINGS_AT_ONCE = 16;

/** A bucket of a MinIO, seen without the server: its objects, and its multipart uploads that have not ended. */
export class Bucket {
  #minio;
  #client;

  /**
   * @param {Minio} minio
   * @param {string} name
   */
  constructor(minio, name) {
    this.#minio = minio;
    this.name = name;
    const { endpoint, accessKeyId, secretAccessKey } = minio;
    const credentials = { accessKeyId, secretAccessKey };
    this.#client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  }

  /** Options of a stage's connection that reach it. */
  get connection() {
    const { endpoint, accessKeyId, secretAccessKey } = this.#minio;
    return { endpoint_url: endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey };
  }

  async make() {
    await makeBucket(this.#minio, this.name);
  }

  /** @param {string} prefix */
  async keys(prefix) {
    /** @type {string[]} */
    const keys = [];
    for (let token = /** @type {string | undefined} */ (undefined); ;) {
      const request = { Bucket: this.name, Prefix: prefix, ContinuationToken: token };
      const page = await this.#client.send(new ListObjectsV2Command(request));
      keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      token = page.NextContinuationToken;
      if (token === undefined) return keys;
    }
  }

  /**
   * The bytes of an object, or null where there is none.
   * @param {string} key
   * @returns {Promise<Buffer | null>}
   */
  async read(key) {
    try {
      const { Body: body } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
      return Buffer.from((await body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

  /**
   * Multipart uploads that are open: one by one of these keys, since MinIO lists those of an exact key alone.
   * @param {readonly string[]} keys
   */
  async openUploads(keys) {
    const left = [...new Set(keys)];
    /** @type {string[]} */
    const found = [];
    const listNext = async () => {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        const request = new ListMultipartUploadsCommand({ Bucket: this.name, Prefix: key });
        const { Uploads: uploads = [] } = await this.#client.send(request);
        found.push(...uploads.map(({ Key, UploadId }) => `${Key} (multipart upload ${UploadId})`));
      }
    };
    await Promise.all(Array.from({ length: LISTINGS_AT_ONCE }, listNext));
    return found;
  }

  /**
   * What lies in MinIO's own folder of multipart uploads, of whatever key; empty where the folder is not to be seen. A
   * folder of a key that has none left stays for a while.
   */
  filesOfOpenUploads() {
    const { folder } = this.#minio;
    if (folder === undefined) return [];
    const uploads = join(folder, '.minio.sys/multipart');
    const keys = namesIn(uploads);
    return keys.flatMap((key) =>
      namesIn(join(uploads, key)).map((id) => `.minio.sys/multipart/${key}/${id}`),
    );
  }

  close() {
    this.#client.destroy();
  }
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
