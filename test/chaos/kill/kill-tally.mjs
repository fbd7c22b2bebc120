/** @typedef {keyof typeof KINDS} ViolationKind */

/** What counts as a violation, and how the summary calls it. */
const KINDS = {
  lost: 'acknowledged lost',
  partial: 'partial visible',
  unexpected: 'unexpected visible',
  leftover: 'left over after boot',
  md5: 'wrong md5 or creator in LIST',
  record: 'acknowledged without a record',
  answer: 'wrong answers',
};
const MOST_PRINTED_OF_A_KIND = 10;

/** The figures of a run over one kind of storage. */
export class Tally {
  /** Of servers. */
  kills = 0;
  databaseKills = 0;
  begun = 0;
  acknowledged = 0;
  refused = 0;
  /** Copies and moves that were acknowledged. */
  journeys = 0;
  /** Uploads whose answer leaves open what became of them. */
  unknown = 0;
  /** Leftovers that were still there after a while. */
  staying = 0;
  /**
   * Of the uploads that were acknowledged since the last inspection.
   *
   * @type {string[]}
   */
  uploadIds = [];
  /** @type {{ kind: ViolationKind, text: string }[]} */
  violations = [];
  #print;
  #step = '';

  /** @param {(line: string) => void} print */
  constructor(print) {
    this.#print = print;
  }

  /**
   * Where the run is, to repeat what is reported from now on.
   * @param {string} step
   */
  at(step) {
    this.#step = step;
  }

  /**
   * @param {ViolationKind} kind
   * @param {string} text
   */
  report(kind, text) {
    this.violations.push({ kind, text: `${this.#step}: ${text}` });
    if (this.count(kind) <= MOST_PRINTED_OF_A_KIND) this.#print(`  ${KINDS[kind]}: ${this.#step}: ${text}`);
  }

  /** @param {string} kind */
  count(kind) {
    return this.violations.filter((violation) => violation.kind === kind).length;
  }

  lines() {
    const figures = [
      `${this.kills} kills`,
      `${this.begun} uploads begun, ${this.acknowledged} acknowledged, ${this.refused} refused as they should be`,
      `${this.journeys} copies and moves acknowledged`,
      ...Object.entries(KINDS).map(([kind, name]) => `${this.count(kind)} ${name}`),
    ];
    if (this.databaseKills > 0) figures.splice(1, 0, `${this.databaseKills} kills of the database`);
    if (this.unknown > 0) figures.push(`${this.unknown} answers of 502 or 503 that leave an upload open`);
    if (this.staying > 0) figures.push(`${this.staying} of what was left over stayed`);
    return figures;
  }
}
