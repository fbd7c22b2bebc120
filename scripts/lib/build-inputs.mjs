import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const OTHER_INPUTS = [
  'ormconfig.ts',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'scripts/lib/bundle.mjs',
];

export const BUILD_FOLDER = join(ROOT, 'dist');

/** Holds the digest of what was built. */
const DIGEST_FILE = join(BUILD_FOLDER, 'inputs.sha256');

/** The sources to compile, as paths relative to the root, sorted. */
export function sourceFiles(root = ROOT) {
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return [
    ...sources.map((entry) => relative(root, join(entry.parentPath, entry.name))),
    'ormconfig.ts',
  ].sort();
}

/** The SHA-256, in hex, of everything that decides what a build contains: names and contents. */
export function inputsDigest(root = ROOT) {
  const digest = createHash('sha256');
  for (const file of new Set([...sourceFiles(root), ...OTHER_INPUTS])) {
    const content = readFileSync(join(root, file));
    digest.update(`${file}\0${String(content.length)}\0`).update(content);
  }
  return digest.digest('hex');
}

/** The digest of the inputs of the build that is there; undefined where there is none. */
export function builtDigest() {
  return existsSync(DIGEST_FILE) ? readFileSync(DIGEST_FILE, 'utf8') : undefined;
}

export { DIGEST_FILE };
