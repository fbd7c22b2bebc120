import { messageOf } from '../../../scripts/lib/error-facts.mjs';
import { jsonOf } from '../support/stage-http.mjs';

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
 * @property {Ledger} ledger
 * @property {Map<string, string>} etags which outlives the load
 * @property {Tally} tally
 * @property {KillMoment} moment
 */

const CLIENTS = 8;

/** Uploads by several clients at once, until it is stopped; what they are told goes into the ledger. */
export class UploadLoad {
  #context;
  #next = 0;
  #isStopped = false;

  /** @param {LoadContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** Resolves when it was stopped and every upload has ended. */
  async run() {
    await Promise.all(Array.from({ length: CLIENTS }, () => this.#client()));
  }

  stop() {
    this.#isStopped = true;
  }

  async #client() {
    const { uploads, etags } = this.#context;
    while (!this.#isStopped) {
      const index = this.#next;
      this.#next += 1;
      await this.#perform(uploads.upload(index, (stage, name) => etags.get(`${stage}/${name}`)));
    }
  }

  /** @param {Upload} upload */
  async #perform(upload) {
    const { http, ledger, tally, moment } = this.#context;
    ledger.begin(upload);
    tally.begun += 1;
    let answer;
    try {
      answer = await http.send(upload.request, { ...upload.manner, onSent: () => moment.bodySent(upload) });
    } catch (error) {
      if (!this.#isStopped && upload.manner.leaveAfter === undefined) {
        tally.report('answer', `${upload.label}: ${messageOf(error)}, though the server had not been killed`);
      }
      return;
    }
    if (answer.status === 200 || answer.status === 201) this.#acknowledged(upload, answer);
    else this.#refused(upload, answer);
  }

  /**
   * @param {Upload} upload
   * @param {Answer} answer
   */
  #acknowledged(upload, { headers }) {
    const { ledger, etags, tally, moment } = this.#context;
    ledger.end(upload, () => true);
    moment.acknowledged();
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
