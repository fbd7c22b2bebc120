import { randomBytes } from 'node:crypto';

/** The last 64 bits, the same for all ids of this process. The first two of them are the variant of RFC 9562. */
const TAIL = ownTail();
/** 12 bits count the ids of a millisecond. */
const MAX_IN_MILLISECOND = 0xfff;

let lastTime = 0;
let count = 0;
let prefix = '';

/** Makes a UUID of version 7: ids of one process ascend, those of all servers in the order of their clocks. */
export function newEventId(now = Date.now()): string {
  if (now > lastTime) startMillisecond(now);
  else if (count < MAX_IN_MILLISECOND) count++;
  else startMillisecond(lastTime + 1);
  return `${prefix}7${count.toString(16).padStart(3, '0')}${TAIL}`;
}

/** Returns the text that ids of this time and later ones are not below. @param time milliseconds since the epoch. */
export function firstIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}

export function timeOfEvent(id: string): Date {
  return new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

function startMillisecond(time: number): void {
  lastTime = time;
  count = 0;
  prefix = firstIdAt(time);
}

function ownTail(): string {
  const bytes = randomBytes(8);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
