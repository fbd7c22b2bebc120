/**
 * What every file may hold, by what the clients were told.
 *
 * The writes of a file are `{ content, label, state, started, ended, isRefused }`, with `state` 'open' until an answer has
 * come: then 'acknowledged' or 'refused'. A write that stays open may have taken effect at any time, or never.
 */
export class Ledger {
  #files = new Map();
  #now = 0;

  file(stage, name) {
    return this.#files.get(`${stage}/${name}`);
  }

  files() {
    return [...this.#files.values()];
  }

  begin({ stage, files, label, isRefused }) {
    for (const { name, content } of files) {
      const write = { content, label, isRefused, state: 'open', started: this.#tick(), ended: Infinity };
      this.#fileOf(stage, name).writes.push(write);
    }
  }

  /** The answer to an upload has come: `isStored(name)` says for each of its files what it means. */
  end({ stage, files, label }, isStored) {
    for (const { name } of files) {
      const write = this.file(stage, name).writes.find((one) => one.label === label);
      write.state = isStored(name) ? 'acknowledged' : 'refused';
      write.ended = this.#tick();
    }
  }

  /** A file holds this now, and no earlier write can come back. `write` is null where there is no file. */
  settle({ stage, name }, write) {
    if (write === null) this.#files.delete(`${stage}/${name}`);
    else this.#files.set(`${stage}/${name}`, { stage, name, settled: write, writes: [] });
  }

  forget(stage, prefix) {
    for (const file of this.files()) {
      if (file.stage === stage && file.name.startsWith(prefix)) this.settle(file, null);
    }
  }

  /** Whether the file was surely there when the upload of this label began. */
  wasThereBefore({ stage, files: [{ name }], label }) {
    const file = this.file(stage, name);
    const { started } = file.writes.find((write) => write.label === label);
    const isBefore = ({ state, ended }) => state === 'acknowledged' && ended < started;
    return file.settled !== null || file.writes.some(isBefore);
  }

  #fileOf(stage, name) {
    const key = `${stage}/${name}`;
    if (!this.#files.has(key)) this.#files.set(key, { stage, name, settled: null, writes: [] });
    return this.#files.get(key);
  }

  #tick() {
    this.#now += 1;
    return this.#now;
  }
}

/** The writes of which one must be what a reader sees: none that an acknowledged one has replaced since. */
export function possibleWrites({ settled, writes }) {
  const isReplaced = ({ ended }) =>
    writes.some(({ state, started }) => state === 'acknowledged' && started > ended);
  const possible = writes.filter((write) => mayShow(write) && !isReplaced(write));
  return settled === null || isReplaced({ ended: 0 }) ? possible : [settled, ...possible];
}

export function mayBeAbsent({ settled, writes }) {
  return settled === null && !writes.some(({ state }) => state === 'acknowledged');
}

function mayShow({ state, isRefused }) {
  return state === 'acknowledged' || (state === 'open' && !isRefused);
}
