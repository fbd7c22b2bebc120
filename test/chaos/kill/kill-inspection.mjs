import { setTimeout as delay } from 'node:timers/promises';

import { isOnJourney } from './kill-journeys.mjs';
import { mayBeAbsent, possibleWrites } from './kill-ledger.mjs';

/** @import { FileRecord, KnownContent, Ledger, Settled } from './kill-ledger.mjs' */
/** @import { Journeys } from './kill-journeys.mjs' */
/** @import { Tally, ViolationKind } from './kill-tally.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { ListedFile, StageHttp } from '../support/stage-http.mjs' */
/** @import { KnownFiles, Store } from '../support/stores.mjs' */

/** @typedef {ListedFile & { stage: string }} Row */
/**
 * @typedef {object} InspectionContext
 * @property {StageHttp} http
 * @property {Store} store
 * @property {Ledger} ledger
 * @property {Journeys} journeys
 * @property {Tally} tally
 * @property {Random} random
 * @property {boolean} md5
 * @property {number} records so many acknowledged uploads are asked for
 * @property {number} sweepMs so long leftovers may stay: other servers sweep now and then
 * @property {Set<string>} leftovers those told of before
 */
/** @typedef {{ all?: boolean }} Extent */

const DOWNLOADS_AT_ONCE = 8;
const SAMPLE = 5;
const SWEEP_POLL_MS = 250;
const LATE_MS = 3000;
const MD5 = /^[0-9a-f]{32}$/;

/** Compares a server that has just come up with the ledger, and settles the ledger on what is there. */
export class Inspection {
  #context;

  /** @param {InspectionContext} context */
  constructor(context) {
    this.#context = context;
  }

  /**
   * Downloads every file that was written to since the last time, and a few or `all` of the others.
   * @param {Extent} [extent]
   */
  async run({ all = false } = {}) {
    const { store, ledger, leftovers, journeys, http } = this.#context;
    const tried = [...ledger.files().filter(({ writes }) => writes.length > 0), ...journeys.tried];
    /** @type {Row[]} */
    const listed = [];
    for (const { name } of store.stages) listed.push(...(await this.#list(name)));
    const found = await this.#leftoversAfterSweep({ listed, tried });
    for (const row of listed) {
      if (isOnJourney(row.name) || ledger.file(row.stage, row.name) !== undefined) continue;
      this.#report('unexpected', `${row.stage}/${row.name} is listed, and nobody has uploaded it`);
    }
    const rows = new Map(listed.map((row) => [`${row.stage}/${row.name}`, row]));
    await this.#inspectFiles(rows, all);
    await journeys.inspect(http);
    await this.#records();
    const unheard = found.filter((leftover) => !leftovers.has(leftover));
    if (unheard.length > 0) await this.#leftovers(unheard, { listed, tried });
  }

  /** @param {KnownFiles} files */
  async #leftoversAfterSweep(files) {
    const { store, sweepMs } = this.#context;
    const deadline = performance.now() + sweepMs;
    for (;;) {
      const found = await store.leftovers(files);
      if (found.length === 0 || performance.now() >= deadline) return found;
      await delay(SWEEP_POLL_MS);
    }
  }

  /** @param {string} stage */
  async #list(stage) {
    const rows = await this.#context.http.list(stage);
    return rows.map((row) => ({ ...row, stage }));
  }

