import { jest } from '@jest/globals';
import { DatabaseError } from '../../../src/database/database-error.js';
import { sql } from '../../../src/database/sql.js';
import type { FileMetadata } from '../../../src/file-metadata/file-metadata.repository.js';
import type { ActiveUpload } from '../../../src/journal/records/active-upload.js';
import { UploadProgress } from '../../../src/journal/records/upload-progress.js';
import type { UploadAnswer } from '../../../src/journal/records/upload-state.js';
import type { RecordedFile } from '../../../src/journal/records/upload-record.js';
import type { StorageLocation } from '../../../src/storage/storage-location.js';
import { ofKind } from '../of-kind.js';
import { TemporaryDatabase } from '../database/temporary-database.js';
import { JournalServer } from './journal-server.js';

const ANSWER: UploadAnswer = { status: 200, headers: { 'x-a': 'b' }, body: { state: 'SUCCESS' } };
const FAILURE = { code: 400, kind: 'NoFile', message: 'The form was broken.' };
const FILE: RecordedFile = {
  name: 'a.csv',
  path: 'dir/a.csv',
  size: 3,
  md5: 'aa',
  etag: '"1"',
  outcome: 'stored',
};
/** Of which nothing has come yet. */
const BODY = { expectedBytes: 30, receivedBytes: () => 0 };
const REPEATABLE = { key: 'k1', requestDigest: 'digest' };

let temporary: TemporaryDatabase;
let server: JournalServer;
let location: StorageLocation;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  server = await JournalServer.start(temporary);
  location = server.locate('fs:///stages/');
});

afterEach(async () => {
  await temporary.remove();
});

function entryOf(objectKey: string): Omit<FileMetadata, 'uploadId'> {
  return {
    store: location.store,
    objectKey,
    size: 3,
    etag: '"1"',
    md5: 'aa',
    contentType: null,
    creator: 'root',
  };
}

const isNoted = async (): Promise<boolean> => (await server.noted()).length > 0;

