export type FileFormatValue = string | number | boolean | readonly string[];

export interface FileFormatOption {
  /** As it is written. */
  readonly name: string;
  /** As it is kept and shown: Databend shows `skip_header` as `headers`. */
  readonly shownAs: string;
  readonly fallback: FileFormatValue;
  /** The value as it is kept; undefined for one that this option cannot have. */
  readonly read: (value: FileFormatValue) => FileFormatValue | undefined;
  /** A sentence that says which values it can have. */
  readonly expectation: string;
}

export function text(
  name: string,
  fallback: string,
  { isValid, expectation }: { readonly isValid: (value: string) => boolean; readonly expectation: string },
): FileFormatOption {
  const read = (value: FileFormatValue): string | undefined => {
    const written = textOf(value);
    return written !== undefined && isValid(written) ? written : undefined;
  };
  return { name, shownAs: name, fallback, read, expectation };
}

/** Some text, and no other: in just this case. */
export function oneOf(name: string, fallback: string, choices: readonly string[]): FileFormatOption {
  const expectation = `The valid values are ${choices.map((choice) => JSON.stringify(choice)).join(', ')}.`;
  return text(name, fallback, { isValid: (value) => choices.includes(value), expectation });
}

/** A word in any case. @param words as they are written, with what is kept of each. */
export function word(
  name: string,
  fallback: string,
  words: Readonly<Record<string, string>>,
): FileFormatOption {
  const kept = new Map(Object.entries(words));
  const expectation = `The valid values are ${[...kept.keys()].join(' | ').toUpperCase()}.`;
  const read = (value: FileFormatValue): string | undefined => kept.get(textOf(value)?.toLowerCase() ?? '');
  return { name, shownAs: name, fallback, read, expectation };
}

export function flag(name: string, fallback: boolean): FileFormatOption {
  const values = new Map([
    ['true', true],
    ['false', false],
  ]);
  const read = (value: FileFormatValue): boolean | undefined =>
    values.get(textOf(value)?.toLowerCase() ?? '');
  return { name, shownAs: name, fallback, read, expectation: 'The valid values are TRUE | FALSE.' };
}

/** Lines at the start of a file that hold no data. */
export function skippedHeader(): FileFormatOption {
  const read = (value: FileFormatValue): number | undefined => {
    const written = textOf(value) ?? '';
    return /^\d{1,15}$/.test(written) ? Number(written) : undefined;
  };
  return {
    name: 'skip_header',
    shownAs: 'headers',
    fallback: 0,
    read,
    expectation: 'Expecting a whole number.',
  };
}

export function texts(name: string): FileFormatOption {
  const read = (value: FileFormatValue): readonly string[] | undefined =>
    typeof value === 'object' ? value : undefined;
  return {
    name,
    shownAs: name,
    fallback: [],
    read,
    expectation: 'The valid values are a list of strings.',
  };
}

function textOf(value: FileFormatValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}
