import { S3Error } from './s3-error.mjs';

const OF_BUCKET = {
  GET: {
    plain: 'ListObjects',
    'list-type': 'ListObjectsV2',
    location: 'GetBucketLocation',
    uploads: 'ListMultipartUploads',
  },
  HEAD: { plain: 'HeadBucket' },
  PUT: { plain: 'CreateBucket' },
  POST: { delete: 'DeleteObjects' },
  DELETE: { plain: 'DeleteBucket' },
};
const OF_OBJECT = {
  GET: { plain: 'GetObject', uploadId: 'ListParts' },
  HEAD: { plain: 'HeadObject' },
  PUT: { plain: 'PutObject', uploadId: 'UploadPart' },
  POST: { uploads: 'CreateMultipartUpload', uploadId: 'CompleteMultipartUpload' },
  DELETE: { plain: 'DeleteObject', uploadId: 'AbortMultipartUpload' },
};
/** Each asks for another operation than the path and the method alone. */
const SUBRESOURCES = new Set(
  (
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle ' +
    'list-type location logging metrics notification object-lock ownershipControls policy publicAccessBlock ' +
    'replication requestPayment restore retention select session tagging torrent uploadId uploads versionId versioning ' +
    'versions website'
  ).split(' '),
);

/**
 * What a request is about: its operation, bucket, key and query as byte strings, decoded once and never normalised.
 */
export function readRequest({ method, url, headers }) {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const bucketName = percentDecoded(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : percentDecoded(path.slice(slash + 1));
  const parameters = mark < 0 ? [] : queryParameters(url.slice(mark + 1));
  const query = new Map(parameters);
  const operation = operationOf({ method, bucketName, key, query, headers });
  return { method, path, bucketName, key, parameters, query, headers, operation };
}

function operationOf({ method, bucketName, key, query, headers }) {
  if (bucketName === '') return method === 'GET' && key === '' ? 'ListBuckets' : 'Unknown';
  const asked = [...query.keys()].filter((name) => SUBRESOURCES.has(name));
  const table = (key === '' ? OF_BUCKET : OF_OBJECT)[method] ?? {};
  const operation = asked.length > 1 ? undefined : table[asked[0] ?? 'plain'];
  if (headers['x-amz-copy-source'] === undefined) return operation ?? 'Unknown';
  return operation === 'PutObject' ? 'CopyObject' : 'Unknown';
}

function queryParameters(text) {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [name, value].map((part) => percentDecoded(part.replaceAll('+', ' ')));
    });
}

/** Bytes in, bytes out: what they mean is nobody's business here. */
export function percentDecoded(text) {
  return text.replace(/%([0-9a-f]{2})?/gi, (_all, hex) => {
    if (hex === undefined) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

/** As signatures have it: RFC 3986's unreserved characters stand for themselves, and what `kept` names. */
export function percentEncoded(bytes, kept = '') {
  return bytes.replace(/[^A-Za-z0-9_.~-]/g, (character) =>
    kept.includes(character)
      ? character
      : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
