import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = resolve(import.meta.dirname, '../../clients/engine/answer-statements.py');

/** The rows of a statement, or the text of its error. */
export type EngineAnswer =
  { readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly error: string };

/** Runs statements, in order, in an engine that keeps its state in a folder. */
export type AskEngine = (folder: string, statements: readonly string[]) => Promise<readonly EngineAnswer[]>;

/** `describe` where Databend's engine could be installed, else the cases are reported as skipped. */
export function describeWithEngine(name: string, cases: (ask: AskEngine) => void): void {
  const python = process.env['DATABEND_ENGINE_PYTHON'];
  if (!python) {
    describe.skip(name, () => {
      it("needs Databend's engine", () => undefined);
    });
    return;
  }
  describe(name, () => {
    cases((folder, statements) => answersOf(python, folder, statements));
  });
}

async function answersOf(
  python: string,
  folder: string,
  statements: readonly string[],
): Promise<EngineAnswer[]> {
  const child = spawn(python, [PROGRAM], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = once(child, 'close');
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(JSON.stringify(statements));
  const [code] = (await exit) as [number | null];
  if (code !== 0) throw new Error(`The engine ended with ${String(code)}:\n${await stderr}`);
  return JSON.parse(await stdout) as EngineAnswer[];
}

/** The rows of each statement; all of them must succeed. */
export function rowsOf(answers: readonly EngineAnswer[]): EngineRows[] {
  return answers.map((answer) => {
    if ('error' in answer) throw new Error(answer.error);
    return answer.rows;
  });
}

export type EngineRows = readonly Readonly<Record<string, unknown>>[];
