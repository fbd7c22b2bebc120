import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { rolldown } from 'rolldown';

/** What Node is given to run: the server, the operator's command, and the worker threads that both start. */
const ENTRY_POINTS = {
  main: 'src/main.js',
  admin: 'src/admin/cli.js',
  'walk-worker': 'src/storage/providers/fs/read/walk-worker.js',
  'password-worker': 'src/users/accounts/password-worker.js',
  'checksum-worker': 'src/storage/checksums/checksum-worker.js',
};

/** Libraries that stay outside, with all that belongs to them. */
const OUTSIDE = [
  'better-sqlite3', // these find their binaries by their paths
  '@node-rs',
  'pino', // these find their workers and drivers by their paths
  'typeorm',
  'pg',
  'reflect-metadata', // adds to a global, before anybody else is loaded
  '@aws-sdk', // these are loaded on demand
  '@smithy',
  'pino-pretty',
  ...['exporter-trace-otlp-http', 'resources', 'sdk-trace-base'].map((name) => `@opentelemetry/${name}`),
  '@nestjs/microservices', // Nest takes these where they are installed, and they are not
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
];

export const BUNDLE_FOLDER = 'server';

/**
 * Bundles what the compiler wrote to `dist/src/` and the libraries that every start loads into a few files in `dist/server/`: Node takes
 * longer to find and link a thousand modules than to run them. A module that is imported on demand stays a file of its own.
 */
export async function bundle(buildFolder) {
  const dir = join(buildFolder, BUNDLE_FOLDER);
  const build = await rolldown({
    cwd: buildFolder,
    input: ENTRY_POINTS,
    platform: 'node',
    external: (id) => OUTSIDE.some((library) => id === library || id.startsWith(`${library}/`)),
  });
  rmSync(dir, { recursive: true, force: true });
  await build.write({ dir, format: 'esm', sourcemap: true });
  await build.close();
  copyDocsLibraries(join(dir, 'docs'));
}

/** What the page at `/docs` shows the API with. */
function copyDocsLibraries(folder) {
  const { resolve } = createRequire(import.meta.url);
  mkdirSync(folder);
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    copyFileSync(resolve(`swagger-ui-dist/${name}`), join(folder, name));
  }
}
