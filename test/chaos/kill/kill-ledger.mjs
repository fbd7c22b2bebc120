/** @import { Content } from '../support/contents.mjs' */

/** @typedef {Pick<Content, 'size' | 'equals' | 'isCutTo'> & { md5: string | null }} KnownContent */
/**
 * A write of a file, `open` until an answer has come. One that stays open may have taken effect at any time, or never.
 *
 * @typedef {object} Write
 * @property {KnownContent} content
 * @property {string} label
 * @property {'open' | 'acknowledged' | 'refused'} state
 * @property {number} started
 * @property {number} ended
 * @property {boolean} isRefused
 */
/**
 * What a file holds, where nobody else can have written.
 *
 * @typedef {Write | Pick<Write, 'content' | 'label' | 'state'>} Settled
 */
/** @typedef {{ stage: string, name: string, settled: Settled | null, writes: Write[] }} FileRecord */
/** @typedef {{ name: string, content: Content }} UploadedFile */
/** @typedef {{ stage: string, files: readonly [UploadedFile, ...UploadedFile[]], label: string, isRefused: boolean }} LabelledUpload */

/** What every file may hold, by what the clients were told. */
export class Ledger {
  /** @type {Map<string, FileRecord>} */
  #files = new Map();
  #now = 0;

  /**
   * @param {string} stage
   * @param {string} name
   */
  file(stage, name) {
    return this.#files.get(`${stage}/${name}`);
  }

  files() {
    return [...this.#files.values()];
  }

  /** @param {LabelledUpload} upload */
  begin({ stage, files, label, isRefused }) {
    for (const { name, content } of files) {
      /** @type {Write} */
      const write = { content, label, isRefused, state: 'open', started: this.#tick(), ended: Infinity };
      this.#fileOf(stage, name).writes.push(write);
    }
  }

  /**
   * The answer to an upload has come: `isStored(name)` says for each of its files what it means.
   *
   * @param {LabelledUpload} upload
   * @param {(name: string) => boolean} isStored
   */
  end({ stage, files, label }, isStored) {
    for (const { name } of files) {
      const write = this.#writeOf({ stage, name, label });
      write.state = isStored(name) ? 'acknowledged' : 'refused';
      write.ended = this.#tick();
    }
  }

  /**
   * A file holds this now, and no earlier write can come back. `write` is null where there is no file.
   *
   * @param {Pick<FileRecord, 'stage' | 'name'>} file
   * @param {Settled | null} write
   */
  settle({ stage, name }, write) {
    if (write === null) this.#files.delete(`${stage}/${name}`);
    else this.#files.set(`${stage}/${name}`, { stage, name, settled: write, writes: [] });
  }

  /**
   * @param {string} stage
   * @param {string} prefix
   */
  forget(stage, prefix) {
    for (const file of this.files()) {
      if (file.stage === stage && file.name.startsWith(prefix)) this.settle(file, null);
    }
  }

  /**
   * Whether the file was surely there when the upload of this label began.
   * @param {LabelledUpload} upload
   */
  wasThereBefore({ stage, files: [{ name }], label }) {
    const file = this.#fileOf(stage, name);
    const { started } = this.#writeOf({ stage, name, label });
    /** @param {Write} write */
    const isBefore = ({ state, ended }) => state === 'acknowledged' && ended < started;
    return file.settled !== null || file.writes.some(isBefore);
  }

  /**
   * @param {string} stage
   * @param {string} name
   */
  #fileOf(stage, name) {
    const key = `${stage}/${name}`;
    const file = this.#files.get(key) ?? { stage, name, settled: null, writes: [] };
    this.#files.set(key, file);
    return file;
  }

  /** @param {{ stage: string, name: string, label: string }} upload */
  #writeOf({ stage, name, label }) {
    const write = this.#fileOf(stage, name).writes.find((one) => one.label === label);
    if (write === undefined) throw new Error(`${label} has not begun`);
    return write;
  }

  #tick() {
    this.#now += 1;
    return this.#now;
  }
}

/**
 * The writes of which one must be what a reader sees: none that an acknowledged one has replaced since.
 * @param {FileRecord} file
 * @returns {Settled[]}
 */
export function possibleWrites({ settled, writes }) {
  /** @param {{ ended: number }} write */
  const isReplaced = ({ ended }) =>
    writes.some(({ state, started }) => state === 'acknowledged' && started > ended);
  const possible = writes.filter((write) => mayShow(write) && !isReplaced(write));
  return settled === null || isReplaced({ ended: 0 }) ? possible : [settled, ...possible];
}

/** @param {FileRecord} file */
export function mayBeAbsent({ settled, writes }) {
  return settled === null && !writes.some(({ state }) => state === 'acknowledged');
}

/** @param {Write} write */
function mayShow({ state, isRefused }) {
  return state === 'acknowledged' || (state === 'open' && !isRefused);
}
