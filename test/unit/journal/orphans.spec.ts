import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { AppConfig } from '../../../src/config/app-config.js';
import { sql } from '../../../src/database/sql.js';
import { OrphanSweeper } from '../../../src/journal/cleanup/orphan-sweeper.js';
import { Heartbeat } from '../../../src/journal/servers/heartbeat.js';
import type { Orphan, RemoveOrphanOptions } from '../../../src/storage/contract/orphan.js';
import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { MemoryStorageFactory } from '../../../src/storage/providers/memory/memory-storage.factory.js';
import { MemoryStorageProvider } from '../../../src/storage/providers/memory/memory-storage.provider.js';
import type { FileRecord } from '../../../src/journal/records/upload-record.js';
import { TemporaryDatabase } from '../database/temporary-database.js';
import { JournalServer } from './journal-server.js';

let temporary: TemporaryDatabase;
let server: JournalServer;
let other: JournalServer;
let unfinished: string;

beforeEach(async () => {
  Logger.overrideLogger(false);
  temporary = new TemporaryDatabase();
  server = await JournalServer.start(temporary);
  other = await JournalServer.start(temporary);
  unfinished = join(temporary.folder, 'files/.stagedoor-unfinished');
  await mkdir(unfinished, { recursive: true });
});

afterEach(async () => {
  await temporary.remove();
});

/** A put of a server, in its middle: noted, and then begun. */
async function beginPut(by: JournalServer, key = 'a.csv'): Promise<FileRecord & { readonly name: string }> {
  const location = by.locate(`fs://${temporary.folder}/files/`);
  const record = by.upload().beginFile(location);
  const name = randomUUID();
  await record.cleanupLog.record({ key, unfinished: name });
  await writeFile(join(unfinished, name), 'half');
  return { ...record, name };
}

const left = (): Promise<string[]> => readdir(unfinished);

describe('leftovers', () => {
  it('of a server that has died are removed by another one, and their notes', async () => {
    await beginPut(other);
    await other.die();
    await server.sweep();
    expect(await left()).toEqual([]);
    expect(await server.noted()).toEqual([]);
    expect(await server.metric('orphansRemoved')).toBe(1);
  });

  it('of a server that has died are removed once, by whichever of two is faster', async () => {
    for (let i = 0; i < 20; i++) await beginPut(other, String(i));
    await other.die();
    const third = await JournalServer.start(temporary);
    await Promise.all([server.sweep(), third.sweep()]);
    expect(await left()).toEqual([]);
    expect(await server.noted()).toEqual([]);
    const removed = [await server.metric('orphansRemoved'), await third.metric('orphansRemoved')];
    expect((removed[0] ?? 0) + (removed[1] ?? 0)).toBe(20);
    expect(await server.metric('orphanFailures')).toBe(0);
    expect(await third.metric('orphanFailures')).toBe(0);
  });

  it('of another server that runs are left alone, also where it has abandoned them', async () => {
    const put = await beginPut(other);
    await server.sweep();
    put.cleanupLog.retain();
    put.failed();
    await server.sweep();
    expect(await left()).toEqual([put.name]);
    expect(await server.noted()).toEqual(['a.csv']);
  });

  it('of an own put that goes on are left alone', async () => {
    const put = await beginPut(server);
    await server.sweep();
    expect(await left()).toEqual([put.name]);
    expect(await server.noted()).toEqual(['a.csv']);
  });

  it('of an own put that could not remove them are removed', async () => {
    const put = await beginPut(server);
    put.cleanupLog.retain();
    put.failed();
    await server.database.write([]); // committed with it
    await server.sweep();
    expect(await left()).toEqual([]);
    expect(await server.noted()).toEqual([]);
  });

  it('of a put that has cleaned up are forgotten by it', async () => {
    const put = await beginPut(server);
    put.failed();
    await server.database.write([]); // committed with it
    expect(await server.noted()).toEqual([]);
  });

  it('that cannot be removed stay noted, are counted, and are tried again', async () => {
    const put = await beginPut(other);
    await rm(join(unfinished, put.name));
    await mkdir(join(unfinished, put.name, 'in the way'), { recursive: true });
    await other.die();
    await server.sweep();
    await server.sweep();
    expect(await server.noted()).toEqual(['a.csv']);
    expect(await server.metric('orphans')).toBe(1);
    expect(await server.metric('orphanFailures')).toBe(2);
    await rm(join(unfinished, put.name), { recursive: true });
    await server.sweep();
    expect(await server.noted()).toEqual([]);
    expect([await server.metric('orphans'), await server.metric('orphansRemoved')]).toEqual([0, 1]);
  });

  it('one that cannot be removed holds up no other', async () => {
    const puts = [];
    for (let i = 0; i < 12; i++) puts.push(await beginPut(other, String(i)));
    const stuck = puts[5]?.name ?? '';
    await rm(join(unfinished, stuck));
    await mkdir(join(unfinished, stuck, 'in the way'), { recursive: true });
    await other.die();
    await server.sweep();
    expect(await left()).toEqual([stuck]);
    expect(await server.noted()).toEqual(['5']);
  });

  it('whose connection another key has encrypted stay noted, and are counted', async () => {
    await beginPut(other);
    await other.die();
    const stranger = await JournalServer.start(temporary, undefined, randomBytes(32));
    await stranger.sweep();
    expect(await left()).toHaveLength(1);
    expect(await stranger.metric('orphanFailures')).toBe(1);
  });

  it('are all found, however many there are', async () => {
    const location = other.locate(`fs://${temporary.folder}/files/`);
    const count = 1_203;
    await Promise.all(
      Array.from({ length: count }, (_, i) =>
        other
          .upload()
          .beginFile(location)
          .cleanupLog.record({ key: String(i), unfinished: randomUUID() }),
      ),
    );
    expect(new Set(await server.noted()).size).toBe(count);
    await other.die();
    await server.sweep();
    expect(await server.noted()).toEqual([]);
  });

  it('that were noted twice are noted once, as they were noted last', async () => {
    const record = server.upload().beginFile(server.locate(`fs://${temporary.folder}/files/`));
    await record.cleanupLog.record({ key: 'a', unfinished: 'one' });
    await record.cleanupLog.record({ key: 'a', unfinished: 'two' });
    expect((await server.recorded()).map(({ orphan }) => orphan)).toEqual([{ key: 'a', unfinished: 'two' }]);
  });
});

