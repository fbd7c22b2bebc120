import { messageOf } from '../../../scripts/lib/error-facts.mjs';
import { digest } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { rawUpload } from '../support/upload-requests.mjs';

/** @import { Tally, ViolationKind } from './kill-tally.mjs' */
/** @import { Content, ContentPool } from '../support/contents.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */
/** @import { ListedFile, ListPage, StageHttp } from '../support/stage-http.mjs' */
/** @import { StageFile } from '../support/stores.mjs' */

/**
 * @typedef {object} Leg
 * @property {StageHttp} http
 * @property {() => boolean} isStopped
 * @property {(begunAt: number) => boolean} mayBeCut
 * @property {(answer: Answer) => boolean} isLeftOpen
 */
/**
 * A file that is moved on and on. `target` is where it is on its way to.
 *
 * @typedef {object} Traveller
 * @property {number} id
 * @property {Content} content
 * @property {StageFile} place
 * @property {StageFile | undefined} target
 */

/** Names of files that travel begin with it. */
const JOURNEY = 'journey/';
const KIB = 1024;
const MIB = 1024 * KIB;
const SIZES = [0, 700, 90 * KIB, 3 * MIB, 20 * MIB];
/** Of the steps, those that copy the file and remove its old place, in place of a move. */
const COPIES = 0.25;
const CONDITIONAL = 0.5;
const ROOT = "'root'@'%'";

/** @param {string} name */
export function isOnJourney(name) {
  return name.startsWith(JOURNEY);
}

/** Files that are copied and moved within and between stages while servers are killed: each is always somewhere, whole. */
export class Journeys {
  #random;
  #stages;
  #tally;
  /** @type {Traveller[]} */
  #travellers;
  #steps = 0;

