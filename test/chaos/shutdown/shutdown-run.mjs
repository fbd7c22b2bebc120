import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { tenUploads } from './shutdown-uploads.mjs';
import { ContentPool } from '../support/contents.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { Random } from '../support/random.mjs';
import { startServer } from '../support/server-under-test.mjs';
import { StageHttp } from '../support/stage-http.mjs';
import { openStore } from '../support/stores.mjs';
import { rawUpload } from '../support/upload-requests.mjs';

/** @import { EndedUpload as UploadEnd } from './shutdown-uploads.mjs' */
/** @import { Minio } from '../support/bucket.mjs' */
/** @import { ServerUnderTest } from '../support/server-under-test.mjs' */
/** @import { Store } from '../support/stores.mjs' */

/**
 * @typedef {object} ShutdownOptions
 * @property {Minio | undefined} [minio]
 * @property {number} graceSeconds
 * @property {number} goOn so many of the ten uploads go on when the signal has been sent; the others trickle
 * @property {number | undefined} [secondSignalMs] a second signal so long after the first
 */
/**
 * Every second file had been there before.
 *
 * @typedef {UploadEnd & { stored: 'new' | 'previous' | 'absent' | 'other' }} EndedUpload
 */
/**
 * @typedef {object} ShutdownResult
 * @property {number} unfinished how many traces of uploads the store had before the signal
 * @property {number | null} ready the status during the grace, null without an answer
 * @property {number | null} newUpload the status during the grace, null without an answer
 * @property {EndedUpload[]} uploads
 * @property {string[]} orphans what the store then has beside the files
 * @property {{ code: number | null, signal: NodeJS.Signals | null }} exit
 * @property {number} seconds from the signal to the exit
 */

/** So long what is half sent may take from the client into the server. */
const ARRIVAL_MS = 300;
/** So long after the signal the server is asked whether it has noticed. */
const NOTICE_MS = 150;

/**
 * Sends SIGTERM to a server when ten uploads are half sent: what came of it.
 *
 * @param {ShutdownOptions} options
 * @returns {Promise<ShutdownResult>}
 */
export async function terminateAmidUploads({ minio, graceSeconds, goOn, secondSignalMs }) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-shutdown-'));
  const store = await openStore(folder, minio);
  const settings = { SHUTDOWN_GRACE_SECONDS: String(graceSeconds), ...store.settings };
  const server = await startServer({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'server.log'),
    settings,
  });
  const http = new StageHttp(server.url);
  try {
    for (const stage of store.stages) await http.createStage(stage);
    const run = new Shutdown({ server, http, store });
    await run.begin();
    return await run.terminate({ goOn, secondSignalMs });
  } finally {
    await server.kill();
    http.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Shutdown {
  #server;
  #http;
  #store;
  #pool = new ContentPool('shutdown');
  #random = new Random('shutdown');
  #uploads = tenUploads(this.#pool, this.#random);
  #previous = this.#uploads.map((_, index) => (index % 2 === 1 ? this.#pool.take(this.#random, 1000) : null));
  /** @type {Promise<UploadEnd>[]} */
  #running = [];

  /** @param {{ server: ServerUnderTest, http: StageHttp, store: Store }} scene */
  constructor({ server, http, store }) {
    this.#server = server;
    this.#http = http;
    this.#store = store;
  }

  async begin() {
    for (const [index, { file }] of this.#uploads.entries()) {
      const content = this.#previous[index] ?? null;
      if (content !== null) await this.#http.send(rawUpload({ ...file, content }));
    }
    this.#running = this.#uploads.map((upload) => upload.send(this.#http));
    await Promise.all(this.#uploads.map(({ halfSent }) => halfSent));
    await delay(ARRIVAL_MS);
  }

  /**
   * @param {Pick<ShutdownOptions, 'goOn' | 'secondSignalMs'>} options
   * @returns {Promise<ShutdownResult>}
   */
  async terminate({ goOn, secondSignalMs }) {
    const unfinished = (await this.#orphans()).length;
    const start = performance.now();
    this.#server.signal('SIGTERM');
    await delay(NOTICE_MS);
    const ready = await this.#statusOf({ path: '/ready' });
    const newFile = { stage: 'inside', name: 'new.bin', content: this.#pool.take(this.#random, 10) };
    const newUpload = await this.#statusOf(rawUpload(newFile));
    for (const [index, upload] of this.#uploads.entries()) {
      if (index < goOn) upload.goOn();
      else upload.trickle();
    }
    if (secondSignalMs !== undefined) await this.#signalAgain(secondSignalMs - NOTICE_MS);
    const exit = await this.#server.exited;
    const seconds = (performance.now() - start) / 1000;
    const ends = await Promise.all(this.#running);
    const uploads = await Promise.all(ends.map((end, index) => this.#withStored(end, index)));
    return { unfinished, ready, newUpload, uploads, orphans: await this.#orphans(), exit, seconds };
  }

  /** @param {number} afterMs */
  async #signalAgain(afterMs) {
    await delay(afterMs);
    this.#server.signal('SIGTERM');
  }

  /**
   * By a connection of its own.
   * @param {{ path: string }} request
   */
  async #statusOf(request) {
    const http = new StageHttp(this.#server.url);
    const status = await http.send(request).then(
      (answer) => answer.status,
      () => null,
    );
    http.close();
    return status;
  }

  /**
   * @param {UploadEnd} end
   * @param {number} index
   * @returns {Promise<EndedUpload>}
   */
  async #withStored(end, index) {
    const { file, content } = inTurn(this.#uploads, index);
    const bytes = await this.#store.read(file);
    if (bytes === null) return { ...end, stored: 'absent' };
    if (content.equals(bytes)) return { ...end, stored: 'new' };
    return { ...end, stored: this.#previous[index]?.equals(bytes) ? 'previous' : 'other' };
  }

  /** Everything but the files of the uploads: that of a new one, too, is none of theirs. */
  async #orphans() {
    const files = this.#uploads.map(({ file }) => file);
    return this.#store.leftovers({ listed: files, tried: files });
  }
}