/** Its stores hang at the orphan of the key `hung` until they may go on. */
class HangingFactory extends MemoryStorageFactory {
  /** Keys of the orphans that were to be removed. */
  readonly begun: string[] = [];
  goOn: () => void = () => undefined;
  readonly #mayGoOn = new Promise<void>((resolve) => {
    this.goOn = resolve;
  });

  override open(): StorageProvider {
    const storage = new MemoryStorageProvider();
    storage.removeOrphan = async ({ key }: Orphan = { key: '' }) => {
      this.begun.push(key);
      if (key === 'hung') await this.#mayGoOn;
    };
    return storage;
  }
}

describe('a store that hangs', () => {
  it('holds up no later round, is not asked twice at once, and is waited for at the end', async () => {
    const store = new HangingFactory();
    const [dead, living] = [
      await JournalServer.start(temporary, store),
      await JournalServer.start(temporary, store),
    ];
    const note = (key: string): Promise<void> =>
      dead.upload().beginFile(dead.locate('memory:///')).cleanupLog.record({ key });
    await note('hung');
    await dead.die();
    const first = living.sweep();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await note('other');
    await living.sweep();
    expect(store.begun).toEqual(['hung', 'other']);
    expect(await living.noted()).toEqual(['hung']);
    const closing = living.remover.close();
    store.goOn();
    await closing;
    expect(await living.noted()).toEqual([]);
    await first;
  });
});

