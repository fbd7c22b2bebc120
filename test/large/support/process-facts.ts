import { readFile } from 'node:fs/promises';

/** The most memory that a process has ever had resident, in bytes. */
export async function peakRss(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  expect(kibibytes).toBeDefined();
  return Number(kibibytes) * 1024;
}

/** How many bytes a process has read so far, by its system calls; 0 when it has ended. */
export async function bytesRead(pid: number): Promise<number> {
  const io = await readFile(`/proc/${String(pid)}/io`, 'utf8').catch(() => '');
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}

export interface ProcessMemory {
  /** The process's own: in Chromium's task manager, the memory footprint. */
  readonly privateBytes: number;
  /** That, and pages of files that others use too, such as the program's. */
  readonly residentBytes: number;
}

/** The memory of a process, as Linux counts it. */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { privateBytes: bytesOf('RssAnon') + bytesOf('VmSwap'), residentBytes: bytesOf('VmRSS') };
}
