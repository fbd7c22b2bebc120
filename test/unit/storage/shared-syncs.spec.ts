import { setImmediate } from 'node:timers/promises';
import { SharedSyncs } from '../../../src/storage/providers/fs/write/directory-syncs.js';

/** A disk on which a sync goes on until the test ends it. */
class SlowDisk {
  readonly begun: string[] = [];
  readonly #running: { readonly path: string; readonly end: (error?: Error) => void }[] = [];

  readonly sync = (path: string): Promise<void> => {
    this.begun.push(path);
    return new Promise((resolve, reject) => {
      this.#running.push({
        path,
        end: (error) => {
          if (error === undefined) resolve();
          else reject(error);
        },
      });
    });
  };

  async end(path: string, error?: Error): Promise<void> {
    const index = this.#running.findIndex((each) => each.path === path);
    const [running] = this.#running.splice(index, 1);
    if (running === undefined) throw new Error(`No sync of ${path} goes on.`);
    running.end(error);
    await setImmediate();
  }
}

let disk: SlowDisk;
let syncs: SharedSyncs;
let done: string[];

function ask(name: string, path = 'a'): void {
  syncs.sync(path).then(
    () => done.push(name),
    (error: unknown) => done.push(`${name}: ${String(error)}`),
  );
}

beforeEach(() => {
  disk = new SlowDisk();
  syncs = new SharedSyncs(disk.sync);
  done = [];
});

describe('syncs of one directory', () => {
  it('are never shared with one that has begun: it may have missed the change', async () => {
    ask('first');
    ask('second');
    await disk.end('a');
    expect(done).toEqual(['first']);
    await disk.end('a');
    expect(done).toEqual(['first', 'second']);
  });

  it('that are asked for while one goes on are one', async () => {
    for (const name of ['first', 'second', 'third', 'fourth']) ask(name);
    expect(disk.begun).toEqual(['a']);
    await disk.end('a');
    expect(disk.begun).toEqual(['a', 'a']);
    ask('fifth');
    await disk.end('a');
    expect(done).toEqual(['first', 'second', 'third', 'fourth']);
    await disk.end('a');
    expect(done.at(-1)).toBe('fifth');
    expect(disk.begun).toHaveLength(3);
  });

  it('begin at once when none goes on any more', async () => {
    for (const name of ['first', 'second']) {
      ask(name);
      await disk.end('a');
    }
    expect(done).toEqual(['first', 'second']);
    expect(disk.begun).toHaveLength(2);
  });

  it('fail for all who share one, and for nobody else', async () => {
    for (const name of ['first', 'second', 'third']) ask(name);
    await disk.end('a', new Error('EIO'));
    expect(done).toEqual(['first: Error: EIO']);
    ask('fourth');
    await disk.end('a', new Error('ENOSPC'));
    expect(done.slice(1)).toEqual(['second: Error: ENOSPC', 'third: Error: ENOSPC']);
    await disk.end('a');
    expect(done.at(-1)).toBe('fourth');
  });
});

it('syncs of several directories go on side by side', async () => {
  ask('first', 'a');
  ask('second', 'b');
  expect(disk.begun).toEqual(['a', 'b']);
  await disk.end('b');
  expect(done).toEqual(['second']);
  await disk.end('a');
  expect(done).toEqual(['second', 'first']);
});
