import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { cacheFolder } from './cache-folder.mjs';
import { isExecutable } from './programs.mjs';

// MinIO's release tags are no Go versions, so the last commit is named by its pseudo-version.
const COMMIT = '7aac2a2c5b7c';
const PACKAGE = `github.com/minio/minio@v0.0.0-20260212201848-${COMMIT}`;

/**
 * The MinIO built earlier, else a new build of it: about three minutes, once per machine. Needs `go`.
 * @param {(line: string) => void} report
 */
export async function builtMinio(report) {
  const folder = join(cacheFolder(), `minio-${COMMIT}`);
  const binary = join(folder, 'minio');
  if (isExecutable(binary)) return binary;
  report('building MinIO once, about 3 minutes');
  await mkdir(folder, { recursive: true });
  // The rename makes the binary appear whole or not at all, for a killed build and for two builds at once.
  const scratch = await mkdtemp(join(folder, 'build-'));
  try {
    await goInstall(scratch);
    await rename(join(scratch, 'minio'), binary);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return binary;
}

/** @param {string} folder */
async function goInstall(folder) {
  // GOFLAGS=-mod=vendor, GOOS or GOARCH of the caller would make `go install` refuse or cross-compile.
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '', GOOS: '', GOARCH: '' };
  const go = spawn('go', ['install', PACKAGE], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const output = go.stderr.setEncoding('utf8').toArray();
  const [code] = await once(go, 'close');
  if (code === 0) return;
  const lines = (await output).join('').trim().split('\n');
  throw new Error(`go install ${PACKAGE} failed: ${lines.slice(-3).join(' ')}`);
}