  /**
   * @param {ReadonlyMap<string, Row>} rows
   * @param {boolean} all
   */
  async #inspectFiles(rows, all) {
    const { ledger, random } = this.#context;
    const left = ledger.files().reverse();
    const share = SAMPLE / left.length;
    const inspectNext = async () => {
      for (let file = left.pop(); file !== undefined; file = left.pop()) {
        const row = rows.get(`${file.stage}/${file.name}`);
        const isWanted = all || file.writes.length > 0 || random.chance(share);
        if (row === undefined) this.#absent(file);
        else if (isWanted || file.settled === null) await this.#downloaded(file, row);
        else this.#listedAs(file, row, file.settled);
      }
    };
    await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, inspectNext));
  }

  /** @param {FileRecord} file */
  #absent(file) {
    if (!mayBeAbsent(file)) this.#report('lost', `${placeOf(file)} is not there: ${historyOf(file)}`);
    this.#context.ledger.settle(file, null);
  }

  /**
   * @param {FileRecord} file
   * @param {Row} row
   */
  async #downloaded(file, row) {
    const { http, ledger } = this.#context;
    const bytes = await http.download(file.stage, file.name);
    if (bytes === null) {
      this.#report('lost', `${placeOf(file)} is listed and cannot be downloaded: ${historyOf(file)}`);
      ledger.settle(file, null);
      return;
    }
    const same = possibleWrites(file).filter(({ content }) => content.equals(bytes));
    // Of two that are equal, as empty ones are, nobody can tell which it is: the one of which less was promised.
    const write = same.find(({ state }) => state !== 'acknowledged') ?? same[0];
    if (write === undefined) this.#wrongContent(file, bytes);
    else this.#listedAs(file, row, write);
    ledger.settle(file, write ?? { content: contentOf(bytes), state: 'open', label: 'what was found' });
  }

  /**
   * @param {FileRecord} file
   * @param {Buffer} bytes
   */
  #wrongContent(file, bytes) {
    const known = [...file.writes, ...(file.settled === null ? [] : [file.settled])];
    const whole = known.find(({ content }) => content.equals(bytes));
    const cut = known.find(({ content }) => content.isCutTo(bytes));
    const what = whole ?? cut;
    const found = what === undefined ? 'of no upload, or of several' : `those of ${what.label}`;
    const isOfRefused = whole !== undefined && 'isRefused' in whole && whole.isRefused;
    const kind = whole === undefined ? 'partial' : isOfRefused ? 'unexpected' : 'lost';
    const beginning = cut === undefined || whole !== undefined ? '' : ', cut short';
    const text = `${placeOf(file)} holds ${bytes.length} bytes, ${found}${beginning}: ${historyOf(file)}`;
    this.#report(kind, text);
  }

  /**
   * @param {FileRecord} file
   * @param {Row} row
   * @param {Settled} write
   */
  #listedAs(file, row, { content, state, label }) {
    const place = `${placeOf(file)} of ${label}`;
    if (row.size !== content.size) {
      this.#report('partial', `${place} is listed with ${row.size} bytes instead of ${content.size}`);
    }
    if (!this.#context.md5) return;
    // Of a file whose upload nobody heard the end of, the store's own word will do.
    const isRight = row.md5 === content.md5 || (state !== 'acknowledged' && !MD5.test(row.md5 ?? ''));
    if (!isRight) this.#report('md5', `${place} is listed with md5 ${row.md5} instead of ${content.md5}`);
    if (state === 'acknowledged' && typeof row.creator !== 'string') {
      this.#report('md5', `${place} is listed with creator ${row.creator}`);
    }
  }

  /** An acknowledged upload is remembered as one that succeeded. */
  async #records() {
    const { http, tally, records } = this.#context;
    const ids = tally.uploadIds.splice(0);
    for (const id of ids.slice(Math.max(0, ids.length - records))) {
      const { status, body } = await http.json('GET', `/v1/uploads/${id}`);
      if (status === 200 && body?.state === 'SUCCESS') continue;
      this.#report('record', `upload ${id} was acknowledged, and is now ${status} ${JSON.stringify(body)}`);
    }
  }

  /**
   * @param {readonly string[]} found
   * @param {KnownFiles} files
   */
  async #leftovers(found, files) {
    await delay(LATE_MS);
    const late = new Set(await this.#context.store.leftovers(files));
    for (const leftover of found) {
      this.#context.leftovers.add(leftover);
      const stays = late.has(leftover);
      if (stays) this.#context.tally.staying += 1;
      this.#report('leftover', `${leftover}, ${stays ? 'still there' : 'gone'} ${LATE_MS / 1000} s later`);
    }
  }

  /**
   * @param {ViolationKind} kind
   * @param {string} text
   */
  #report(kind, text) {
    this.#context.tally.report(kind, text);
  }
}

/**
 * @param {Buffer} bytes
 * @returns {KnownContent}
 */
function contentOf(bytes) {
  return { size: bytes.length, md5: null, equals: (other) => bytes.equals(other), isCutTo: () => false };
}

/** @param {FileRecord} file */
function placeOf({ stage, name }) {
  return `${stage}/${name}`;
}

/** @param {FileRecord} file */
function historyOf({ settled, writes }) {
  const before = settled === null ? [] : [`${settled.label} (${settled.content.size} bytes, settled)`];
  const tries = writes.map(
    ({ label, content, state, started, ended }) =>
      `${label} (${content.size} bytes, ${state}, ${started} to ${ended})`,
  );
  return [...before, ...tries].join('; ');
}
