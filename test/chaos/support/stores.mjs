import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

import { codeOf } from '../../../scripts/lib/error-facts.mjs';
import { Bucket } from './bucket.mjs';

/** @import { Minio } from './bucket.mjs' */

const INSIDE = 'inside';
const OUTSIDE = 'outside';
const BUCKET = 'chaos';

/** @typedef {{ stage: string, name: string }} StageFile */
/** @typedef {{ name: string, url?: string, connection?: Record<string, string> }} StageOptions */
/** @typedef {{ listed: readonly StageFile[], tried: readonly StageFile[] }} KnownFiles */

/**
 * @typedef {object} Store
 * @property {Record<string, string>} settings of the server
 * @property {StageOptions[]} stages one in the server's own storage, one outside of it
 * @property {(file: StageFile) => Promise<Buffer | null>} read
 * @property {(files: KnownFiles) => Promise<string[]>} leftovers
 * @property {() => void} close
 */

/**
 * Where a server keeps files, and a look at it behind the server's back: `{ settings, stages, read, leftovers, close }`,
 * with a stage in the server's own storage and one outside of it. A file is `{ stage, name }`.
 *
 * `read(file)` gives its bytes, or null. `leftovers({ listed, tried })` names everything that belongs to no file in
 * `listed`; `tried` are files for which something may have been begun.
 *
 * On disk it lies in `folder`, of which the server's data directory is `data`. On a MinIO the name of the folder tells runs
 * apart.
 * @param {string} folder
 * @param {Minio} [minio]
 * @returns {Promise<Store>}
 */
export async function openStore(folder, minio) {
  return minio === undefined ? diskStore(folder) : minioStore(minio, basename(folder));
}

/**
 * @param {string} folder
 * @returns {Store}
 */
function diskStore(folder) {
  const outside = 'elsewhere/stage';
  const roots = new Map([
    [INSIDE, `data/internal/stage/internal/${INSIDE}`],
    [OUTSIDE, outside],
  ]);
  mkdirSync(join(folder, outside), { recursive: true });
  /** @param {StageFile} file */
  const pathOf = ({ stage, name }) => join(roots.get(stage) ?? '', name);
  /** @param {Pick<KnownFiles, 'listed'>} files */
  const leftovers = ({ listed }) => {
    const known = new Set(listed.map(pathOf));
    const files = ['data/internal', 'elsewhere'].flatMap((root) => filesBelow(folder, root));
    return files.filter((file) => !known.has(file));
  };
  return {
    settings: { FS_STAGE_ROOTS: join(folder, 'elsewhere') },
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `fs://${folder}/${outside}/` }],
    read: (file) => readFile(join(folder, pathOf(file))).catch(unlessMissing),
    leftovers: (files) => Promise.resolve(leftovers(files)),
    close: () => undefined,
  };
}

/**
 * @param {Minio} minio
 * @param {string} run
 * @returns {Promise<Store>}
 */
async function minioStore(minio, run) {
  const bucket = new Bucket(minio, BUCKET);
  await bucket.make();
  const outside = `${run}/out/`;
  const roots = new Map([
    [INSIDE, `${run}/in/stage/internal/${INSIDE}/`],
    [OUTSIDE, outside],
  ]);
  /** @param {StageFile} file */
  const keyOf = ({ stage, name }) => `${roots.get(stage)}${name}`;
  /** @param {KnownFiles} files */
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
    stages: [{ name: INSIDE }, { name: OUTSIDE, url: `s3://${BUCKET}/${outside}`, connection }],
    read: (file) => bucket.read(keyOf(file)),
    leftovers,
    close: () => bucket.close(),
  };
}

/**
 * @param {string} folder
 * @param {string} root
 */
function filesBelow(folder, root) {
  const top = join(folder, root);
  if (!existsSync(top)) return []; // nothing has been put there yet
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/**
 * @param {unknown} error
 * @returns {null}
 */
function unlessMissing(error) {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}
