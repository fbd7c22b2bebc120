import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {{ at: number, status: number }} Sample when it was asked, and the answer; 0 where none came */

const EVERY_MS = 100;

/** Asks each server again and again whether it is ready. */
export class ReadinessWatch {
  /** @type {Map<string, Sample[]>} */
  #samples = new Map();
  #urls;
  #isStopped = false;

  /** @param {readonly string[]} urls */
  constructor(urls) {
    this.#urls = urls;
  }

  async run() {
    await Promise.all(this.#urls.map((url) => this.#watch(url)));
  }

  stop() {
    this.#isStopped = true;
  }

  /**
   * The answers of all servers to what was asked within this time.
   * @param {number} from
   * @param {number} to
   */
  statuses(from, to) {
    const within = (/** @type {Sample} */ { at }) => at >= from && at < to;
    return [...this.#samples.values()]
      .flat()
      .filter(within)
      .map(({ status }) => status);
  }

  /**
   * So long after this moment the last server became ready, and stayed so until another moment.
   * @param {number} from
   * @param {number} to
   */
  recoveryMs(from, to) {
    const late = [...this.#samples.values()].flat().filter(({ at, status }) => at < to && status !== 200);
    return Math.max(0, ...late.map(({ at }) => at - from));
  }

  /** @param {string} url */
  async #watch(url) {
    /** @type {Sample[]} */
    const samples = [];
    this.#samples.set(url, samples);
    while (!this.#isStopped) {
      const at = performance.now();
      const status = await fetch(`${url}/ready`).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 0,
      );
      samples.push({ at, status });
      await delay(EVERY_MS);
    }
  }
}
