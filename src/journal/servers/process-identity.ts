import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** A process, as another one on the same machine can recognise it. */
export interface ProcessIdentity {
  /** Where its number means something: a machine since its boot, and there a namespace of numbers. */
  readonly machine: string;
  readonly pid: number;
  /** Numbers are given again: since when this one has it. Empty where the system does not tell. */
  readonly pidSince: string;
}

export function ownIdentity(): ProcessIdentity {
  return { machine: machineIdentity(), pid: process.pid, pidSince: startOf(process.pid) ?? '' };
}

/** Is it over? Undefined where that is not to be seen from here. */
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
    return hostname(); // no Linux: no namespaces either
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

/** The process's start in ticks since the boot: the 22nd field of its `stat`, counted behind the name, which may hold spaces. */
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
