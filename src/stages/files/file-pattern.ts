import type { RE2JS } from 're2js';
import { boundedExpression, MAX_PATTERN_LENGTH } from '../../common/bounded-expression.js';
import { StageError } from '../stage-error.js';

/**
 * A PATTERN: a regular expression in RE2's syntax (Rust's, for what people write in one) that must match all of what
 * follows the listed prefix.
 */
export class FilePattern {
  readonly #expression: RE2JS;

  /** @throws StageError of kind `InvalidPattern`. */
  constructor(source: string) {
    if (source.length > MAX_PATTERN_LENGTH) {
      throw invalid(`A pattern may have at most ${String(MAX_PATTERN_LENGTH)} characters.`);
    }
    const bounded = boundedExpression(source);
    if (bounded.kind === 'malformed') {
      throw invalid(`Pattern format invalid, got:${source}, error:${bounded.reason}${adviceFor(source)}`);
    }
    if (bounded.kind === 'too-complex') throw invalid('The pattern repeats too much: make it simpler.');
    this.#expression = bounded.expression;
  }

  matches(rest: string): boolean {
    return this.#expression.matches(rest);
  }
}

/** Most who write what is no regular expression mean a pattern of the shell. */
function adviceFor(source: string): string {
  if (!/^[*?]|\*\*/.test(source)) return '';
  const expression = source
    .replace(/[.+^$()|{}\\]/g, String.raw`\$&`)
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return `. A pattern is a regular expression: write ${expression} for the files that ${source} means in a shell.`;
}

function invalid(message: string): StageError {
  return new StageError('InvalidPattern', message);
}
