import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PageShell } from '../../acceptance/documents/page-shell.js';
import { PageWorkspace } from '../../acceptance/documents/page-workspace.js';

let workspace: PageWorkspace;
let shell: PageShell;

beforeEach(async () => {
  workspace = await PageWorkspace.make();
  shell = new PageShell(workspace, { PATH: process.env['PATH'], LC_ALL: 'C' });
});

afterEach(async () => {
  await shell.stop();
  await workspace.remove();
});

describe('the shell of a page', () => {
  it('keeps variables, functions and the folder', async () => {
    await shell.run('mkdir below && cd below');
    await shell.run('NAME=\'a b\'; greet() { echo "$NAME"; }');
    expect(await shell.run('greet; pwd')).toEqual({
      output: `a b\n${workspace.folder}/below\n`,
      ended: null,
    });
  });

  it('gives what is printed to both outputs in its order, and no input', async () => {
    expect(await shell.run('echo one; echo two >&2; cat; echo three')).toEqual({
      output: 'one\ntwo\nthree\n',
      ended: null,
    });
  });

  it('goes on after an exit code that is expected', async () => {
    expect(await shell.run('(exit 22)', 22)).toEqual({ output: '', ended: null });
    expect(await shell.run('false | echo a | cat')).toMatchObject({ ended: 'exit code 1' });
  });

  it.each([
    ['a command that fails', 'false; echo later', 0, '', 'exit code 1'],
    ['one that fails in a pipe', 'false | cat', 0, '', 'exit code 1'],
    ['one that fails in a loop', 'for a in 1 2; do (exit $a); done', 0, '', 'exit code 1'],
    ['one that fails for a variable', 'a=$(exit 5)', 0, '', 'exit code 5'],
    ['a variable that nothing has set', 'echo $NONE', 0, 'NONE: unbound variable', 'exit code 1'],
    ['a syntax error', 'echo )', 0, 'syntax error', 'exit code 2'],
    ['another exit code than expected', '(exit 3)', 22, '', 'exit code 3'],
    ['success where another exit code is expected', 'true', 22, '', 'exit code 0'],
  ])('ends at %s', async (_, command, exitCode, output, ended) => {
    const answer = await shell.run(command, exitCode);
    expect(answer.ended).toBe(ended);
    expect(answer.output).toContain(output);
    expect(answer.output).not.toContain('later');
  });

  it('takes along what a page has left running', async () => {
    await shell.run('mkfifo pipe');
    const written = readFile(join(workspace.folder, 'pipe'), 'utf8');
    await shell.run('{ touch open; sleep 300; } >pipe & while [ ! -e open ]; do sleep 0.05; done');
    await shell.stop();
    // The pipe ends with the last process that has it open.
    expect(await written).toBe('');
  });
});