describe('the record of an upload', () => {
  it('runs from its first progress on, and succeeds with its files', async () => {
    const startedAt = new Date();
    const upload = server.upload({
      id: 'u1',
      userId: 'id of ann',
      userName: 'ann',
      stageName: 'books',
      startedAt,
    });
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'dir/a.csv' });
    expect(await server.statuses.find('u1')).toBeUndefined();
    await server.recordProgress(upload);
    expect(await server.statuses.find('u1')).toEqual({
      id: 'u1',
      processId: server.processes.ownId,
      userId: 'id of ann',
      userName: 'ann',
      stageName: 'books',
      state: 'RUNNING',
      startedAt,
      endedAt: null,
      receivedBytes: 0,
      expectedBytes: 30,
      files: [],
      failure: null,
      requestDigest: null,
      answer: null,
    });
    record.stored(FILE, entryOf('dir/a.csv'));
    await upload.succeed(ANSWER);
    expect(await server.statuses.find('u1')).toMatchObject({
      state: 'SUCCESS',
      files: [FILE],
      failure: null,
    });
    expect((await server.statuses.find('u1'))?.endedAt?.getTime()).toBeGreaterThanOrEqual(
      startedAt.getTime(),
    );
  });

  it('records the metadata of a stored file, and forgets what it could have left', async () => {
    const upload = server.upload({ id: 'u1' });
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'dir/a.csv' });
    expect(await isNoted()).toBe(true);
    record.stored(FILE, entryOf('dir/a.csv'));
    await upload.succeed(ANSWER);
    expect(await isNoted()).toBe(false);
    expect(
      (await server.fileMetadata.lookup(location.store, ['dir/a.csv'])).find('dir/a.csv', '"1"'),
    ).toMatchObject({
      md5: 'aa',
    });
    expect(await server.database.read(sql('SELECT upload_id FROM stored_files'))).toEqual([
      { upload_id: 'u1' },
    ]);
  });

  it('without a note is written with its end', async () => {
    const upload = server.upload({ id: 'u1' });
    upload.beginFile(location).stored(FILE, undefined);
    expect(await server.statuses.find('u1')).toBeUndefined();
    await upload.succeed(ANSWER);
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'SUCCESS', files: [FILE] });
    expect(
      (await server.fileMetadata.lookup(location.store, ['dir/a.csv'])).find('dir/a.csv', '"1"'),
    ).toBeUndefined();
  });

  it('of several files is begun once, and holds them as they were stored', async () => {
    const upload = server.upload({ id: 'u1' });
    const files = ['a', 'b', 'c'].map((name): RecordedFile => ({ ...FILE, name, path: name }));
    const records = files.map(() => upload.beginFile(location));
    await Promise.all(records.map((record, i) => record.cleanupLog.record({ key: files[i]?.path ?? '' })));
    expect(await server.noted()).toHaveLength(3);
    records.forEach((record, i) => {
      record.stored(files[i] ?? FILE, entryOf(files[i]?.path ?? ''));
    });
    await upload.succeed(ANSWER);
    expect((await server.statuses.find('u1'))?.files).toEqual(files);
    expect(await isNoted()).toBe(false);
  });

  it('of a file that was skipped says so, and enters nothing', async () => {
    const upload = server.upload({ id: 'u1' });
    const skipped: RecordedFile = { ...FILE, outcome: 'skipped', md5: null };
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'dir/a.csv' });
    record.skipped(skipped);
    await upload.succeed(ANSWER);
    expect((await server.statuses.find('u1'))?.files).toEqual([skipped]);
    expect(await isNoted()).toBe(false);
    expect(
      (await server.fileMetadata.lookup(location.store, ['dir/a.csv'])).find('dir/a.csv', '"1"'),
    ).toBeUndefined();
  });

  it('that fails says why, and which files are there all the same', async () => {
    const upload = server.upload({ id: 'u1' });
    upload.beginFile(location).stored(FILE, entryOf('dir/a.csv'));
    const broken = upload.beginFile(location);
    await broken.cleanupLog.record({ key: 'dir/b.csv' });
    broken.failed();
    await upload.fail(FAILURE);
    expect(await server.statuses.find('u1')).toMatchObject({
      state: 'FAILED',
      files: [FILE],
      failure: FAILURE,
    });
    expect(await isNoted()).toBe(false);
    expect(
      (await server.fileMetadata.lookup(location.store, ['dir/a.csv'])).find('dir/a.csv', '"1"'),
    ).toBeDefined();
  });

  it('keeps a note of what could not be removed, whether its file was stored or not', async () => {
    const upload = server.upload();
    for (const end of ['stored', 'failed'] as const) {
      const record = upload.beginFile(location);
      await record.cleanupLog.record({ key: end });
      record.cleanupLog.retain();
      if (end === 'stored') record.stored(FILE, entryOf(end));
      else record.failed();
    }
    await upload.fail(FAILURE);
    const kept = (await server.recorded()).map(({ orphan, isAbandoned }) => [orphan.key, isAbandoned]);
    expect(kept.sort()).toEqual([
      ['failed', true],
      ['stored', true],
    ]);
  });

  it('notes no credential in clear', async () => {
    const connection = { ...location.connection, options: { secret_access_key: 'hush-hush' } };
    await server
      .upload()
      .beginFile({ ...location, connection })
      .cleanupLog.record({ key: 'a' });
    expect(JSON.stringify(await server.database.read(sql('SELECT * FROM leftovers')))).not.toContain('hush');
    const [noted] = await server.recorded();
    expect(noted?.decryptConnection()).toEqual(connection);
  });
});

describe('the record of an upload, where the database cannot be written', () => {
  it('refuses a note: nothing may be made that is not noted', async () => {
    const record = server.upload().beginFile(location);
    server.forbidWrites(true);
    await expect(record.cleanupLog.record({ key: 'a' })).rejects.toThrow(ofKind('Unavailable'));
  });

  it('fails to succeed: what was stored would not be known', async () => {
    const upload = server.upload({ id: 'u1' });
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'a' });
    server.forbidWrites(true);
    record.stored(FILE, entryOf('a'));
    await expect(upload.succeed(ANSWER)).rejects.toThrow(ofKind('Unavailable'));
  });

  it('writes later what is known of what was stored', async () => {
    const upload = server.upload({ id: 'u1' });
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'a' });
    server.forbidWrites(true);
    record.stored(FILE, entryOf('a'));
    await expect(upload.succeed(ANSWER)).rejects.toThrow(ofKind('Unavailable'));
    await expect(upload.fail(FAILURE)).rejects.toThrow(ofKind('Unavailable'));
    server.forbidWrites(false);
    await server.records.writeUnwritten();
    expect((await server.fileMetadata.lookup(location.store, ['a'])).find('a', '"1"')).toMatchObject({
      md5: 'aa',
    });
    expect(await isNoted()).toBe(false);
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'FAILED', files: [FILE] });
  });

  it('writes later that it has failed', async () => {
    const upload = server.upload({ id: 'u1' });
    await upload.beginFile(location).cleanupLog.record({ key: 'a' });
    server.forbidWrites(true);
    await expect(upload.fail(FAILURE)).rejects.toThrow(ofKind('Unavailable'));
    await expect(server.records.writeUnwritten()).rejects.toThrow(ofKind('Unavailable'));
    server.forbidWrites(false);
    expect(await server.statuses.find('u1')).toBeUndefined();
    await server.records.writeUnwritten();
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'FAILED', failure: FAILURE });
    await server.records.writeUnwritten();
  });

  it('is there in the end also where its beginning could not be written', async () => {
    const upload = server.upload({ id: 'u1' });
    const record = upload.beginFile(location);
    server.forbidWrites(true);
    await record.cleanupLog.record({ key: 'a' }).catch(() => undefined);
    server.forbidWrites(false);
    record.failed();
    await upload.fail(FAILURE);
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'FAILED', failure: FAILURE });
  });
});

