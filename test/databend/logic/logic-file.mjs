/*
 * The format of Databend's logic tests, as the crate sqllogictest 0.28 reads it: records, separated by empty lines.
 */

/** @typedef {'nosort' | 'rowsort' | 'valuesort'} SortMode */
/**
 * What a record expects: success, an error whose text matches, or rows, each as one line.
 * @typedef {{ kind: 'ok' } | { kind: 'error', pattern: string } | { kind: 'rows', types: string, sort: SortMode, rows: string[] }} Expectation
 */
/** @typedef {{ file: string, line: number, connection: string, sql: string, expectation: Expectation }} LogicRecord */
/** @typedef {(file: string) => string} ReadFile */
/** @typedef {{ text: string, number: number }} Line */

const DEFAULT_CONNECTION = 'default';
const DELIMITER = '----';
/** Databend's own runner over HTTP has this label alone, in `onlyif` and `skipif`. */
const LABELS = new Set(['http']);
/** @type {ReadonlySet<string>} */
const SORT_MODES = new Set(['nosort', 'rowsort', 'valuesort']);

/**
 * The records that are to run, in their order, those of included files among them.
 *
 * @param {string} file
 * @param {ReadFile} readFile
 * @returns {LogicRecord[]}
 */
export function readLogicFile(file, readFile) {
  return new LogicFile(file, readFile).records();
}

class LogicFile {
  /** @type {LogicRecord[]} */
  #records = [];
  /** @type {SortMode} */
  #sort = 'nosort';
  /** The next record is not for this runner. */
  #isSkipped = false;
  #connection = DEFAULT_CONNECTION;
  #next = 0;

  /**
   * @param {string} file
   * @param {ReadFile} readFile
   */
  constructor(file, readFile) {
    this.file = file;
    this.readFile = readFile;
    this.lines = readFile(file).split(/\r?\n/);
  }

  records() {
    for (let line = this.#take(); line !== undefined; line = this.#take()) {
      if (line.text.startsWith('#')) continue;
      const [word, ...words] = line.text.split(/\s+/).filter(Boolean);
      if (word === 'halt') break;
      if (word !== undefined) this.#read(line, word, words);
    }
    return this.#records;
  }

  /**
   * @param {Line} line
   * @param {string} word
   * @param {string[]} words
   */
  #read(line, word, words) {
    const [first = '', second = ''] = words;
    if (word === 'statement') this.#statement(line, words);
    else if (word === 'query') this.#query(line, words);
    else if (word === 'onlyif') this.#isSkipped ||= !LABELS.has(first);
    else if (word === 'skipif') this.#isSkipped ||= LABELS.has(first);
    else if (word === 'connection') this.#connection = first;
    else if (word === 'include') this.#include(first);
    else if (word === 'control' && first === 'sortmode' && isSortMode(second)) this.#sort = second;
    else if (word !== 'subtest') this.#fail(line);
  }

  /**
   * @param {Line} line
   * @param {string[]} words
   */
  #statement(line, [expected, ...words]) {
    const { sql, hasResult } = this.#sql(line);
    if (hasResult || words.includes('retry')) this.#fail(line);
    if (expected === 'ok') this.#add(line, sql, { kind: 'ok' });
    else if (expected === 'error') this.#add(line, sql, { kind: 'error', pattern: words.join(' ') });
    else this.#fail(line);
  }

  /**
   * @param {Line} line
   * @param {string[]} words
   */
  #query(line, [types = '', ...words]) {
    const { sql, hasResult } = this.#sql(line);
    if (words.includes('retry') || (types === 'error' && hasResult)) this.#fail(line);
    if (types === 'error') {
      this.#add(line, sql, { kind: 'error', pattern: words.join(' ') });
      return;
    }
    const [sort = ''] = words;
    const rows = hasResult ? this.#untilEmptyLine() : [];
    this.#add(line, sql, { kind: 'rows', types, sort: isSortMode(sort) ? sort : this.#sort, rows });
  }

  /** @param {string} name */
  #include(name) {
    const folder = this.file.slice(0, this.file.lastIndexOf('/') + 1);
    this.#records.push(...readLogicFile(`${folder}${name.replace(/^\.\//, '')}`, this.readFile));
  }

  /**
   * A condition and a connection are those of one record.
   *
   * @param {Line} line
   * @param {string} sql
   * @param {Expectation} expectation
   */
  #add({ number }, sql, expectation) {
    const record = { file: this.file, line: number, connection: this.#connection, sql, expectation };
    if (!this.#isSkipped) this.#records.push(record);
    this.#isSkipped = false;
    this.#connection = DEFAULT_CONNECTION;
  }

  /**
   * The statement of a record, which ends at an empty line or before its rows.
   *
   * @param {Line} line
   */
  #sql(line) {
    const lines = [];
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      if (next.text === DELIMITER) return { sql: lines.join('\n'), hasResult: true };
      if (next.text === '') break;
      lines.push(next.text);
    }
    if (lines.length === 0) this.#fail(line);
    return { sql: lines.join('\n'), hasResult: false };
  }

  #untilEmptyLine() {
    const lines = [];
    for (let line = this.#take(); line !== undefined && line.text !== ''; line = this.#take()) {
      lines.push(line.text);
    }
    return lines;
  }

  /** @returns {Line | undefined} */
  #take() {
    const text = this.lines[this.#next];
    return text === undefined ? undefined : { text, number: ++this.#next };
  }

  /**
   * @param {Line} line
   * @returns {never}
   */
  #fail({ text, number }) {
    throw new Error(`${this.file}:${number}: this runner does not know: ${text}`);
  }
}

/**
 * @param {string} word
 * @returns {word is SortMode}
 */
function isSortMode(word) {
  return SORT_MODES.has(word);
}
