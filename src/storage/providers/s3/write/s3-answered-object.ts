import { StorageError } from '../../../contract/storage-error.js';
import { isRequestedBucket } from '../client/s3-answered-bucket.js';
import { encodedKey, encodedText } from '../client/s3-key-encoding.js';

interface NamedObject {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
}

/** Characters that XML cannot contain, or that parsers change. */
const CHANGED_BY_XML = /[\s\p{Cc}\uFFFD\uFDD0]/gu;

/**
 * Checks that an answer is about the requested object: parts and etags of another object are useless.
 *
 * @throws StorageError of kind `Unexpected`.
 */
export function assertSameObject(
  answer: NamedObject,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): void {
  const { Bucket: answeredBucket, Key: answeredKey } = answer;
  if (answeredBucket !== undefined && !isRequestedBucket(answeredBucket, bucket))
    throw otherObject('bucket', answeredBucket);
  if (answeredKey === undefined || spellings(key).includes(comparable(answeredKey))) return;
  throw otherObject('object', answeredKey);
}

/** Returns the spellings of a key in answers: some stores encode it as in a URL. */
function spellings(key: string): readonly string[] {
  return [key, encodedKey(key), encodedText(key)].map(comparable);
}

function comparable(key: string): string {
  return key.replaceAll(CHANGED_BY_XML, '');
}

function otherObject(what: string, name: string): StorageError {
  const message = `The store's answer to an upload is about another ${what}, ${JSON.stringify(name)}.`;
  return new StorageError('Unexpected', message, { context: { scheme: 's3' } });
}
