import { mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import { Bucket } from './support/bucket.mjs';

const INSIDE = 'inside';
const OUTSIDE = 'outside';
const BUCKET = 'kills';

/**
 * Where the files go, and a look at it behind the server: `{ settings, stages, leftovers, close }`.
 * `leftovers({ listed, tried })` names everything that is there of no file in `listed`; both are `{ stage, name }`.
 * Each has a stage in the server's own storage and one outside of it.
 */
export function fsStore(folder) {
  const roots = { [INSIDE]: 'data/internal/stage/internal/inside', [OUTSIDE]: 'outside/stage' };
  mkdirSync(join(folder, 'outside/stage'), { recursive: true });
  const leftovers = ({ listed }) => {
    const known = new Set(listed.map(({ stage, name }) => join(roots[stage], name)));
    const files = ['data/internal', 'outside'].flatMap((root) => filesBelow(folder, root));
    return files.filter((file) => !known.has(file));
  };
  return {
    settings: { FS_STAGE_ROOTS: join(folder, 'outside') },
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `fs://${folder}/outside/stage/` }],
    leftovers: (files) => Promise.resolve(leftovers(files)),
    close: () => undefined,
  };
}

export async function minioStore(minio, run) {
  const bucket = new Bucket(minio, BUCKET);
  await bucket.make();
  const prefixes = { [INSIDE]: `${run}/in/stage/internal/inside/`, [OUTSIDE]: `${run}/out/` };
  const keyOf = ({ stage, name }) => `${prefixes[stage]}${name}`;
  const leftovers = async ({ listed, tried }) => {
    const known = new Set(listed.map(keyOf));
    const objects = await bucket.keys(`${run}/`);
    const uploads = await bucket.openUploads(tried.map(keyOf));
    return [...objects.filter((key) => !known.has(key)), ...uploads, ...bucket.filesOfOpenUploads()];
  };
  const { connection } = bucket;
  const internal = Object.entries(connection).map(([option, value]) => [
    `INTERNAL_STORAGE_${option.toUpperCase()}`,
    value,
  ]);
  return {
    settings: { INTERNAL_STORAGE_URL: `s3://${BUCKET}/${run}/in/`, ...Object.fromEntries(internal) },
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `s3://${BUCKET}/${run}/out/`, connection }],
    leftovers,
    close: () => bucket.close(),
  };
}

function filesBelow(folder, root) {
  const top = join(folder, root);
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
