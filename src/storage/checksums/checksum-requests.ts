import { readSync } from 'node:fs';
import type { Checksums } from '../contract/checksums.js';
import type { ChecksumRequest } from './checksum-request.js';
import { RunningChecksums } from './running-checksums.js';

const READ_BYTES = 512 * 1024;

/**
 * Answers requests about checksums, and keeps those that are being taken.
 *
 * @param onIdle is called when none of them is left.
 */
export function checksumRequests(
  onIdle: () => void = () => undefined,
): (request: ChecksumRequest) => Checksums | undefined {
  const contents = new Map<number, RunningChecksums>();
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return (request) => {
    const running = contents.get(request.content);
    switch (request.kind) {
      case 'open':
        contents.set(request.content, new RunningChecksums(request.algorithms));
        return undefined;
      case 'file':
        if (running !== undefined) hashFile(running, request, buffer);
        return undefined;
      case 'bytes':
        running?.update(
          Buffer.from(request.bytes.buffer, request.bytes.byteOffset, request.bytes.byteLength),
        );
        return undefined;
      case 'result':
        return running?.result();
      case 'close':
        contents.delete(request.content);
        if (contents.size === 0) onIdle();
        return undefined;
    }
  };
}

function hashFile(
  running: RunningChecksums,
  { fd, from, to }: Extract<ChecksumRequest, { kind: 'file' }>,
  buffer: Buffer,
): void {
  for (let position = from; position < to;) {
    const length = Math.min(READ_BYTES, to - position);
    const count = readSync(fd, buffer, { position, length });
    if (count === 0) throw new RangeError(`the file ends at ${String(position)}, before ${String(to)}`);
    running.update(buffer.subarray(0, count));
    position += count;
  }
}
