import { existsSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import process from 'node:process';
import type { AppConfig } from '../../config/app-config.js';
import { ok, warning, type Finding } from './finding.js';

const MIB = 1024 * 1024;
/** Memory of the process besides the buffers of uploads. */
const OTHER_BYTES = 200 * MIB;
/** Files that are open besides connections: the database, files of uploads and downloads. */
const OTHER_FILES = 100;

/** Compares settings with what this machine, or this container, allows a process. */
export function checkLimits({ upload, clients }: AppConfig): readonly Finding[] {
  return [
    memoryFinding(upload.bufferBytes, memoryLimit()),
    filesFinding(clients.maxConnections, fileLimit()),
  ];
}

export function memoryFinding(bufferBytes: number, limitBytes: number): Finding {
  const [buffer, limit] = [bufferBytes, limitBytes].map((bytes) => String(Math.floor(bytes / MIB)));
  if (bufferBytes + OTHER_BYTES <= limitBytes) {
    return ok('limits', `UPLOAD_BUFFER_MIB is ${buffer ?? ''} of ${limit ?? ''} MiB of memory.`);
  }
  return warning(
    'limits',
    `UPLOAD_BUFFER_MIB is ${buffer ?? ''}, and the memory is ${limit ?? ''} MiB: the system may kill the service under load.`,
    'Lower UPLOAD_BUFFER_MIB, or give it more memory: docs/operate/sizing.md.',
  );
}

export function filesFinding(maxConnections: number, openFiles: number): Finding {
  const message = `MAX_CONNECTIONS is ${String(maxConnections)}, and a process may open ${String(openFiles)} files`;
  if (maxConnections + OTHER_FILES <= openFiles) return ok('limits', `${message}.`);
  return warning(
    'limits',
    `${message} here: more connections than that fail.`,
    'Raise the limit of the service (LimitNOFILE, ulimit -n), or lower MAX_CONNECTIONS.',
  );
}

function memoryLimit(): number {
  const total = totalmem();
  const constrained = process.constrainedMemory();
  return constrained === 0 ? total : Math.min(total, constrained);
}

/** Node raises its soft limit to the hard one. */
function fileLimit(): number {
  const table = '/proc/self/limits';
  if (!existsSync(table)) return Number.POSITIVE_INFINITY;
  const [, limit] = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync(table, 'utf8')) ?? [];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}
