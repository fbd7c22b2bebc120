import { jest } from '@jest/globals';
import { sql } from '../../../src/database/sql.js';
import { describeWithPostgres } from '../../support/test-database.js';
import { ofKind } from '../of-kind.js';
import { PeopleFixture, type PeopleServer } from './people-fixture.js';

const COUNT = sql<readonly [string]>("SELECT comment FROM roles WHERE id = 'counter'");
const SET = sql("UPDATE roles SET comment = ? WHERE id = 'counter'");
const BREAKING = sql('INSERT INTO roles (id, name) VALUES (?, NULL)');

describeWithPostgres.each(['SQLite', 'PostgreSQL'] as const)('changes under one version, on %s', (kind) => {
  let fixture: PeopleFixture;
  let here: PeopleServer;
  let there: PeopleServer;

  beforeEach(async () => {
    fixture = await PeopleFixture.create(kind);
    here = await fixture.server();
    there = await fixture.server();
    await here.addRoles('counter');
    await here.commit(SET.with('0'));
  });

  afterEach(() => fixture.remove());

  const counter = async (server: PeopleServer): Promise<number> =>
    Number((await server.database.readRows(COUNT))[0]?.[0]);

  /** Reads, and writes what follows from it: an update is lost if another one comes in between. */
  const increment = (server: PeopleServer): Promise<number> =>
    server.versions.change(async () => {
      const next = (await counter(server)) + 1;
      return { statements: [SET.with(String(next))], event: undefined, result: next };
    });

  it('of two servers at once are all made, each on what the one before has left', async () => {
    const changes = Array.from({ length: 12 }, (_, at) => increment(at % 2 === 0 ? here : there));
    const results = await Promise.all(changes);
    expect(results.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(await counter(here)).toBe(12);
  });

  it('look again where somebody else was first, and commit nothing of the first attempt', async () => {
    let attempts = 0;
    await here.versions.change(async () => {
      attempts++;
      if (attempts === 1) await increment(there);
      const statements = [here.roles.insertion(roleOf(`of attempt ${String(attempts)}`))];
      return { statements, event: undefined, result: undefined };
    });
    expect(attempts).toBe(2);
    const { roles } = await there.roles.graph();
    expect(roles.map(({ name }) => name)).toEqual(['account_admin', 'counter', 'of attempt 2', 'public']);
  });

  it('that fail leave nothing, and the version as it was', async () => {
    const before = await there.versions.current();
    await expect(here.commit(SET.with('7'), BREAKING.with('broken'))).rejects.toThrow();
    await expect(here.versions.change(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await counter(there)).toBe(0);
    expect(await there.versions.current()).toBe(before);
  });

  it('that change nothing leave the version as it was, and others move it for every server', async () => {
    const before = await here.versions.current();
    await here.commit();
    expect(await there.versions.current()).toBe(before);
    await here.commit(SET.with('1'));
    const after = await there.versions.current();
    expect(after).not.toBe(before);
    expect(await here.versions.current()).toBe(after);
  });

  it('are heard of by this server’s listeners, once each', async () => {
    const listener = jest.fn();
    here.versions.onChange(listener);
    await increment(there);
    expect(listener).not.toHaveBeenCalled();
    await increment(here);
    await here.commit();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('give up where others are always first', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    const change = here.versions.change(async () => {
      await increment(there);
      return { statements: [SET.with('-1')], event: undefined, result: undefined };
    });
    await expect(change).rejects.toThrow(ofKind('Unavailable'));
    random.mockRestore();
    expect(await counter(here)).toBe(20);
  });

  it('make one read of all that ask in one turn', async () => {
    const reading = jest.spyOn(here.database, 'readRows');
    await Promise.all([here.versions.current(), here.versions.current(), here.versions.current()]);
    expect(reading).toHaveBeenCalledTimes(1);
  });
});

function roleOf(name: string): Parameters<PeopleServer['roles']['insertion']>[0] {
  return { id: name, name, comment: '', createdOn: new Date(), updatedOn: new Date() };
}
