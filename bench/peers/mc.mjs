import process from 'node:process';

/** @import { GoProgram } from './found-program.mjs' */

import { goProgram, versionOf } from './found-program.mjs';

/**
 * @typedef {object} McOptions
 * @property {string} folder where its configuration lies
 * @property {(line: string) => void} report
 * @property {{ host: string, keys: { accessKeyId: string, secretAccessKey: string } }} minio
 */

const ALIAS = 'bench';
/** @type {GoProgram} */
export const MC = {
  name: 'mc',
  module: 'github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9',
  takes: 'about a minute',
};

/**
 * MinIO's own client for one MinIO: `{ file, env, at }`, to be run as `file` with `env`.
 * @param {McOptions} options
 */
export async function findMc({ folder, report, minio }) {
  const file = await goProgram(MC, report);
  const { accessKeyId, secretAccessKey } = minio.keys;
  const account = `http://${accessKeyId}:${secretAccessKey}@${minio.host}`;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    MC_CONFIG_DIR: folder,
    [`MC_HOST_${ALIAS}`]: account,
  };
  /** @param {string} path */
  const at = (path) => `${ALIAS}/${path}`;
  return { file, env, version: versionOf(MC), at };
}