describe('where the database fails one write, it and what the process remembers agree:', () => {
  /** Fails the next write alone. */
  function failOnce(): void {
    const { database } = server;
    const failure = new DatabaseError('Unavailable', 'The disk is full.');
    jest.spyOn(database, 'write').mockRejectedValueOnce(failure);
  }

  /** As the sweep of this server sees it. */
  const isRunning = async (key: string): Promise<boolean> => {
    const recorded = (await server.recorded()).find(({ orphan }) => orphan.key === key);
    return recorded !== undefined && server.records.puts.has(recorded.id);
  };

  it.each(['stored', 'skipped', 'failed'] as const)('a put that was %s ends with its record', async (end) => {
    const upload = server.upload({ id: 'u1' });
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'a' });
    failOnce();
    if (end === 'stored') record.stored(FILE, entryOf('a'));
    else if (end === 'skipped') record.skipped(FILE);
    else record.failed();
    await expect(upload.fail(FAILURE)).rejects.toThrow(ofKind('Unavailable'));
    expect([await server.noted(), await isRunning('a')]).toEqual([['a'], true]);
    await server.sweep();
    expect(await server.noted()).toEqual(['a']); // nobody has looked for what it may have left
    await server.records.writeUnwritten();
    expect(await server.noted()).toEqual([]);
  });

  it('a put that has left something behind is abandoned in both, and then swept', async () => {
    const abandoned = jest.fn();
    server.records.puts.onAbandoned(abandoned);
    const upload = server.upload();
    const record = upload.beginFile(location);
    await record.cleanupLog.record({ key: 'a' });
    record.cleanupLog.retain();
    failOnce();
    record.failed();
    await expect(upload.fail(FAILURE)).rejects.toThrow(ofKind('Unavailable'));
    expect([(await server.recorded())[0]?.isAbandoned, await isRunning('a')]).toEqual([false, true]);
    expect(abandoned).not.toHaveBeenCalled();
    await server.records.writeUnwritten();
    expect([(await server.recorded())[0]?.isAbandoned, await isRunning('a')]).toEqual([true, false]);
    expect(abandoned).toHaveBeenCalledTimes(1);
  });

  it('the end of an upload whose beginning is not written is written later', async () => {
    const upload = server.upload({ id: 'u1' });
    failOnce();
    await expect(upload.fail(FAILURE)).rejects.toThrow(ofKind('Unavailable'));
    expect(await server.statuses.find('u1')).toBeUndefined();
    await server.records.writeUnwritten();
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'FAILED', failure: FAILURE });
  });
});

describe('the progress of an upload', () => {
  let received = 0;
  const watched = (id: string): ActiveUpload => {
    const body = { expectedBytes: null, receivedBytes: () => received };
    const upload = server.upload({ id, body });
    server.records.running.add(upload);
    return upload;
  };
  const recorded = async (): Promise<unknown> => {
    const status = await server.statuses.find('u1');
    return status && [status.state, status.receivedBytes];
  };
  const look = (): Promise<void> => new UploadProgress(server.records).write();

  it('is recorded from the second look on, with its beginning, and only what is new', async () => {
    watched('u1');
    received = 10;
    await look();
    expect(await recorded()).toBeUndefined();
    await look();
    expect(await recorded()).toEqual(['RUNNING', 10]);
    const write = jest.spyOn(server.database, 'write');
    await look();
    expect(write).not.toHaveBeenCalled();
    received = 20;
    await look();
    expect(await recorded()).toEqual(['RUNNING', 20]);
  });

  it('is recorded at the next look where the database took none', async () => {
    watched('u1');
    await look();
    server.forbidWrites(true);
    await look();
    server.forbidWrites(false);
    await look();
    expect(await recorded()).toEqual(['RUNNING', received]);
  });

  it('is final with its end, however it ends', async () => {
    const upload = watched('u1');
    received = 30;
    await look();
    await upload.fail(FAILURE);
    received = 99;
    await look();
    expect(await recorded()).toEqual(['FAILED', 30]);
  });

  it('ends with it where its beginning is written at the same time', async () => {
    const upload = watched('u1');
    received = 40;
    await look();
    await Promise.all([look(), upload.fail(FAILURE)]);
    expect(await recorded()).toEqual(['FAILED', 40]);
  });

  it('stays as it was last seen where its server dies', async () => {
    const dead = await JournalServer.start(temporary);
    const upload = dead.upload({ id: 'u1', body: { expectedBytes: null, receivedBytes: () => 7 } });
    await dead.recordProgress(upload);
    await dead.die();
    await server.statuses.endUploadsOfStopped(await server.processes.running());
    expect(await recorded()).toEqual(['FAILED', 7]);
  });
});