  /** @param {{ seed: number, pool: ContentPool, stages: readonly string[], tally: Tally }} options */
  constructor({ seed, pool, stages, tally }) {
    this.#random = new Random(seed, 'journeys');
    this.#stages = stages;
    this.#tally = tally;
    this.#travellers = SIZES.map((size, id) => ({
      id,
      content: pool.take(this.#random, size),
      place: { stage: this.#random.pick(stages), name: `${JOURNEY}${id}/0.bin` },
      target: undefined,
    }));
  }

  /** Names to which a file may have been on its way. */
  get tried() {
    return this.#travellers.flatMap(({ target }) => (target === undefined ? [] : [target]));
  }

  /** @param {StageHttp} http */
  async start(http) {
    for (const { place, content } of this.#travellers) {
      const { status } = await http.send(rawUpload({ ...place, content, framing: 'length', headers: {} }));
      if (status !== 201) throw new Error(`The file of a journey was not stored: ${status}`);
    }
  }

  /**
   * Moves the files on until it is stopped. A file whose answer did not come waits for the next inspection.
   * @param {Leg} leg
   */
  async run(leg) {
    await Promise.all(this.#travellers.map((traveller) => this.#travel(traveller, leg)));
  }

  /**
   * Looks for every file where it may be, and lets it go on from there.
   * @param {StageHttp} http
   */
  async inspect(http) {
    for (const traveller of this.#travellers) await this.#inspectOne(traveller, http);
  }

  /**
   * @param {Traveller} traveller
   * @param {Leg} leg
   */
  async #travel(traveller, leg) {
    while (!leg.isStopped() && traveller.target === undefined) {
      this.#steps += 1;
      const name = `${JOURNEY}${traveller.id}/${this.#random.pick(['', 'ä b/'])}${this.#steps}.bin`;
      traveller.target = { stage: this.#random.pick(this.#stages), name };
      const begunAt = performance.now();
      try {
        await this.#step(traveller, traveller.target, leg);
      } catch (error) {
        if (!leg.mayBeCut(begunAt)) this.#report('answer', traveller, messageOf(error));
      }
    }
  }

  /**
   * @param {Traveller} traveller
   * @param {StageFile} target
   * @param {Leg} leg
   */
  async #step(traveller, target, { http, isLeftOpen }) {
    const { place } = traveller;
    const copies = this.#random.chance(COPIES);
    const path = `/v1/stages/${target.stage}/${copies ? 'copy' : 'move'}`;
    const body = Buffer.from(JSON.stringify({ from_stage: place.stage, from: place.name, to: target.name }));
    const answer = await http.send({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/json',
        'content-length': String(body.length),
        ...(this.#random.chance(CONDITIONAL) ? { 'if-none-match': '*' } : {}),
      },
      pieces: [body],
    });
    if (answer.status !== 201) {
      const { status, headers, bytes } = answer;
      const isToComeAgain = status === 503 && headers['retry-after'] !== undefined;
      if (!isToComeAgain && !isLeftOpen(answer))
        this.#report('answer', traveller, `${status} ${bytes.toString()}`);
      return;
    }
    if (copies) {
      const file = place.name.split('/').map(encodeURIComponent).join('/');
      const removed = await http.json('DELETE', `/v1/stages/${place.stage}/files/${file}`);
      if (removed.status !== 200) return;
    }
    this.#tally.journeys += 1;
    traveller.place = target;
    traveller.target = undefined;
  }

  /**
   * @param {Traveller} traveller
   * @param {StageHttp} http
   */
  async #inspectOne(traveller, http) {
    const { place, target } = traveller;
    const found = await this.#find(traveller, http);
    const [first] = found;
    if (first === undefined) {
      this.#report('lost', traveller, 'it is nowhere');
      return;
    }
    for (const row of found) await this.#compare(traveller, row, http);
    const known = found.find((row) => isRecorded(row, traveller));
    // Its target is recorded before its old place goes: only of two may one be without a record.
    if (known === undefined) this.#report('md5', traveller, JSON.stringify(found));
    const kept = known ?? first;
    const isAllowed = [place, target].some((one) => isSame(one, kept));
    if (!isAllowed || (target === undefined && found.length > 1)) {
      this.#report('unexpected', traveller, `it is at ${found.map(({ name }) => name).join(' and ')}`);
    }
    for (const row of found) if (row !== kept) await remove(row, http);
    traveller.place = { stage: kept.stage, name: kept.name };
    traveller.target = undefined;
  }

  /**
   * @param {Traveller} traveller
   * @param {StageHttp} http
   */
  async #find({ id }, http) {
    /** @type {(ListedFile & StageFile)[]} */
    const found = [];
    for (const stage of this.#stages) {
      const query = new URLSearchParams({ prefix: `${JOURNEY}${id}/` });
      const { status, body } = await http.json('GET', `/v1/stages/${stage}/files?${query}`);
      if (status !== 200) throw new Error(`LIST: ${status} ${JSON.stringify(body)}`);
      const { files } = /** @type {ListPage} */ (body);
      found.push(...files.map((row) => ({ ...row, stage })));
    }
    return found;
  }

  /**
   * @param {Traveller} traveller
   * @param {StageFile} row
   * @param {StageHttp} http
   */
  async #compare(traveller, { stage, name }, http) {
    const bytes = await http.download(stage, name);
    if (bytes === null || !traveller.content.equals(bytes)) {
      this.#report('partial', traveller, `${stage}/${name} has ${bytes?.length ?? 'no'} bytes`);
    }
  }

  /**
   * @param {ViolationKind} kind
   * @param {Traveller} traveller
   * @param {string} text
   */
  #report(kind, { id, place, target }, text) {
    const on = target === undefined ? '' : ` on its way to ${target.stage}/${target.name}`;
    this.#tally.report(kind, `journey ${id}, last at ${place.stage}/${place.name}${on}: ${text}`);
  }
}

/**
 * @param {StageFile | undefined} one
 * @param {StageFile} other
 */
function isSame(one, other) {
  return one !== undefined && one.stage === other.stage && one.name === other.name;
}

/**
 * @param {ListedFile} row
 * @param {Traveller} traveller
 */
function isRecorded({ md5, creator }, { content }) {
  return md5 === digest('md5', content.bytes, 'hex') && creator === ROOT;
}

/**
 * @param {StageFile} file
 * @param {StageHttp} http
 */
async function remove({ stage, name }, http) {
  const file = name.split('/').map(encodeURIComponent).join('/');
  const { status } = await http.json('DELETE', `/v1/stages/${stage}/files/${file}`);
  if (status !== 200) throw new Error(`DELETE ${name}: ${status}`);
}
