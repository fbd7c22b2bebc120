import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import process from 'node:process';

import { buildConsole, CONSOLE_FOLDER } from '../console/build.mjs';
import { BUILD_FOLDER, builtDigest, DIGEST_FILE, inputsDigest, sourceFiles } from './lib/build-inputs.mjs';
import { BUNDLE_FOLDER, bundle } from './lib/bundle.mjs';

/* Builds src/ and console/ into dist/, each where it has changed since the last build: `npm run build`, `npm start` and the tests. */

/** Folders of dist/ that hold nothing of the compiler's. */
const OTHER_FOLDERS = [BUNDLE_FOLDER, CONSOLE_FOLDER];

async function main() {
  const status = await buildServer();
  if (status === 0) await buildConsole();
  return status;
}

/** Compiles and bundles. */
async function buildServer() {
  const digest = inputsDigest();
  if (builtDigest() === digest) return 0;
  const isFirst = !existsSync(BUILD_FOLDER);
  console.error(isFirst ? 'Building Stagedoor: about 10 seconds, once.' : 'Building what has changed.');
  const startedAt = performance.now();
  // A build that breaks off must not be taken for a whole one.
  rmSync(DIGEST_FILE, { force: true });
  const status = compile();
  if (status !== 0) return status;
  removeOutputsWithoutSource();
  await bundle(BUILD_FOLDER);
  writeFileSync(DIGEST_FILE, digest);
  console.error(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  return 0;
}

function compile() {
  const nest = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  return spawnSync(process.execPath, [nest, 'build'], { stdio: 'inherit' }).status ?? 1;
}

/** The compiler leaves the output of a source that was moved or removed. */
function removeOutputsWithoutSource() {
  const expected = new Set(sourceFiles().map((file) => file.replace(/\.ts$/, '.js')));
  for (const entry of readdirSync(BUILD_FOLDER, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(BUILD_FOLDER, path);
    if (OTHER_FOLDERS.some((folder) => file.startsWith(`${folder}${sep}`))) continue;
    const output = /^(.+\.js)(\.map)?$/.exec(file);
    if (entry.isFile() && output !== null && !expected.has(output[1])) rmSync(path);
  }
}

process.exitCode = await main();
