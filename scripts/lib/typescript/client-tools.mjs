import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { messageOf } from '../error-facts.mjs';
import { runCommand } from '../run-command.mjs';

export const CLIENT_FOLDER = join(import.meta.dirname, '../../../clients/typescript');
/** The types that are made of the document of the API. */
export const TYPES_FILE = join(CLIENT_FOLDER, 'src/api.ts');
const LOCK = join(CLIENT_FOLDER, 'package-lock.json');
const INSTALLED = join(CLIENT_FOLDER, 'node_modules/.package-lock.json');

/**
 * Installs what the client is built with, where it is not there: undefined, or why it is not to be had.
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>}
 */
export async function installClientTools(report) {
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8').length > 0 && isInStep()) return undefined;
  report('installing the tools of clients/typescript');
  try {
    const options = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'];
    await runCommand('npm', options, { cwd: CLIENT_FOLDER });
    return undefined;
  } catch (error) {
    return `no tools for clients/typescript: ${messageOf(error)}`;
  }
}

/** Is what is installed what the lockfile says? */
function isInStep() {
  const versions = (/** @type {string} */ file) => {
    /** @type {{ packages: Record<string, { version?: string }> }} */
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return ['openapi-typescript', 'typescript'].map((name) => packages[`node_modules/${name}`]?.version);
  };
  return versions(LOCK).join() === versions(INSTALLED).join();
}

/** @typedef {{ responses: Record<string, { headers?: unknown }> }} Operation */
/** @typedef {{ paths: Record<string, Record<string, Operation>>, components: Record<string, unknown> }} Document */

/**
 * What the client reads: errors have one class, and headers no types.
 * @param {string} json
 */
function withoutErrors(json) {
  /** @type {Document} */
  const document = JSON.parse(json);
  for (const operation of Object.values(document.paths).flatMap((operations) => Object.values(operations))) {
    const answers = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
    operation.responses = Object.fromEntries(
      answers.map(([status, answer]) => [status, { ...answer, headers: undefined }]),
    );
  }
  delete document.components['responses'];
  delete document.components['headers'];
  return JSON.stringify(document);
}

/**
 * Makes the types of a document. Needs the client's tools.
 * @param {string} document JSON
 * @returns {Promise<string>}
 */
export async function clientTypes(document) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-types-'));
  try {
    const [input, output] = [join(folder, 'openapi.json'), join(folder, 'api.ts')];
    writeFileSync(input, withoutErrors(document));
    const program = join(CLIENT_FOLDER, 'node_modules/openapi-typescript/bin/cli.js');
    await runCommand(process.execPath, [program, input, '--output', output], { cwd: CLIENT_FOLDER });
    return readFileSync(output, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the client into its folder `dist`, by its own TypeScript. Needs the client's tools. */
export async function buildClient() {
  const program = join(CLIENT_FOLDER, 'node_modules/typescript/bin/tsc');
  await runCommand(process.execPath, [program], { cwd: CLIENT_FOLDER });
}
