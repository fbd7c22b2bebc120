export type FileFormatValue = string | number | boolean | readonly string[];

export interface FileFormatOption {
  /** Name in SQL and JSON. */
  readonly name: string;
  /** Name in storage and in answers: Databend shows `skip_header` as `headers`. */
  readonly shownAs: string;
  readonly fallback: FileFormatValue;
  /** Returns the value to store; undefined for an invalid value. */
  readonly parse: (value: FileFormatValue) => FileFormatValue | undefined;
  /** One sentence that describes the valid values. */
  readonly expectation: string;
}

export function text(
  name: string,
  fallback: string,
  { isValid, expectation }: { readonly isValid: (value: string) => boolean; readonly expectation: string },
): FileFormatOption {
  const parse = (value: FileFormatValue): string | undefined => {
    const input = textOf(value);
    return input !== undefined && isValid(input) ? input : undefined;
  };
  return { name, shownAs: name, fallback, parse, expectation };
}

/** Creates an option with a fixed set of texts, case-sensitive. */
export function oneOf(name: string, fallback: string, choices: readonly string[]): FileFormatOption {
  const expectation = `The valid values are ${choices.map((choice) => JSON.stringify(choice)).join(', ')}.`;
  return text(name, fallback, { isValid: (value) => choices.includes(value), expectation });
}

/** Creates an option with a fixed set of words, case-insensitive. @param words maps each word to the value to store. */
export function word(
  name: string,
  fallback: string,
  words: Readonly<Record<string, string>>,
): FileFormatOption {
  const stored = new Map(Object.entries(words));
  const expectation = `The valid values are ${[...stored.keys()].join(' | ').toUpperCase()}.`;
  const parse = (value: FileFormatValue): string | undefined =>
    stored.get(textOf(value)?.toLowerCase() ?? '');
  return { name, shownAs: name, fallback, parse, expectation };
}

export function flag(name: string, fallback: boolean): FileFormatOption {
  const values = new Map([
    ['true', true],
    ['false', false],
  ]);
  const parse = (value: FileFormatValue): boolean | undefined =>
    values.get(textOf(value)?.toLowerCase() ?? '');
  return { name, shownAs: name, fallback, parse, expectation: 'The valid values are TRUE | FALSE.' };
}

/** Creates the option for the number of header lines at the start of a file. */
export function skippedHeader(): FileFormatOption {
  const parse = (value: FileFormatValue): number | undefined => {
    const input = textOf(value) ?? '';
    return /^\d{1,15}$/.test(input) ? Number(input) : undefined;
  };
  return {
    name: 'skip_header',
    shownAs: 'headers',
    fallback: 0,
    parse,
    expectation: 'Expecting a whole number.',
  };
}

export function texts(name: string): FileFormatOption {
  const parse = (value: FileFormatValue): readonly string[] | undefined =>
    typeof value === 'object' ? value : undefined;
  return {
    name,
    shownAs: name,
    fallback: [],
    parse,
    expectation: 'The valid values are a list of strings.',
  };
}

function textOf(value: FileFormatValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}