describe('an upload that can be repeated', () => {
  const begin = (id: string, more: object = {}): Promise<boolean> =>
    server.statuses.begin({
      id,
      userId: 'id of ann',
      userName: 'ann',
      stageName: 'books',
      startedAt: new Date(),
      body: BODY,
      repeatable: REPEATABLE,
      ...more,
    });

  it('begins once under its key, of two at once and on two servers', async () => {
    const other = await JournalServer.start(temporary);
    const facts = {
      userId: 'id of ann',
      userName: 'ann',
      stageName: 'books',
      startedAt: new Date(),
      body: BODY,
      repeatable: REPEATABLE,
    };
    const begun = await Promise.all([
      begin('u1'),
      begin('u2'),
      other.statuses.begin({ id: 'u3', ...facts }),
      other.statuses.begin({ id: 'u4', ...facts }),
    ]);
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  it('has a key of its own for each user', async () => {
    expect([await begin('u1'), await begin('u2', { userId: 'id of bob', userName: 'bob' })]).toEqual([
      true,
      true,
    ]);
    expect((await server.statuses.findByKey('id of bob', 'k1'))?.id).toBe('u2');
    expect(await server.statuses.findByKey('bob', 'k1')).toBeUndefined();
  });

  it('keeps its answer, and one that cannot be repeated keeps none', async () => {
    await begin('u1');
    await server.upload({ id: 'u1', repeatable: REPEATABLE }, true).succeed(ANSWER);
    await server.upload({ id: 'u2' }).succeed(ANSWER);
    expect(await server.statuses.findByKey('id of ann', 'k1')).toMatchObject({
      answer: ANSWER,
      requestDigest: 'digest',
    });
    expect((await server.statuses.find('u2'))?.answer).toBeNull();
    expect(await begin('u3')).toBe(false);
  });

  it('that has failed gives its key free, and is still known by its id', async () => {
    await begin('u1');
    await server.upload({ id: 'u1', repeatable: REPEATABLE }, true).fail(FAILURE);
    expect(await server.statuses.findByKey('id of ann', 'k1')).toBeUndefined();
    expect(await server.statuses.find('u1')).toMatchObject({ state: 'FAILED', failure: FAILURE });
    expect(await begin('u2')).toBe(true);
  });
});

describe('the records of uploads', () => {
  it('of dead servers end as failed, and their keys are free; those of servers that run go on', async () => {
    const [dead, alive] = [await JournalServer.start(temporary), await JournalServer.start(temporary)];
    const facts = {
      userId: 'id of ann',
      userName: 'ann',
      stageName: 'books',
      startedAt: new Date(),
      body: BODY,
    };
    await dead.statuses.begin({ id: 'dead', ...facts, repeatable: REPEATABLE });
    await alive.statuses.begin({ id: 'alive', ...facts });
    await server.statuses.begin({ id: 'own', ...facts });
    await dead.die();
    await server.statuses.endUploadsOfStopped(await server.processes.running());
    const statuses = await Promise.all(['dead', 'alive', 'own'].map((id) => server.statuses.find(id)));
    expect(statuses.map((status) => status?.state)).toEqual(['FAILED', 'RUNNING', 'RUNNING']);
    expect((await server.statuses.find('dead'))?.failure?.code).toBe(503);
    expect(await server.statuses.begin({ id: 'again', ...facts, repeatable: REPEATABLE })).toBe(true);
  });

  it('that are old are forgotten, and those that run are not', async () => {
    const old = new Date(Date.now() - 100_000);
    await server.upload({ id: 'old', startedAt: old }).succeed(ANSWER);
    await server.upload({ id: 'new' }).succeed(ANSWER);
    await server.statuses.begin({
      id: 'runs',
      userId: 'id of ann',
      userName: 'ann',
      stageName: 's',
      startedAt: old,
      body: BODY,
    });
    await server.statuses.forgetBefore(new Date(Date.now() - 50_000));
    const statuses = await Promise.all(['old', 'new', 'runs'].map((id) => server.statuses.find(id)));
    expect(statuses.map((status) => status?.id)).toEqual([undefined, 'new', 'runs']);
  });
});
