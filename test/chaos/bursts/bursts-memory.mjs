import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MIB = 1024 * 1024;
const SAMPLE_EVERY_MS = 100;
const PROBE = pathToFileURL(join(import.meta.dirname, 'memory-probe.mjs')).href;

/**
 * Settings of a server that writes into a file how many bytes its `ArrayBuffer`s take.
 * @param {string} file
 */
export function probeSettings(file) {
  return { NODE_OPTIONS: `--import ${PROBE}`, MEMORY_PROBE_FILE: file };
}

/** @typedef {{ rss: number, peakRss: number, arrayBuffers: number }} Memory In MiB. */

/** Looks at the memory of a server while it works. */
export class MemoryWatch {
  #pid;
  #probeFile;
  #timer;
  #peakArrayBuffers = 0;

  /**
   * @param {number | undefined} pid
   * @param {string} probeFile
   */
  constructor(pid, probeFile) {
    this.#pid = pid;
    this.#probeFile = probeFile;
    this.#timer = setInterval(() => this.#look(), SAMPLE_EVERY_MS);
  }

  /**
   * The resident set now, and its peak since the server's start; 0 where the system does not tell: all but Linux.
   * @returns {Memory}
   */
  get now() {
    this.#look();
    return { rss: this.#status('VmRSS'), peakRss: this.#status('VmHWM'), arrayBuffers: this.#arrayBuffers };
  }

  get peakArrayBuffers() {
    return this.#peakArrayBuffers;
  }

  stop() {
    clearInterval(this.#timer);
  }

  #look() {
    this.#peakArrayBuffers = Math.max(this.#peakArrayBuffers, this.#arrayBuffers);
  }

  get #arrayBuffers() {
    if (!existsSync(this.#probeFile)) return 0; // it has only just started
    return Math.round(Number(readFileSync(this.#probeFile, 'utf8')) / MIB);
  }

  /** @param {string} field */
  #status(field) {
    const file = `/proc/${this.#pid}/status`;
    if (!existsSync(file)) return 0;
    const [, kib] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8')) ?? [];
    return Math.round(Number(kib ?? 0) / 1024);
  }
}
