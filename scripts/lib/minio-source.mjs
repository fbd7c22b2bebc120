import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import process from 'node:process';

import { messageOf } from './error-facts.mjs';
import { builtMinio } from './minio-build.mjs';
import { findProgram } from './programs.mjs';

const IMAGE = 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z';

/**
 * A way to run a MinIO on this machine.
 *
 * @typedef {object} MinioSource
 * @property {string} name
 * @property {undefined} [reason]
 * @property {(place: MinioPlace) => MinioCommand} command
 */

/** @typedef {{ port: number, folder: string }} MinioPlace */
/**
 * `remove` takes away what a kill leaves.
 *
 * @typedef {{ file: string, args: string[], remove: () => void }} MinioCommand
 */
/** @typedef {{ reason: string }} NoMinio Why there is none. */

/**
 * Where a MinIO comes from on this machine.
 *
 * @param {(line: string) => void} report
 * @returns {Promise<MinioSource | NoMinio>}
 */
export async function findMinio(report) {
  const installed = findProgram('minio');
  if (installed !== undefined) return fromBinary(installed);
  const missing = ['no `minio` on the PATH'];
  if (findProgram('go') === undefined) {
    missing.push('no `go` on the PATH to build it with');
  } else {
    try {
      return fromBinary(await builtMinio(report));
    } catch (error) {
      missing.push(messageOf(error));
    }
  }
  if (!dockerEngineAnswers()) missing.push('no Docker engine answers');
  else if (!pulled(report)) missing.push(`docker cannot pull ${IMAGE}`);
  else return fromDocker();
  return { reason: `${missing.join('; ')}. Install MinIO or Go, or set S3_TEST_ENDPOINT` };
}

function dockerEngineAnswers() {
  const version = ['version', '--format', '{{.Server.Version}}'];
  return spawnSync('docker', version, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** @param {(line: string) => void} report */
function pulled(report) {
  if (spawnSync('docker', ['image', 'inspect', IMAGE], { stdio: 'ignore' }).status === 0) return true;
  report(`pulling ${IMAGE}`);
  return spawnSync('docker', ['pull', '--quiet', IMAGE], { stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} path
 * @returns {MinioSource}
 */
function fromBinary(path) {
  /** @param {MinioPlace} place */
  const command = ({ port, folder }) => ({
    file: path,
    args: ['server', '--address', `127.0.0.1:${port}`, folder],
    remove: () => undefined,
  });
  return { name: path, command };
}

/** @returns {MinioSource} */
function fromDocker() {
  /** @param {MinioPlace} place */
  const command = ({ port, folder }) => {
    const name = `stagedoor-minio-${randomUUID()}`;
    const keys = ['MINIO_ROOT_USER', 'MINIO_ROOT_PASSWORD', 'MINIO_BROWSER'].flatMap((key) => ['-e', key]);
    const place = ['-p', `127.0.0.1:${port}:9000`, '-v', `${folder}:/data`];
    // The container's files must be the caller's, who removes the folder.
    const owner = ['--user', `${process.getuid?.()}:${process.getgid?.()}`];
    return {
      file: 'docker',
      args: ['run', '--rm', '--name', name, ...owner, ...place, ...keys, IMAGE, 'server', '/data'],
      remove: () => spawnSync('docker', ['rm', '--force', '--volumes', name], { stdio: 'ignore' }),
    };
  };
  return { name: IMAGE, command };
}
