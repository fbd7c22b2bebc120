import type { ServerResponse } from 'node:http';
import type { CounterFamily, HistogramFamily } from '../../metrics/families.js';
import { LONG_SECONDS, type Metrics } from '../../metrics/metrics.js';
import { downloadOf, STAGE_KINDS } from '../request/request-facts.js';

/** `cut`: the client left, or the store failed in the middle. */
const OUTCOMES = ['sent', 'cut'];

/** Counts answers that are files, ranges of them, or archives. */
export class DownloadMetrics {
  readonly #counts: CounterFamily;
  readonly #bytes: CounterFamily;
  readonly #seconds: HistogramFamily;

  constructor(metrics: Metrics) {
    const stage_kind = STAGE_KINDS;
    this.#counts = metrics.counters('stagedoor_downloads_total', 'Downloads that have ended', {
      stage_kind,
      outcome: OUTCOMES,
    });
    const help = 'Bytes of downloads that were sent to their end';
    this.#bytes = metrics.counters('stagedoor_download_bytes_total', help, { stage_kind });
    this.#seconds = metrics.histograms(
      'stagedoor_download_duration_seconds',
      'Time of downloads that were sent to their end',
      { labels: { stage_kind }, buckets: LONG_SECONDS },
    );
  }

  /** Counts the download of an answer that has ended, if it was one. */
  count(response: ServerResponse, seconds: number): void {
    const download = downloadOf(response);
    if (download === undefined) return;
    const { stageKind, bytes } = download;
    if (!response.writableFinished) {
      this.#counts.child(stageKind, 'cut').inc();
      return;
    }
    this.#counts.child(stageKind, 'sent').inc();
    this.#bytes.child(stageKind).inc(bytes);
    this.#seconds.child(stageKind).observe(seconds);
  }
}
