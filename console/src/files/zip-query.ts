/** Which files an archive holds, in the words of the API. */
export interface ZipQuery {
  readonly prefix?: string;
  readonly pattern?: string;
}

/** As the server has it. */
const LONGEST_PATTERN = 1000;

/** Says why the names fit into no request. */
export class ZipSelectionError extends Error {
  override readonly name = 'ZipSelectionError';
}

/**
 * Selects exactly these names, and all that is below those that end in a slash.
 *
 * @param folder that holds them; all of it where no names are given.
 * @throws ZipSelectionError for more names than a request can hold.
 */
export function zipQuery(folder: string, names: readonly string[]): ZipQuery {
  const [single = folder] = names;
  if (names.length === 0 || (names.length === 1 && single.endsWith('/'))) return prefixed(single);
  const choices = names.map((name) => {
    const rest = escaped(name.slice(folder.length));
    return name.endsWith('/') ? `${rest}(?s:.*)` : rest;
  });
  const pattern = choices.join('|');
  if (pattern.length > LONGEST_PATTERN)
    throw new ZipSelectionError(
      'So many single names do not fit into one archive. Choose fewer, or their whole folder.',
    );
  return { ...prefixed(folder), pattern };
}

function prefixed(prefix: string): ZipQuery {
  return prefix === '' ? {} : { prefix };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
