import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { CREDENTIALS } from '../peers/stagedoor.mjs';
import { curlForm } from './curl.mjs';

const known = new Map();

/** Uploads the file once more and says whether LIST has its md5: 'right', 'none' or 'wrong'. */
export async function md5InList({ host }, stage, file) {
  const name = 'with-md5.bin';
  await curlForm({ host, stage, file, name });
  const authorization = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
  const files = `http://${host}/v1/stages/${stage}/files`;
  const answer = await fetch(`${files}?prefix=${name}`, { headers: { authorization } });
  const [row] = (await answer.json()).files;
  await fetch(`${files}/${name}`, { method: 'DELETE', headers: { authorization } });
  if (row.md5 === null || !/^[0-9a-f]{32}$/.test(row.md5)) return 'none';
  return row.md5 === (await md5Of(file)) ? 'right' : 'wrong';
}

async function md5Of(file) {
  if (!known.has(file)) {
    const hash = createHash('md5');
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
    known.set(file, hash.digest('hex'));
  }
  return known.get(file);
}
