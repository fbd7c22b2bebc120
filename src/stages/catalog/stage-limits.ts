import { StageError } from '../stage-error.js';

/** Limits in characters. One answer can show a thousand stages. */
const MAX_COMMENT = 10_000;
const MAX_FILE_FORMAT = 10_000;
const MAX_URL = 2048;
const MAX_OPTION = 8192;

/** @throws StageError of kind `InvalidOption`. */
export function checkComment(comment: string): string {
  if (comment.length <= MAX_COMMENT) return comment;
  throw tooLong('A comment', MAX_COMMENT);
}

/** @throws StageError of kind `InvalidOption`. */
export function checkFileFormat<Format>(format: Format): Format {
  if (JSON.stringify(format).length <= MAX_FILE_FORMAT) return format;
  throw tooLong('A file format', MAX_FILE_FORMAT);
}

/** @throws StageError of kind `InvalidOption`. */
export function checkLocation(url: string, options: ReadonlyMap<string, string>): void {
  if (url.length > MAX_URL) throw tooLong('The URL of a stage', MAX_URL);
  for (const [name, value] of options) {
    if (name.length > MAX_OPTION || value.length > MAX_OPTION)
      throw tooLong('An option of a connection', MAX_OPTION);
  }
}

function tooLong(what: string, limit: number): StageError {
  return new StageError('InvalidOption', `${what} may have at most ${String(limit)} characters.`);
}
