import { CORPUS, FRAGMENTS } from './sql-corpus.mjs';

const MAX_MUTATIONS = 6;
const MAX_REPEATS = 400;
const MAX_EXPRESSION_DEPTH = 6;

/**
 * Numbers that are the same for the same seed (mulberry32).
 * @param {number} seed
 */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class SqlGenerator {
  #random;

  /** @param {number} seed */
  constructor(seed) {
    this.#random = randomNumbers(seed);
  }

  next() {
    const kind = this.#random();
    if (kind < 0.1) return this.#soup();
    let sql = kind < 0.3 ? this.#select() : this.#pick(CORPUS);
    for (let left = this.#below(MAX_MUTATIONS + 1); left > 0; left--) sql = this.#mutate(sql);
    return sql;
  }

  /** @param {number} limit */
  #below(limit) {
    return Math.floor(this.#random() * limit);
  }

  /**
   * @template Value
   * @param {readonly Value[]} list that is not empty
   */
  #pick(list) {
    return /** @type {Value} */ (list[this.#below(list.length)]);
  }

  #soup() {
    const pieces = Array.from({ length: this.#below(40) }, () => this.#pick(FRAGMENTS));
    return pieces.join(this.#pick(['', ' ', ' ']));
  }

  /** @returns {string} */
  #select() {
    const expression = this.#expression(this.#below(MAX_EXPRESSION_DEPTH));
    const from = this.#pick([
      '',
      " FROM list_stage(location => '@s')",
      ' FROM system.tables',
      ' FROM system.stages',
      ' FROM t',
    ]);
    const group = this.#pick(['', '', ` GROUP BY ${this.#expression(1)} HAVING ${this.#expression(2)}`]);
    const where = this.#pick(['', ` WHERE ${this.#expression(this.#below(MAX_EXPRESSION_DEPTH))}`]);
    return `SELECT ${expression}${from}${where}${group}`;
  }

  /**
   * @param {number} depth
   * @returns {string}
   */
  #expression(depth) {
    if (depth <= 0)
      return this.#pick(['1', "'a'", 'name', 'size', 'NULL', 'version()', '-2.5', '"x"', 'f.name']);
    const inner = () => this.#expression(depth - 1 - this.#below(2));
    return this.#pick([
      () => `(${inner()})`,
      () => `NOT ${inner()}`,
      () => `- ${inner()}`,
      () => `${inner()} ${this.#pick(['=', '<>', '<', 'LIKE', 'NOT LIKE', 'REGEXP'])} ${inner()}`,
      () => `${inner()} ${this.#pick(['AND', 'OR', '+', '||', '*'])} ${inner()}`,
      () => `${inner()} ${this.#pick(['IN', 'NOT IN'])} (${inner()}, ${inner()})`,
      () => `${inner()} BETWEEN ${inner()} AND ${inner()}`,
      () => `${inner()} IS ${this.#pick(['', 'NOT '])}NULL`,
      () => `${this.#pick(['lower', 'sum', 'count', 'max'])}(${inner()})`,
      () => `right(${inner()}, ${inner()})`,
      () => `${inner()}${this.#pick([':a', ":'b'", '[0]', "['c']", ':a.b'])}`,
      () => `CAST(${inner()} AS varchar)`,
    ])();
  }

  /** @param {string} sql */
  #mutate(sql) {
    const at = this.#below(sql.length + 1);
    const to = Math.min(sql.length, at + this.#below(12));
    return this.#pick([
      () => sql.slice(0, at) + this.#pick(FRAGMENTS) + sql.slice(at),
      () => `${sql.slice(0, at)} ${this.#pick(FRAGMENTS)} ${sql.slice(at)}`,
      () => sql.slice(0, at) + this.#pick(FRAGMENTS) + sql.slice(to),
      () => sql.slice(0, at) + sql.slice(to),
      () => sql.slice(0, at),
      () => sql.slice(at),
      () => sql.slice(0, at) + sql.slice(at, to).repeat(this.#below(4)) + sql.slice(to),
      () => sql.slice(0, at) + this.#pick(CORPUS).slice(this.#below(40)),
      () => sql.slice(0, at) + String.fromCharCode(this.#below(0x10000)) + sql.slice(at),
      () => sql.slice(0, at) + this.#swapCase(sql.slice(at, to)) + sql.slice(to),
      () => this.#repeat(sql, at),
    ])();
  }

  /** @param {string} text */
  #swapCase(text) {
    return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
  }

  /**
   * Seldom, since it makes statements long.
   * @param {string} sql
   * @param {number} at
   */
  #repeat(sql, at) {
    if (this.#random() < 0.9) return sql;
    const fragment = `${this.#pick(FRAGMENTS)}${this.#pick(['', ' '])}`;
    return sql.slice(0, at) + fragment.repeat(this.#below(MAX_REPEATS)) + sql.slice(at);
  }
}

/**
 * Statements without end, whole and broken ones; the same for the same seed.
 * @param {number} seed
 * @returns {Generator<string, never>}
 */
export function* statements(seed) {
  const generator = new SqlGenerator(seed);
  for (;;) yield generator.next();
}
