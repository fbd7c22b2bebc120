import { renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

/* Loaded into the server before its own code. */

const EVERY_MS = 100;
const { MEMORY_PROBE_FILE: probeFile } = process.env;

/** @param {string} file */
function write(file) {
  const { arrayBuffers } = process.memoryUsage();
  writeFileSync(`${file}.new`, String(arrayBuffers));
  renameSync(`${file}.new`, file);
}

if (probeFile !== undefined && isMainThread) setInterval(() => write(probeFile), EVERY_MS).unref();