describe('what a store is told of others of a key', () => {
  const told: (readonly Orphan[])[] = [];

  class ListeningStorage extends MemoryStorageProvider {
    override async removeOrphan(_leftover?: Orphan, options?: RemoveOrphanOptions): Promise<void> {
      told.push((await options?.others?.()) ?? []);
    }
  }
  class ListeningFactory extends MemoryStorageFactory {
    override open(): StorageProvider {
      return new ListeningStorage();
    }
  }

  it('are those that go on, on whichever server, and no others', async () => {
    const factory = new ListeningFactory();
    const [one, two, dead] = [
      await JournalServer.start(temporary, factory),
      await JournalServer.start(temporary, factory),
      await JournalServer.start(temporary, factory),
    ];
    const note = async (by: JournalServer, id: string, key = 'a'): Promise<FileRecord> => {
      const record = by.upload().beginFile(by.locate('memory:///'));
      await record.cleanupLog.record({ key, id });
      return record;
    };
    await note(one, 'own');
    await note(two, "another server's");
    const abandoned = await note(two, 'abandoned');
    abandoned.cleanupLog.retain();
    abandoned.failed();
    await note(two, 'of another key', 'b');
    await note(dead, 'of the dead');
    await note(dead, 'of the dead too');
    await dead.die();
    await one.sweep();
    expect(told).toHaveLength(2);
    for (const others of told) expect(others.map(({ id }) => id).sort()).toEqual(["another server's", 'own']);
  });
});

describe('the sweeper', () => {
  const config = (leftoverSweepSeconds: number): AppConfig =>
    // It knows these two settings alone.
    ({ leftoverSweepSeconds, upload: { recordHours: 24 } }) as AppConfig;

  function sweeperOf(of: JournalServer, seconds = 3600): OrphanSweeper {
    return new OrphanSweeper(of.remover, new Heartbeat(of.processes), of.records, config(seconds));
  }

  async function until(holds: () => Promise<boolean>): Promise<number> {
    const began = Date.now();
    while (!(await holds())) {
      if (Date.now() - began > 5_000) throw new Error('It does not come.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return Date.now() - began;
  }

  it('has removed what the dead have left when a start is over, and has ended their uploads', async () => {
    await beginPut(other);
    await other.recordProgress(other.upload());
    await other.die();
    const sweeper = sweeperOf(server);
    await sweeper.onApplicationBootstrap();
    expect(await left()).toEqual([]);
    const rows = await server.database.read(sql('SELECT state FROM uploads'));
    expect(rows).toEqual([{ state: 'FAILED' }]);
    await sweeper.close();
  });

  it('comes soon when a put could not clean up, however seldom it comes else', async () => {
    const sweeper = sweeperOf(server);
    await sweeper.onApplicationBootstrap();
    const put = await beginPut(server);
    put.cleanupLog.retain();
    put.failed();
    expect(await until(async () => (await left()).length === 0)).toBeLessThan(3_000);
    await sweeper.close();
  });

  it('comes soon again for what could not clean up while it was at work', async () => {
    const store = new HangingFactory();
    const slow = await JournalServer.start(temporary, store);
    const sweeper = sweeperOf(slow);
    const abandon = async (key: string): Promise<void> => {
      const put = slow.upload().beginFile(slow.locate('memory:///'));
      await put.cleanupLog.record({ key });
      put.cleanupLog.retain();
      put.failed();
    };
    await abandon('hung');
    const starting = sweeper.onApplicationBootstrap();
    await until(() => Promise.resolve(store.begun.length > 0));
    await abandon('late');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(store.begun).toEqual(['hung']);
    store.goOn();
    await starting;
    expect(await until(() => Promise.resolve(store.begun.includes('late')))).toBeLessThan(3_000);
    await sweeper.close();
    expect(await slow.noted()).toEqual([]);
  });

  it('comes again and again', async () => {
    const sweeper = sweeperOf(server, 0.1);
    await sweeper.onApplicationBootstrap();
    await beginPut(other);
    await other.die();
    await until(async () => (await left()).length === 0);
    await sweeper.close();
  });

  it('comes no sooner than it is told to', async () => {
    const sweeper = sweeperOf(server, 0.4);
    const sweeps: number[] = [];
    sweeper.onSweep(() => {
      sweeps.push(Date.now());
      return Promise.resolve();
    });
    await sweeper.onApplicationBootstrap();
    await until(() => Promise.resolve(sweeps.length === 2));
    await sweeper.close();
    const [first = 0, second = 0] = sweeps;
    expect(second - first).toBeGreaterThan(350);
  });

  it('signs this server off at its end, and does not come any more', async () => {
    const sweeper = sweeperOf(server, 0.05);
    await sweeper.onApplicationBootstrap();
    await sweeper.close();
    expect((await other.processes.running()).has(server.processes.ownId)).toBe(false);
    const put = await beginPut(other);
    await other.die();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await left()).toEqual([put.name]);
  });
});
