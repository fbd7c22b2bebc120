import { readSync } from 'node:fs';
import { platform, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serveRequests } from '../../runtime/serve-requests.js';
import type { ChecksumRequest } from './checksum-request.js';
import { RunningChecksums } from './running-checksums.js';

const READ_BYTES = 512 * 1024;
/** Threads that receive uploads have priority: a checksum may be late. */
const NICENESS = 5;
/** Idle time after which the thread frees the memory that others have shared with it. */
const IDLE_MS = 1_000;

/** State of a checksum thread, which hashes bytes in shared memory and files that other threads write. */
const contents = new Map<number, RunningChecksums>();
const buffer = Buffer.allocUnsafeSlow(READ_BYTES);

let idle: NodeJS.Timeout | undefined;

// V8 frees shared memory when no thread holds it, and this thread allocates too little to trigger a collection.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // V8's own

// On other systems this would set the priority of the whole process.
if (platform() === 'linux') setPriority(NICENESS);
serveRequests(handle);

function handle(request: ChecksumRequest): ReturnType<RunningChecksums['result']> | undefined {
  const running = contents.get(request.content);
  switch (request.kind) {
    case 'open':
      contents.set(request.content, new RunningChecksums(request.algorithms));
      return undefined;
    case 'file':
      if (running !== undefined) hashFile(running, request);
      return undefined;
    case 'bytes':
      running?.update(Buffer.from(request.bytes.buffer, request.bytes.byteOffset, request.bytes.byteLength));
      return undefined;
    case 'result':
      return running?.result();
    case 'close':
      contents.delete(request.content);
      if (contents.size === 0) collectWhenIdle();
      return undefined;
  }
}

function collectWhenIdle(): void {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (contents.size === 0) collect();
  }, IDLE_MS).unref();
}

function hashFile(
  running: RunningChecksums,
  { fd, from, to }: Extract<ChecksumRequest, { kind: 'file' }>,
): void {
  for (let position = from; position < to;) {
    const length = Math.min(READ_BYTES, to - position);
    const count = readSync(fd, buffer, { position, length });
    if (count === 0) throw new RangeError(`the file ends at ${String(position)}, before ${String(to)}`);
    running.update(buffer.subarray(0, count));
    position += count;
  }
}
