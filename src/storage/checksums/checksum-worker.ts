import { platform, setPriority } from 'node:os';
import { collectGarbage } from '../../runtime/collect-garbage.js';
import { serveRequests } from '../../runtime/serve-requests.js';
import { checksumRequests } from './checksum-requests.js';

/** Threads that receive uploads have priority: a checksum may be late. */
const NICENESS = 5;
/** Idle time after which the thread frees the memory that others have shared with it. */
const IDLE_MS = 1_000;

let idle: NodeJS.Timeout | undefined;
let isIdle = true;

// On other systems this would set the priority of the whole process.
if (platform() === 'linux') setPriority(NICENESS);

const answer = checksumRequests(() => {
  isIdle = true;
  clearTimeout(idle);
  idle = setTimeout(() => {
    // V8 frees shared memory when no thread holds it, and this thread allocates too little to trigger a collection.
    if (isIdle) collectGarbage();
  }, IDLE_MS).unref();
});

/** A checksum thread: it hashes what other threads have written to a file, or have in shared memory. */
serveRequests((request: Parameters<typeof answer>[0]) => {
  isIdle = false;
  return answer(request);
});
