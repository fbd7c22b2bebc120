import { setTimeout as delay } from 'node:timers/promises';

import { jsonOf } from '../support/stage-http.mjs';
import { formUpload, rawUpload } from '../support/upload-requests.mjs';

/** @import { Content, ContentPool } from '../support/contents.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */
/** @import { StageFile } from '../support/stores.mjs' */
/** @import { Framing, UploadRequest } from '../support/upload-requests.mjs' */

/**
 * `refused` is an error in JSON, `closed` no whole answer.
 *
 * @typedef {{ outcome: 'whole' | 'refused' | 'closed' | 'wrong', status?: number }} EndedUpload
 */
/** @typedef {'at once' | 'slowly'} Pace */

/**
 * @template Value
 * @typedef {{ promise: Promise<Value>, resolve: (value: Value) => void }} Deferred
 */

const KIB = 1024;
const SMALL_BYTES = 256 * KIB;
/** Its first half is more than a part of a multipart upload. */
const LARGE_BYTES = 18 * 1024 * KIB;
const LARGE_ONES = 3;
const UPLOADS = 10;
const TRICKLE_BYTES = 16;
const TRICKLE_EVERY_MS = 100;

/**
 * An upload that stops in the middle: `halfSent` resolves when it has come there, and it goes on after `goOn()`, or
 * trickles after `trickle()`, which takes far too long.
 */
export class HalvedUpload {
  #request;
  /** @type {Deferred<Pace>} */
  #pace = deferred();
  /** @type {Deferred<void>} */
  #half = deferred();

  /** @param {{ file: StageFile, content: Content, request: UploadRequest }} upload */
  constructor({ file, content, request }) {
    this.file = file;
    this.content = content;
    this.#request = request;
  }

  get halfSent() {
    return this.#half.promise;
  }

  goOn() {
    this.#pace.resolve('at once');
  }

  trickle() {
    this.#pace.resolve('slowly');
  }

  /**
   * Sends it to its end.
   *
   * @param {StageHttp} http
   * @returns {Promise<EndedUpload>}
   */
  async send(http) {
    try {
      const answer = await http.send({ ...this.#request, pieces: this.#pieces() });
      if (answer.status === 200 || answer.status === 201) return { outcome: 'whole', status: answer.status };
      const isJson = typeof jsonOf(answer)?.error?.message === 'string';
      return { outcome: isJson ? 'refused' : 'wrong', status: answer.status };
    } catch {
      return { outcome: 'closed' };
    }
  }

  async *#pieces() {
    const body = Buffer.concat(this.#request.pieces);
    const half = Math.floor(body.length / 2);
    yield body.subarray(0, half);
    this.#half.resolve();
    const isFast = (await this.#pace.promise) === 'at once';
    const step = isFast ? body.length : TRICKLE_BYTES;
    for (let start = half; start < body.length; start += step) {
      yield body.subarray(start, start + step);
      if (!isFast) await delay(TRICKLE_EVERY_MS);
    }
  }
}

/**
 * Ten of every shape, to both stages, the first few of them large.
 * @param {ContentPool} pool
 * @param {Random} random
 */
export function tenUploads(pool, random) {
  return Array.from({ length: UPLOADS }, (_, index) => {
    const file = { stage: index % 2 === 0 ? 'inside' : 'outside', name: `files/${index}.bin` };
    const content = pool.take(random, index < LARGE_ONES ? LARGE_BYTES : SMALL_BYTES);
    /** @type {Framing} */
    const framing = index % 3 === 0 ? 'chunked' : 'length';
    const isRaw = index % 4 < 2;
    const options = { ...file, content, framing, files: [{ ...file, content }] };
    const request = isRaw ? rawUpload(options) : formUpload(options);
    return new HalvedUpload({ file, content, request });
  });
}

/**
 * @template Value
 * @returns {Deferred<Value>}
 */
function deferred() {
  /** @type {(value: Value) => void} */
  let resolve = () => undefined;
  /** @type {Promise<Value>} */
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
