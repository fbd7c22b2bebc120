import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openCheckout } from '../../databend/checkout.mjs';
import { runShellSuite } from '../../databend/shell/shell-run.mjs';

const FILE = 'tests/a.test';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-checkout-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8' }).trim();
}

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The work tree of a repository with two commits, and the first of them. */
function repository(): string {
  git('init', '--quiet');
  write(FILE, 'first');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  const commit = git('rev-parse', 'HEAD');
  write(FILE, 'second');
  git('commit', '--quiet', '--all', '--message', 'second');
  return commit;
}

async function taken(source: string, commit: string) {
  const told: string[] = [];
  const options = { commit, paths: [FILE], report: (line: string) => told.push(line) };
  const checkout = await openCheckout(source, options);
  const text = readFileSync(join(checkout.folder, FILE), 'utf8');
  checkout.close();
  return { text, told, isLeft: existsSync(checkout.folder) };
}

describe('a checkout of Databend', () => {
  it('is a work tree, taken at the commit of the lists', async () => {
    expect(await taken(folder, repository())).toEqual({ text: 'first', told: [], isLeft: false });
  });

  it('is a bare repository', async () => {
    expect(await taken(join(folder, '.git'), repository())).toMatchObject({ text: 'first', told: [] });
  });

  it('is taken at its HEAD where it has no such commit, and that is told', async () => {
    repository();
    const { text, told } = await taken(folder, '0'.repeat(40));
    expect({ text, told }).toEqual({ text: 'second', told: [expect.stringContaining('has no commit 000')] });
  });

  it('is a folder without Git, and that is told', async () => {
    write(FILE, 'as it is');
    const { text, told } = await taken(folder, '0'.repeat(40));
    expect({ text, told }).toEqual({ text: 'as it is', told: [expect.stringContaining('no repository')] });
  });
});

describe('a shell suite', () => {
  const script = 'tests/suites/a.sh';

  /** What differs, of a script that asks a bendsql which writes where it would connect to, and its input. */
  async function differences(
    lines: readonly string[],
    expected: string,
    between?: readonly [number, number],
  ) {
    write(script, lines.join('\n'));
    write('tests/suites/a.result', expected);
    const bendsql = join(folder, 'a-bendsql');
    writeFileSync(
      bendsql,
      '#!/bin/sh\necho "$QUERY_MYSQL_HANDLER_HOST:$QUERY_HTTP_HANDLER_PORT $*"\ncat >&2\n',
    );
    chmodSync(bendsql, 0o755);
    const suite = between === undefined ? { script } : { script, between };
    const options = { bendsql, leftOut: [/needs a warehouse/] };
    const outcome = await runShellSuite('127.0.0.1:8123', folder, suite, options);
    return outcome.differences.map(({ line, expected, got }) => ({ line, expected, got }));
  }

  it('runs the bendsql that is given, and both outputs count', async () => {
    const expected = '127.0.0.1:8123 -uroot\nSELECT 1\n';
    expect(await differences(['echo "SELECT 1" | bendsql -uroot'], expected)).toEqual([]);
  });

  it('tells which lines differ', async () => {
    expect(await differences(['echo a', 'echo b'], 'a\nc\n')).toEqual([
      { line: 2, expected: ['c'], got: ['b'] },
    ]);
  });

  it('leaves out what does not count, and takes an error that shows the statement as one line', async () => {
    const lines = [
      'cat <<EOF',
      'Error: APIError: QueryFailed: [1002]error: ',
      '  --> SQL:2:1',
      '  |',
      '1 | -- a table',
      '2 | create table t(',
      '  | ^^^^^^ CREATE TABLE needs a warehouse. This is …',
      '',
      '',
      'Error: APIError: QueryFailed: [1005]error: ',
      '  --> SQL:1:8',
      '  |',
      '1 | create rubbish',
      '  |        ^^^^^^^ unexpected',
      '',
      'b',
      'EOF',
    ];
    expect(await differences(lines, 'b\n')).toEqual([
      { line: 0, expected: [], got: ['Error: APIError: QueryFailed: [1005]unexpected'] },
    ]);
  });

  it('may count in a part alone', async () => {
    const lines = ['echo x', 'echo === one', 'echo b', 'echo === two', 'echo y'];
    expect(await differences(lines, 'a\n=== one\nc\n=== two\nd\n', [2, 4])).toEqual([
      { line: 3, expected: ['c'], got: ['b'] },
    ]);
  });

  it('differs as a whole where that part is missing', async () => {
    expect(await differences(['echo x'], 'a\n=== one\nc\n=== two\n', [2, 4])).toEqual([
      { line: 2, expected: ['=== one', 'c'], got: [] },
    ]);
  });
});
