import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

/** @import { MinioAccess } from '../../../scripts/lib/minio-server.mjs' */

/** @typedef {ReturnType<typeof storeAt>} FaultStore */

/**
 * The store itself, past the proxy and past Stagedoor: the word that decides.
 * @param {MinioAccess} minio
 * @param {string} bucket
 */
export function storeAt({ endpoint, accessKeyId, secretAccessKey }, bucket) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({
    endpoint,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    // In plain JavaScript it would take longer than the upload; what is read is compared byte by byte.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    makeBucket: () => client.send(new CreateBucketCommand({ Bucket: bucket })),
    /**
     * @param {string} key
     * @param {Buffer} body
     */
    async put(key, body) {
      const { ETag: etag } = await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
      );
      return etag;
    },
    /**
     * The object's bytes, or undefined where there is none.
     *
     * @param {string} key
     */
    async read(key) {
      try {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Buffer.from((await body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    /**
     * The ids of the unfinished uploads of exactly this key: MinIO lists none by a shorter prefix.
     *
     * @param {string} key
     */
    async unfinished(key) {
      const answer = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
      return (answer.Uploads ?? []).filter((upload) => upload.Key === key).map((upload) => upload.UploadId);
    },
    close: () => client.destroy(),
  };
}
