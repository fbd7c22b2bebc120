import { createHash, createHmac } from 'node:crypto';

const REGION = 'us-east-1';
const PAYLOAD = 'UNSIGNED-PAYLOAD';
const SIGNED = 'host;x-amz-content-sha256;x-amz-date';

/** Signs PUTs of plain ASCII paths to an S3 store, without a digest of the payload: that is least work for the store. */
export function putSigner({ host, accessKeyId, secretAccessKey }) {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = stamp.slice(0, 8);
  const scope = `${day}/${REGION}/s3/aws4_request`;
  const key = [day, REGION, 's3', 'aws4_request'].reduce(hmac, `AWS4${secretAccessKey}`);
  const headers = `host:${host}\nx-amz-content-sha256:${PAYLOAD}\nx-amz-date:${stamp}\n`;
  return (path) => {
    const request = ['PUT', path, '', headers, SIGNED, PAYLOAD].join('\n');
    const digest = createHash('sha256').update(request).digest('hex');
    const signature = hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, digest].join('\n')).toString('hex');
    const credential = `Credential=${accessKeyId}/${scope}`;
    return {
      'x-amz-content-sha256': PAYLOAD,
      'x-amz-date': stamp,
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${SIGNED}, Signature=${signature}`,
    };
  };
}

function hmac(key, text) {
  return createHmac('sha256', key).update(text).digest();
}
