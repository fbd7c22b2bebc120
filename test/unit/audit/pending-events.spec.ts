import type { AuditEvent } from '../../../src/audit/events/audit-event.js';
import { countOf, PendingEvents } from '../../../src/audit/trail/pending-events.js';

const ANN = { userId: 'id of ann', name: 'ann' };
const at = (address: string): NonNullable<AuditEvent['origin']> => ({ address, requestId: 'r', via: 'rest' });
const read = (path: string): AuditEvent => ({ action: 'file.get', outcome: 'success', actor: ANN, path });
const denied = (more: Partial<AuditEvent>): AuditEvent => ({
  action: 'file.get',
  outcome: 'denied',
  actor: ANN,
  errorKind: 'PermissionDenied',
  origin: at('10.0.0.1'),
  ...more,
});

it('keeps what is neither a denial nor read again apart, in order', () => {
  const pending = new PendingEvents();
  const list = (path: string): AuditEvent => ({ ...read(path), action: 'file.list' });
  for (const path of ['a', 'a', 'b']) expect(pending.add(list(path))).toBe(true);
  const taken = pending.take(2);
  expect(taken.map(({ event, count }) => [event.path, count])).toEqual([
    ['a', 1],
    ['a', 1],
  ]);
  expect(pending.take(2).map(({ event }) => event.path)).toEqual(['b']);
  const ids = taken.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
});

it('counts reads of one file by one user, and keeps other users, ways and failures apart', () => {
  const pending = new PendingEvents();
  const bob = { userId: 'id of bob', name: 'bob' };
  const role = { id: 'r', name: 'helpers' };
  const variants: readonly Partial<AuditEvent>[] = [
    {},
    { actor: bob },
    { actor: { ...ANN, currentRole: role } },
    { actor: { ...ANN, token: { id: 't', scope: undefined } } },
    { origin: at('10.0.0.1') },
    { action: 'file.head' },
    { stage: { name: 's', id: '1' } },
    { stage: { name: 's', id: '2' } },
  ];
  for (const bytes of [1, 2]) for (const more of variants) pending.add({ ...read('a'), bytes, ...more });
  expect(pending.take(99).map(({ count, bytes }) => [count, bytes])).toEqual(variants.map(() => [2, 3]));
  const failed: AuditEvent = { ...read('a'), outcome: 'failed', errorKind: 'ClientGone' };
  for (const event of [failed, failed]) pending.add(event);
  expect(pending.size).toBe(2);
});

it('counts equal denials of a user, and keeps others apart', () => {
  const pending = new PendingEvents();
  for (const path of ['a', 'b', 'a', 'a']) pending.add(denied({ path }));
  pending.add(denied({ path: 'a', origin: at('10.0.0.2') }));
  pending.add(denied({ path: 'a', errorKind: 'TokenScope' }));
  expect(pending.take(9).map(({ count }) => count)).toEqual([3, 1, 1, 1]);
  pending.add(denied({ path: 'a' })); // after a write, a new one
  expect(pending.take(9).map(({ count }) => count)).toEqual([1]);
});

it('takes of nobody only where from and why, and bounds even that', () => {
  const pending = new PendingEvents(100, 3);
  for (let i = 0; i < 10; i++)
    for (const path of ['a', 'b'])
      pending.add(denied({ actor: undefined, path, origin: at(`10.0.0.${String(i)}`) }));
  const taken = pending.take(100);
  expect(taken.map(({ event, count }) => [event.origin?.address, count])).toEqual([
    ['10.0.0.0', 2],
    ['10.0.0.1', 2],
    ['10.0.0.2', 2],
    [undefined, 14],
  ]);
  expect(countOf(taken)).toBe(20);
});

it('loses the newest where too many wait, and says so', () => {
  const pending = new PendingEvents(3);
  expect(['a', 'b', 'c', 'd'].map((path) => pending.add(read(path)))).toEqual([true, true, true, false]);
  const taken = pending.take(2);
  pending.add(read('e'));
  expect(pending.putBack(taken)).toBe(1);
  expect(pending.take(9).map(({ event }) => event.path)).toEqual(['a', 'b', 'c']);
});
