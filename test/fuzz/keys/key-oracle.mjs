/** What somebody else has written, and which of it a name means. Names are byte strings, as `snapshot` of a fixture has them. */
export class KeyOracle {
  /** Of each name its content. */
  before;
  /** Of each name that is a file: how a listing shows it. */
  #shown;
  #files;

  /**
   * @param {ReadonlyMap<string, string>} before
   * @param {readonly string[]} shown of a listing of all, in its order.
   */
  constructor(before, shown) {
    this.before = before;
    const files = [...before.keys()].filter((name) => this.#isFile(name)).sort();
    // Of a listing that is not complete only those are known that are shown by their own text.
    const isWhole = shown.length === files.length;
    const known = files.map((name, index) => pairOf(name, isWhole ? shown[index] : undefined));
    this.#shown = new Map(known.filter(([name]) => isWhole || isUtf8(name)));
    this.#files = files;
  }

  /**
   * What is wrong with that listing.
   *
   * @param {readonly string[]} shown
   */
  complaints(shown) {
    const files = this.#files;
    if (shown.length !== files.length) {
      return [`unreached: a listing shows ${shown.length} of ${files.length} files`];
    }
    const wrong = files.filter((name) => hasPlainText(name) && textOf(name) !== this.#shown.get(name));
    const alike = shown.filter((name, index) => shown.indexOf(name) !== index);
    return [
      ...wrong.map(
        (name) => `another: ${quoted(textOf(name))} is listed as ${quoted(this.#shown.get(name))}`,
      ),
      ...alike.map((name) => `another: two files are listed as ${quoted(name)}`),
    ];
  }

  /**
   * How the listing shows what has these bytes, or how it would.
   *
   * @param {string} name
   */
  textFor(name) {
    return this.#shown.get(name) ?? textOf(name);
  }

  /**
   * The only object that a listing shows, or would show, under this name.
   *
   * @param {string} text
   */
  meaning(text) {
    const plain = Buffer.from(text).toString('latin1');
    if (this.before.has(plain) && this.textFor(plain) === text) return plain;
    const [name] = [...this.#shown].find(([, shown]) => shown === text) ?? [];
    return name;
  }

  /**
   * Everything whose shown name begins so, the markers of directories among it.
   *
   * @param {string} prefix
   */
  below(prefix) {
    return this.#inside().filter((name) => this.textFor(name).startsWith(prefix));
  }

  /** @param {string} text */
  named(text) {
    return this.#inside().filter((name) => this.textFor(name) === text);
  }

  /**
   * Without content and with a slash at its end, it is the marker of a directory, which no listing shows.
   *
   * @param {string} name
   */
  isMarker(name) {
    return this.before.get(name) === '' && name.endsWith('/');
  }

  #inside() {
    return [...this.before.keys()].filter((name) => !isOutside(name));
  }

  /** @param {string} name */
  #isFile(name) {
    return !isOutside(name) && !this.isMarker(name);
  }

  /**
   * What a request has done that it may not.
   *
   * @param {ReadonlyMap<string, string>} after
   * @param {{ mayGo: readonly string[], mustGo: readonly string[] }} expected names that may be removed by it, and those that must.
   */
  changes(after, { mayGo, mustGo }) {
    /** @type {string[]} */
    const problems = [];
    for (const [name, content] of this.before) {
      const isThere = after.has(name);
      if (isThere && after.get(name) !== content) problems.push(`another: ${shownBytes(name)} is changed`);
      if (!isThere && !mayGo.includes(name)) problems.push(`another: ${shownBytes(name)} is removed`);
      if (isThere && mustGo.includes(name)) problems.push(`unreached: ${shownBytes(name)} is still there`);
    }
    for (const name of after.keys())
      if (!this.before.has(name)) problems.push(`another: ${shownBytes(name)} is made`);
    return problems;
  }
}

/**
 * @param {string} name
 * @param {string | undefined} shown
 * @returns {[name: string, shown: string]}
 */
function pairOf(name, shown) {
  return [name, shown ?? textOf(name)];
}

/**
 * Only such names may be refused though they are there: on some store they would lead elsewhere.
 * @param {string} text
 */
export function mayBeRefused(text) {
  return text === '' || text.includes('\0') || text.split('/').some((part) => part === '.' || part === '..');
}

/**
 * What a stock client that doubles slashes may mean.
 * @param {string} text
 */
export function collapsed(text) {
  return text.replace(/\/{2,}/g, '/').replace(/^\//, '');
}

/** @param {string} name */
export function isUtf8(name) {
  return Buffer.from(textOf(name)).equals(Buffer.from(name, 'latin1'));
}

/**
 * A listing must show it as its own text; a noncharacter may be how it spells what is no text.
 * @param {string} name
 */
export function hasPlainText(name) {
  return isUtf8(name) && !/[\ufdd0-\ufdef]/.test(textOf(name));
}

/** @param {string | undefined} text */
export function quoted(text) {
  const shown = JSON.stringify(text ?? null);
  return shown.length > 120 ? `${shown.slice(0, 100)}… (${text?.length})` : shown;
}

/** @param {string} name */
function shownBytes(name) {
  return isUtf8(name) ? quoted(textOf(name)) : `the bytes ${quoted(name)}`;
}

/** @param {string} name */
function textOf(name) {
  return Buffer.from(name, 'latin1').toString();
}

/** @param {string} name */
function isOutside(name) {
  return name.startsWith('outside of the stage: ');
}
