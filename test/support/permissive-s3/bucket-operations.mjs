import { S3Error } from './s3-error.mjs';
import { document, element, textElement } from './s3-xml.mjs';

/** @import { OperationContext, ServiceContext, ServiceOperation } from './operation-context.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const XML = { 'content-type': 'application/xml' };

/**
 * @param {ServiceContext} context
 * @returns {S3Answer}
 */
function listBuckets({ stores }) {
  const buckets = [...stores.keys()].map((name) =>
    element('Bucket', textElement('Name', name) + textElement('CreationDate', '2026-01-01T00:00:00.000Z')),
  );
  return { headers: XML, body: document('ListAllMyBucketsResult', element('Buckets', buckets.join(''))) };
}

/**
 * @param {ServiceContext} context
 * @returns {S3Answer}
 */
function headBucket({ region }) {
  return { headers: { 'x-amz-bucket-region': region } };
}

/**
 * @param {ServiceContext} context
 * @returns {S3Answer}
 */
function createBucket({ request, stores, makeStore }) {
  const { bucketName } = request;
  if (!BUCKET.test(bucketName)) throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
  if (stores.has(bucketName)) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded.',
    );
  }
  makeStore(bucketName);
  return { headers: { location: `/${bucketName}` } };
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function deleteBucket({ request, store, stores }) {
  if (store.size > 0) throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty.');
  stores.delete(request.bucketName);
  return { status: 204 };
}

/**
 * @param {ServiceContext} context
 * @returns {S3Answer}
 */
function getBucketLocation({ region }) {
  return { headers: XML, body: document('LocationConstraint', region === 'us-east-1' ? '' : region) };
}

export const BUCKET_OPERATIONS = {
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
};

/**
 * Those that need no bucket that is there.
 *
 * @satisfies {Record<string, ServiceOperation>}
 */
export const SERVICE_OPERATIONS = { ListBuckets: listBuckets, CreateBucket: createBucket };
