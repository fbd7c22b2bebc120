import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  hasEnded,
  ownIdentity,
  type ProcessIdentity,
} from '../../../src/journal/servers/process-identity.js';

/** More than any Linux gives. */
const NOBODY = 4_194_305;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-process-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What the kernel says of a process, read by another way: its fields are counted from their end. */
async function identityOf({ pid = 0 }: ChildProcess): Promise<ProcessIdentity> {
  const fields = (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).trim().split(' ');
  return { machine: ownIdentity().machine, pid, pidSince: fields.at(21 - 52) ?? '' };
}

describe('a process', () => {
  it('that is this one runs, and is always told in the same way', () => {
    expect(hasEnded(ownIdentity())).toBe(false);
    expect(ownIdentity()).toEqual(ownIdentity());
    expect(ownIdentity().pidSince).toMatch(/^\d+$/);
  });

  it.each(['sleep', 'a b', 'a) R (b', ') 1 2 3'])('named %j runs until it ends', async (name) => {
    const program = join(folder, name);
    await copyFile('/bin/sleep', program);
    const child = spawn(program, ['60']);
    await once(child, 'spawn');
    const identity = await identityOf(child);
    expect(hasEnded(identity)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(hasEnded(identity)).toBe(true);
  });

  it.each<[string, Partial<ProcessIdentity>, boolean | undefined]>([
    ['of a number that nobody has is over', { pid: NOBODY }, true],
    ['whose number was given again is over', { pidSince: '1' }, true],
    ['of another machine is not to be judged', { machine: 'another' }, undefined],
    [
      'of another machine with a number that nobody has here is not either',
      { machine: 'x', pid: NOBODY },
      undefined,
    ],
    ['of which nobody knows since when it has its number is not either', { pidSince: '' }, undefined],
    ['of a number that nobody has is over, since whenever', { pid: NOBODY, pidSince: '' }, true],
  ])('%s', (_name, facts, outcome) => {
    expect(hasEnded({ ...ownIdentity(), ...facts })).toBe(outcome);
  });
});
