import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

import { Bucket } from './bucket.mjs';

const INSIDE = 'inside';
const OUTSIDE = 'outside';
const BUCKET = 'chaos';

/**
 * Where a server keeps files, and a look at it behind the server's back: `{ settings, stages, read, leftovers, close }`,
 * with a stage in the server's own storage and one outside of it. A file is `{ stage, name }`.
 *
 * `read(file)` gives its bytes, or null. `leftovers({ listed, tried })` names everything that belongs to no file in
 * `listed`; `tried` are files for which something may have been begun.
 *
 * On disk it lies in `folder`, of which the server's data directory is `data`. On a MinIO the name of the folder tells runs
 * apart.
 */
export async function openStore(folder, minio) {
  return minio === undefined ? diskStore(folder) : minioStore(minio, basename(folder));
}

function diskStore(folder) {
  const roots = { [INSIDE]: `data/internal/stage/internal/${INSIDE}`, [OUTSIDE]: 'elsewhere/stage' };
  mkdirSync(join(folder, roots[OUTSIDE]), { recursive: true });
  const pathOf = ({ stage, name }) => join(roots[stage], name);
  const leftovers = ({ listed }) => {
    const known = new Set(listed.map(pathOf));
    const files = ['data/internal', 'elsewhere'].flatMap((root) => filesBelow(folder, root));
    return files.filter((file) => !known.has(file));
  };
  return {
    settings: { FS_STAGE_ROOTS: join(folder, 'elsewhere') },
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `fs://${folder}/${roots[OUTSIDE]}/` }],
    read: (file) => readFile(join(folder, pathOf(file))).catch(unlessMissing),
    leftovers: (files) => Promise.resolve(leftovers(files)),
    close: () => undefined,
  };
}

async function minioStore(minio, run) {
  const bucket = new Bucket(minio, BUCKET);
  await bucket.make();
  const roots = { [INSIDE]: `${run}/in/stage/internal/${INSIDE}/`, [OUTSIDE]: `${run}/out/` };
  const keyOf = ({ stage, name }) => `${roots[stage]}${name}`;
  const leftovers = async ({ listed, tried }) => {
    const known = new Set(listed.map(keyOf));
    const objects = await bucket.keys(`${run}/`);
    const uploads = await bucket.openUploads(tried.map(keyOf));
    return [...objects.filter((key) => !known.has(key)), ...uploads, ...bucket.filesOfOpenUploads()];
  };
  const { connection } = bucket;
  const options = Object.entries(connection).map(([option, value]) => [option.toUpperCase(), value]);
  const internal = options.map(([option, value]) => [`INTERNAL_STORAGE_${option}`, value]);
  return {
    settings: { INTERNAL_STORAGE_URL: `s3://${BUCKET}/${run}/in/`, ...Object.fromEntries(internal) },
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `s3://${BUCKET}/${roots[OUTSIDE]}`, connection }],
    read: (file) => bucket.read(keyOf(file)),
    leftovers,
    close: () => bucket.close(),
  };
}

function filesBelow(folder, root) {
  const top = join(folder, root);
  if (!existsSync(top)) return []; // nothing has been put there yet
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function unlessMissing(error) {
  if (error.code === 'ENOENT') return null;
  throw error;
}
