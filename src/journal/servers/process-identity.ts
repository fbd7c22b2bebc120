import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** Identifies a process to other processes on the same machine. */
export interface ProcessIdentity {
  /** Scope of its pid: a machine since its boot, and a pid namespace. */
  readonly machine: string;
  readonly pid: number;
  /** Start time of the process, because pids are reused. Empty if the system does not report it. */
  readonly pidSince: string;
}

export function ownIdentity(): ProcessIdentity {
  return { machine: machineIdentity(), pid: process.pid, pidSince: startOf(process.pid) ?? '' };
}

/** Reports whether the process has ended; undefined if it cannot be determined from here. */
export function hasEnded({ machine, pid, pidSince }: ProcessIdentity): boolean | undefined {
  if (machine !== machineIdentity()) return undefined;
  if (!exists(pid)) return true;
  return pidSince === '' ? undefined : startOf(pid) !== pidSince;
}

function machineIdentity(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname(); // without Linux there are no pid namespaces
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Returns the process's start in ticks since the boot: the 22nd field of its `stat`, counted after the name, which may
 * contain spaces.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
