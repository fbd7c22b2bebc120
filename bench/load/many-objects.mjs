import { BUCKET } from '../peers/minio.mjs';
import { putSigner } from './signature-v4.mjs';

/** A stage on a prefix of the bucket of the bench. */
export function stageOn({ endpoint, keys }, prefix) {
  const connection = {
    endpoint_url: endpoint,
    aws_key_id: keys.accessKeyId,
    aws_secret_key: keys.secretAccessKey,
  };
  return { name: prefix, url: `s3://${BUCKET}/${prefix}/`, connection };
}

/** The sample of `makeManyObjects`. */
export async function putEmptyObject({ host, keys }, name) {
  const path = `/${BUCKET}/${name}`;
  const answer = await fetch(`http://${host}${path}`, {
    method: 'PUT',
    headers: putSigner({ host, ...keys })(path),
  });
  if (!answer.ok) throw new Error(`MinIO: ${await answer.text()}`);
}
