import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import type { PageWorkspace } from './page-workspace.js';

const COMMAND_TIMEOUT_MS = 60_000;

const ADMIN = resolve(import.meta.dirname, '../../../dist/server/admin.js');

/** The page's folder has no package.json: the script of that name is run as npm would run it. */
const NPM = `
npm() {
  [ "\${*:1:4}" = 'run --silent admin --' ] || { echo "npm $* is not run here"; return 64; }
  shift 4
  '${process.execPath}' '${ADMIN}' "$@"
}`;

/** Runs the files that it is told of, in one shell, so that variables and the folder last. */
const LOOP = `${NPM}
while IFS= read -r -u 3 STAGEDOOR_COMMAND; do
  source "$STAGEDOOR_COMMAND" </dev/null >"$STAGEDOOR_COMMAND.out" 2>&1 3<&- 4>&-
  echo done >&4
done`;

export interface ShellAnswer {
  /** What was printed, stdout and stderr as they came. */
  readonly output: string;
  /** How the shell ended, where the command has ended it; else null. */
  readonly ended: string | null;
}

/** The bash in which the commands of a page run, one after the other. */
export class PageShell {
  readonly #child: ChildProcess;
  readonly #controlFolder: string;
  readonly #done: Interface;
  readonly #ended: Promise<string>;
  #count = 0;

  /** The commands and their outputs are kept in the control folder, out of the page's sight. */
  constructor({ folder, controlFolder }: PageWorkspace, environment: NodeJS.ProcessEnv) {
    this.#controlFolder = controlFolder;
    this.#child = spawn('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', LOOP], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // A group of its own, which ends with what the page has left running.
      detached: true,
    });
    this.#ended = endOf(this.#child);
    this.#done = createInterface({ input: this.#child.stdio[4] as Readable });
  }

  async run(command: string, exitCode = 0): Promise<ShellAnswer> {
    this.#count += 1;
    const file = join(this.#controlFolder, `command-${String(this.#count)}`);
    await writeFile(file, `${exitCode === 0 ? command : endingWith(command, exitCode)}\n`);
    const timer = setTimeout(() => {
      this.#kill();
    }, COMMAND_TIMEOUT_MS);
    // The third pipe is writable: bash reads it.
    (this.#child.stdio[3] as Writable).write(`${file}\n`);
    const ended = await Promise.race([once(this.#done, 'line').then(() => null), this.#ended]);
    clearTimeout(timer);
    return { output: await readFile(`${file}.out`, 'utf8'), ended };
  }

  async stop(): Promise<void> {
    this.#kill();
    await this.#ended;
    this.#done.close();
    for (const pipe of this.#child.stdio) pipe?.destroy();
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // Nothing of the group is left.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Ends the shell unless the command exits with this code. */
function endingWith(command: string, exitCode: number): string {
  const check = `[ "$STAGEDOOR_EXIT_CODE" -eq ${String(exitCode)} ] || exit "$STAGEDOOR_EXIT_CODE"`;
  return `set +e\n${command}\nSTAGEDOOR_EXIT_CODE=$?\nset -e\n${check}`;
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal === null) return `exit code ${String(code)}`;
  return `it ran longer than ${String(COMMAND_TIMEOUT_MS / 1000)} seconds, or was ended by ${signal}`;
}
