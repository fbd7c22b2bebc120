import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tests mount goes at their end, the last one first. */
export class Mounts {
  readonly #mounted: string[] = [];

  /** An empty file system of its own. */
  tmpfs(folder: string, options = 'size=32m'): void {
    this.#mount(['-t', 'tmpfs', '-o', options, 'tmpfs', folder], folder);
  }

  /** A folder, seen in another place too. */
  bind(source: string, folder: string): void {
    this.#mount(['--bind', source, folder], folder);
  }

  /** An image, as `mkfs` has made it. */
  image(path: string, folder: string): void {
    this.#mount(['-o', 'loop', path, folder], folder);
  }

  remount(folder: string, mode: 'ro' | 'rw'): void {
    run('mount', '-o', `remount,bind,${mode}`, folder);
  }

  unmount(folder: string): void {
    run('umount', folder);
    this.#mounted.splice(this.#mounted.lastIndexOf(folder), 1);
  }

  /** As `umount --lazy` does: it is gone from its place at once, and who uses it goes on. */
  detach(folder: string): void {
    run('umount', '--lazy', folder);
    this.#mounted.splice(this.#mounted.lastIndexOf(folder), 1);
  }

  close(): void {
    for (const folder of [...this.#mounted].reverse()) this.unmount(folder);
  }

  #mount(args: readonly string[], folder: string): void {
    run('mount', ...args);
    this.#mounted.push(folder);
  }
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

const canMount = mountProblem() === undefined;

/** Why nothing can be mounted here. */
function mountProblem(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-mount-'));
  const mounts = new Mounts();
  try {
    mounts.tmpfs(folder);
    mounts.close();
    return undefined;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Skipped: what is mounted by the tests, which takes root: ${problem}\n`);
    return problem;
  } finally {
    rmdirSync(folder);
  }
}

/** Cases that mount file systems; skipped with a message where the system does not let them, which fails in CI. */
export const describeWithMounts = canMount ? describe : describe.skip;

/** An ordinary user of the machine. */
export const ANOTHER_USER = 65534;

/** Does something as a user who is not root, whom the modes of files bind: the whole process, its threads too. */
export async function asAnotherUser<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(ANOTHER_USER);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
