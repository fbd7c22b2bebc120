import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

/** The end-to-end specs that hold the promises of a room. */
const E2E_OF = [
  [/^src\/storage\//, 'e2e/(files|stores|upload)/'],
  [/^src\/upload\//, 'e2e/(upload|files)/'],
  [/^src\/journal\//, 'e2e/(server|upload)/'],
  [/^src\/auth\//, 'e2e/(auth|server)/'],
  [/^src\/presigned\//, 'e2e/files/'],
  [/^src\/query\//, 'e2e/query/'],
];

/** A change that makes the code wait for ever is noticed too. */
const MAX_SECONDS = 600;
/** Jest's headline of a case that failed, or of a file that does not run; what a spec has printed has one too. */
const FAILED_CASE = /^ {2}● (?!Console$)(.+)$/gm;

/** Runs what should notice a change of the file, quick specs first; the names of the cases that failed, none where all pass. */
export async function failingCases(workspace, file) {
  for (const project of ['unit', 'conformance']) {
    const failed = await run(workspace, ['--selectProjects', project, '--findRelatedTests', file]);
    if (failed.length > 0) return failed;
  }
  const pattern = E2E_OF.find(([room]) => room.test(file))?.[1] ?? 'e2e/';
  return run(workspace, ['--selectProjects', 'e2e', '--testPathPatterns', pattern]);
}

async function run({ root }, selection) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [jest, '--bail', '--passWithNoTests', '--maxWorkers=2', ...selection],
    {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: MAX_SECONDS * 1000,
      killSignal: 'SIGKILL',
    },
  );
  const written = child.stderr.setEncoding('utf8').toArray();
  const [code, signal] = await once(child, 'close');
  if (code === 0) return [];
  if (signal !== null) return [`nothing ended within ${String(MAX_SECONDS)} s`];
  const report = (await written).join('');
  const names = [...report.matchAll(FAILED_CASE)].map(([, name]) => name);
  if (names.length === 0) throw new Error(`Jest failed, and not by a case: ${report}`);
  return names;
}
