import { firstIdAt, newEventId, timeOfEvent } from '../../../src/audit/events/event-id.js';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('is a UUID of version 7 whose time can be read', () => {
  const now = Date.now() + 1000;
  const id = newEventId(now);
  expect(id).toMatch(UUID_7);
  expect(timeOfEvent(id).getTime()).toBe(now);
});

it('ascends within a millisecond, beyond what it can count, and while the clock goes back', () => {
  const now = Date.now() + 5000;
  const ids = Array.from({ length: 9000 }, () => newEventId(now));
  ids.push(newEventId(now - 60_000));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => UUID_7.test(id))).toBe(true);
});

it('is not below the first id of its time, and below that of the next', () => {
  const id = newEventId(Date.now() + 10_000);
  const time = timeOfEvent(id).getTime();
  expect(firstIdAt(time) <= id).toBe(true);
  expect(id < firstIdAt(time + 1)).toBe(true);
});
