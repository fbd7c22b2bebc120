import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What /proc counts in, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** User and system time of the processes so far. */
export function cpuSeconds(pids) {
  const ticks = pids.map((pid) => {
    const [, , , , , , , , , , , user, system] = statFields(pid);
    return Number(user) + Number(system);
  });
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

/** Adds to what `work` gives the CPU time that the processes took for it. */
export async function withCpu(pids, work) {
  const before = cpuSeconds(pids);
  const sample = await work();
  return { ...sample, cpu: cpuSeconds(pids) - before };
}

/** From the state on: what stands before it may hold spaces. */
function statFields(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

export function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(statFields(pid)[1]) === parent;
      } catch {
        return false; // It ended meanwhile.
      }
    });
}

/** The most memory that was resident since the last `forgetPeak`, in MB of 10^6 bytes. */
export function peakMegabytes(pid) {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(kibibytes) * 1024) / 1e6;
}

export function forgetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
