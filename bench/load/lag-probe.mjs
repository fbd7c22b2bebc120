/*
 * Loaded into a server by NODE_OPTIONS=--import. At each SIGUSR2 it writes how long the event loop was held up since
 * the last one to the file that LAG_PROBE_FILE names.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

const RESOLUTION_MS = 10;
const file = process.env.LAG_PROBE_FILE;

if (file) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  process.on('SIGUSR2', () => {
    // What is measured is the time between two rings of a timer: its period is no delay.
    const delay = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const figures = { p50: histogram.percentile(50), p99: histogram.percentile(99), max: histogram.max };
    const entries = Object.entries(figures).map(([name, value]) => [name, delay(value)]);
    histogram.reset();
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(entries)));
    renameSync(`${file}.new`, file);
  });
}
