import { stepsOf } from '../../acceptance/documents/page-steps.js';

function page(...lines: readonly string[]): string {
  return lines.join('\n');
}

describe('the steps of a page', () => {
  it('are the commands of a console block, each with the lines below it', () => {
    const text = page(
      '# Page',
      '```console',
      '$ echo a',
      'a',
      '',
      '$ echo b; echo c',
      'b',
      'c',
      '```',
      'text',
    );
    expect(stepsOf(text)).toEqual([
      { kind: 'run', line: 3, command: 'echo a', output: 'a\n' },
      { kind: 'run', line: 6, command: 'echo b; echo c', output: 'b\nc' },
    ]);
  });

  it.each([
    ['a backslash', ['echo a \\', '  b']],
    ['an open quote', ["echo '{", "  }'"]],
    ['a heredoc', ['cat <<END', 'a', 'END']],
    ['a loop', ['for name in a b; do', '  echo $name', 'done']],
    ['a pipe', ['echo a |', '  cat']],
  ])('go on over lines after %s', (_, lines) => {
    const shown = [`$ ${lines[0] ?? ''}`, ...lines.slice(1)];
    const command = lines.join('\n');
    expect(stepsOf(page('```console', ...shown, 'out', '```'))).toEqual([
      { kind: 'run', line: 2, command, output: 'out' },
    ]);
    expect(stepsOf(page('```sh', ...lines, '', '# a comment', 'true', '```'))).toEqual([
      { kind: 'run', line: 2, command, output: null },
      { kind: 'run', line: lines.length + 4, command: 'true', output: null },
    ]);
  });

  it('are the statements of an sql block', () => {
    const text = page('```sql', '-- a comment', 'LIST @a;', 'CREATE STAGE b', "  COMMENT = 'x; y';", '```');
    expect(stepsOf(text)).toEqual([
      { kind: 'query', line: 3, sql: 'LIST @a' },
      { kind: 'query', line: 4, sql: "CREATE STAGE b\n  COMMENT = 'x; y'" },
    ]);
  });

  it('are starts and ends of the server, files, and what is left out', () => {
    const text = page(
      ...['```sh server', 'A=b npm start', '```'],
      ...['```sh server stop', 'systemctl stop stagedoor', '```'],
      ...['```python file=bin/list.py', 'print(1)', '```'],
      ...['```console not run: needs a cloud', '$ aws s3 ls', '```'],
    );
    expect(stepsOf(text)).toEqual([
      { kind: 'serve', line: 1, command: 'A=b npm start' },
      { kind: 'stop', line: 4 },
      { kind: 'write', line: 7, name: 'bin/list.py', text: 'print(1)\n' },
      { kind: 'leaveOut', line: 10, reason: 'needs a cloud' },
    ]);
  });

  it('are no blocks of other languages', () => {
    expect(stepsOf(page('```json', '{"a":1}', '```', '```nginx', 'server {}', '```'))).toEqual([]);
  });

  it('are found in lists and between longer fences', () => {
    const text = page('1. A list', '', '   ```sh', '   true', '   ```', '', '````text', '```sh', '````');
    expect(stepsOf(text)).toEqual([{ kind: 'run', line: 4, command: 'true', output: null }]);
  });
});

describe('a block is refused', () => {
  it.each([
    ['that is not closed', ['```sh', 'true'], 'UnclosedFence'],
    ['of another shell', ['```bash', 'true', '```'], 'UnknownFence'],
    ['of no language', ['```', 'true', '```'], 'UnknownFence'],
    ['with a word that nothing knows', ['```console skip', '$ true', '```'], 'UnknownFence'],
    ['of text that holds a command', ['```text', '$ true', '```'], 'UnknownFence'],
    ['of text that calls curl', ['```text', 'curl http://localhost:8000/health', '```'], 'UnknownFence'],
    ['that is not run without a reason', ['```sh not run:', 'true', '```'], 'BadBlock'],
    ['that is not run and would not be', ['```json not run: why', '{}', '```'], 'UnknownFence'],
    ['that begins with an output', ['```console', 'a', '$ true', '```'], 'BadBlock'],
    ['that writes outside', ['```text file=../a', 'a', '```'], 'BadBlock'],
    ['with a command that does not end', ['```sh', "echo 'a", '```'], 'BadCommand'],
    ['with a statement that does not end', ['```sql', 'LIST @a', '```'], 'BadCommand'],
  ])('%s', (_, lines, kind) => {
    expect(() => stepsOf(page(...lines))).toThrow(expect.objectContaining({ kind }) as Error);
  });

  it('with the number of the line', () => {
    expect(() => stepsOf(page('# Page', '', '```text', 'a', '$ b', '```'))).toThrow(
      'line 5: a command stands',
    );
  });
});
