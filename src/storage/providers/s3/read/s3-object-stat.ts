import type { GetObjectCommandOutput, HeadObjectCommandOutput, _Object } from '@aws-sdk/client-s3';
import { listedObjectKey, type ObjectKey } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { ObjectStat } from '../../../contract/storage-provider.js';

/** What S3 says of an object whose writer has said nothing. */
const UNSAID = 'binary/octet-stream';

/** The ETag of an object sent in parts, or encrypted, is no md5 of its content: so an md5 is never claimed. */
export function statOfAnswer(
  key: ObjectKey,
  size: number | undefined,
  answer: GetObjectCommandOutput | HeadObjectCommandOutput,
): ObjectStat {
  return {
    key,
    size: known(size, 'size'),
    lastModified: known(answer.LastModified, 'time'),
    etag: answer.ETag ?? null,
    md5: null,
    contentType: answer.ContentType === UNSAID ? null : (answer.ContentType ?? null),
  };
}

export function statOfEntry(key: string, entry: _Object): ObjectStat {
  return {
    key: listedObjectKey(key),
    size: known(entry.Size, 'size'),
    lastModified: known(entry.LastModified, 'time'),
    etag: entry.ETag ?? null,
    md5: null,
    contentType: null,
  };
}

function known<Fact>(fact: Fact | undefined, name: string): Fact {
  if (fact === undefined) {
    throw new StorageError('Unavailable', `The store's answer does not say the object's ${name}.`);
  }
  return fact;
}
