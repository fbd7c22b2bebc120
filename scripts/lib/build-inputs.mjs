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
/** The same of the console. */
const CONSOLE_DIGEST_FILE = join(BUILD_FOLDER, 'console.sha256');
/** What the console is made of, besides the libraries that the lockfile names. */
const CONSOLE_FOLDERS = ['console', 'clients/typescript/src'];

/** The sources to compile, as paths relative to the root, sorted. */
export function sourceFiles(root = ROOT) {
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return [
    ...sources.map((entry) => relative(root, join(entry.parentPath, entry.name))),
    'ormconfig.ts',
  ].sort();
}

/** The SHA-256, in hex, of everything that decides what a build of the server contains: names and contents. */
export function inputsDigest(root = ROOT) {
  return digestOf(root, new Set([...sourceFiles(root), ...OTHER_INPUTS]));
}

/** The same of what decides what the console contains. */
export function consoleDigest(root = ROOT) {
  const files = CONSOLE_FOLDERS.flatMap((folder) => filesBelow(root, folder)).sort();
  return digestOf(root, [...files, 'package-lock.json']);
}

/** The digest of the inputs of the build that is there; undefined where there is none. */
export function builtDigest(file = DIGEST_FILE) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @type {(root: string, folder: string) => string[]} */
function filesBelow(root, folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** @type {(root: string, files: Iterable<string>) => string} */
function digestOf(root, files) {
  const digest = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(root, file));
    digest.update(`${file}\0${String(content.length)}\0`).update(content);
  }
  return digest.digest('hex');
}

export { CONSOLE_DIGEST_FILE, DIGEST_FILE };
