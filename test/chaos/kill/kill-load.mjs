import { setTimeout as delay } from 'node:timers/promises';

import { messageOf } from '../../../scripts/lib/error-facts.mjs';
import { jsonOf } from '../support/stage-http.mjs';

/** @import { Journeys } from './kill-journeys.mjs' */
/** @import { Ledger } from './kill-ledger.mjs' */
/** @import { KillMoment } from './kill-moment.mjs' */
/** @import { Tally } from './kill-tally.mjs' */
/** @import { RoundUploads, Upload } from './kill-uploads.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */

/**
 * @typedef {object} LoadContext
 * @property {StageHttp} http
 * @property {RoundUploads} uploads
 * @property {Journeys} journeys
 * @property {Ledger} ledger
 * @property {Map<string, string>} etags which outlives the load
 * @property {Tally} tally
 * @property {KillMoment} moment
 * @property {boolean} isBehindProxy
 * @property {boolean} isDatabaseKilled
 */

const CLIENTS = 8;
/** A client that is told to come again does not do so at once. */
const AGAIN_MS = 50;
/** While something comes back, clients leave it the processor between two uploads. */
const EASY_MS = 150;

/** Uploads, copies and moves by several clients at once, until it is stopped; what uploads are told goes into the ledger. */
export class UploadLoad {
  #context;
  #next = 0;
  #isStopped = false;
  #moment;
  #isKilling = false;
  #isEasy = false;
  /** On the clock of `performance`. */
  #killedAt = -Infinity;

  /** @param {LoadContext} context */
  constructor(context) {
    this.#context = context;
    this.#moment = context.moment;
  }

  /** Resolves when it was stopped and every upload has ended. */
  async run() {
    const { http, journeys } = this.#context;
    const leg = {
      http,
      isStopped: () => this.#isStopped,
      mayBeCut: this.#mayBeCut.bind(this),
      isLeftOpen: this.#isLeftOpen.bind(this),
    };
    await Promise.all([journeys.run(leg), ...Array.from({ length: CLIENTS }, () => this.#client())]);
  }

  stop() {
    this.#isStopped = true;
  }

  /**
   * Goes on at full strength, for another kill.
   * @param {KillMoment} moment
   */
  awaitMoment(moment) {
    this.#moment = moment;
    this.#isEasy = false;
  }

  ease() {
    this.#isEasy = true;
  }

  /** A server is killed: uploads of before the kill's end may be cut. */
  beginKill() {
    this.#isKilling = true;
  }

  endKill() {
    this.#isKilling = false;
    this.#killedAt = performance.now();
  }

  async #client() {
    const { uploads, etags } = this.#context;
    while (!this.#isStopped) {
      const index = this.#next;
      this.#next += 1;
      await this.#perform(uploads.upload(index, (stage, name) => etags.get(`${stage}/${name}`)));
      if (this.#isEasy && !this.#isStopped) await delay(EASY_MS);
    }
  }

  /** @param {Upload} upload */
  async #perform(upload) {
    const { http, ledger, tally } = this.#context;
    ledger.begin(upload);
    tally.begun += 1;
    const begunAt = performance.now();
    let answer;
    try {
      answer = await http.send(upload.request, {
        ...upload.manner,
        onSent: () => this.#moment.bodySent(upload),
      });
    } catch (error) {
      if (!this.#mayBeCut(begunAt) && upload.manner.leaveAfter === undefined) {
        tally.report('answer', `${upload.label}: ${messageOf(error)}, though the server had not been killed`);
      }
      return;
    }
    if (answer.status === 200 || answer.status === 201) this.#acknowledged(upload, answer);
    else if (this.#isLeftOpen(answer)) await this.#leftOpen(upload, answer, begunAt);
    else this.#refused(upload, answer);
  }

  /** @param {number} begunAt */
  #mayBeCut(begunAt) {
    return this.#isKilling || begunAt <= this.#killedAt;
  }

  /**
   * Whether nobody can tell what became of the upload: its server has died behind the proxy, or its database did.
   * @param {Answer} answer
   */
  #isLeftOpen({ status, headers }) {
    const { isBehindProxy, isDatabaseKilled } = this.#context;
    const isOfProxy = isBehindProxy && headers['x-request-id'] === undefined;
    return isOfProxy || (isDatabaseKilled && status === 503);
  }

  /**
   * @param {Upload} upload
   * @param {Answer} answer
   * @param {number} begunAt
   */
  async #leftOpen(upload, answer, begunAt) {
    const { tally, isDatabaseKilled } = this.#context;
    tally.unknown += 1;
    const { status, headers } = answer;
    const isToComeAgain = status === 503 && headers['retry-after'] !== undefined;
    const isExpected = isDatabaseKilled ? isToComeAgain : status >= 502 && this.#mayBeCut(begunAt);
    if (!isExpected) tally.report('answer', `${upload.label}: ${status} ${answer.bytes.toString()}`);
    await delay(AGAIN_MS);
  }

  /**
   * @param {Upload} upload
   * @param {Answer} answer
   */
  #acknowledged(upload, { headers }) {
    const { ledger, etags, tally } = this.#context;
    ledger.end(upload, () => true);
    this.#moment.acknowledged();
    tally.acknowledged += 1;
    const [{ name }] = upload.files;
    if (headers.etag !== undefined) etags.set(`${upload.stage}/${name}`, headers.etag);
    tally.uploadIds.push(String(headers['x-stagedoor-upload-id']));
    if (upload.isRefused) tally.report('answer', `${upload.label}: taken, though its content was not whole`);
    if (upload.condition === 'absent' && ledger.wasThereBefore(upload)) {
      tally.report('answer', `${upload.label}: taken in spite of If-None-Match, though ${name} was there`);
    }
  }

  /**
   * @param {Upload} upload
   * @param {Answer} answer
   */
  #refused(upload, answer) {
    const { ledger, tally } = this.#context;
    const stored = (jsonOf(answer)?.files ?? []).map(String);
    ledger.end(upload, (name) => stored.some((file) => name.endsWith(file)));
    if (isExpected(upload, answer)) tally.refused += 1;
    else tally.report('answer', `${upload.label}: ${answer.status} ${answer.bytes.toString()}`);
  }
}

/**
 * @param {Upload} upload
 * @param {Answer} answer
 */
function isExpected({ condition, isRefused }, { status, headers }) {
  if (status === 503) return headers['retry-after'] !== undefined;
  if (condition !== 'none' && (status === 412 || status === 409)) return true;
  return isRefused && status === 400;
}
