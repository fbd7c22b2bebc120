import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Interval of the samples of the event loop's delay. */
const SAMPLED_EVERY_MS = 20;
const OPEN_FILES = '/proc/self/fd';

/** Adds metrics whose values are read at each scrape. */
interface MeasuredAtScrape {
  addGauge(name: string, help: string, value: () => number): void;
  addCounter(name: string, help: string, value: () => number): void;
}

/**
 * Adds what Prometheus' client libraries show of a process, under their names, as boards and alerts expect it. prom-client's own
 * set observes every garbage collection and has gauges whose names end in `_total`: docs/adr/0070.
 */
export function addProcessMetrics(metrics: MeasuredAtScrape): void {
  const startedAt = performance.timeOrigin / 1000;
  metrics.addCounter(
    'process_cpu_seconds_total',
    'CPU time that the process has used, by all its threads',
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  );
  metrics.addGauge('process_start_time_seconds', 'Time of the start, in seconds since 1970', () => startedAt);
  metrics.addGauge('process_resident_memory_bytes', 'Memory that the process occupies', () =>
    process.memoryUsage.rss(),
  );
  metrics.addGauge('process_open_fds', 'Open files and sockets; 0 where the system does not tell', openFiles);
  const heap = (field: 'heapUsed' | 'heapTotal' | 'external') => (): number => process.memoryUsage()[field];
  metrics.addGauge('nodejs_heap_size_used_bytes', 'Used bytes of the heap', heap('heapUsed'));
  metrics.addGauge('nodejs_heap_size_total_bytes', 'Bytes of the heap', heap('heapTotal'));
  metrics.addGauge('nodejs_external_memory_bytes', 'Bytes of buffers outside the heap', heap('external'));
  addEventLoopMetrics(metrics);
}

function addEventLoopMetrics(metrics: MeasuredAtScrape): void {
  const delay = monitorEventLoopDelay({ resolution: SAMPLED_EVERY_MS });
  delay.enable();
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - SAMPLED_EVERY_MS / 1000) : 0;
  metrics.addGauge(
    'nodejs_eventloop_lag_mean_seconds',
    'Mean delay of the event loop since the last scrape',
    () => seconds(delay.mean),
  );
  metrics.addGauge(
    'nodejs_eventloop_lag_p99_seconds',
    'Delay of the event loop that 99 % stay below, since the last scrape',
    () => seconds(delay.percentile(99)),
  );
  metrics.addGauge(
    'nodejs_eventloop_lag_max_seconds',
    'Longest delay of the event loop since the last scrape',
    () => {
      const longest = seconds(delay.max);
      delay.reset(); // the last of the three
      return longest;
    },
  );
  metrics.addCounter(
    'nodejs_eventloop_busy_seconds_total',
    'Time in which the event loop was busy',
    () => performance.eventLoopUtilization().active / 1000,
  );
}

function openFiles(): number {
  try {
    return readdirSync(OPEN_FILES).length - 1; // without the one that reads them
  } catch {
    return 0;
  }
}
