import type { RE2JS } from 're2js';
import { boundedExpression, MAX_PATTERN_LENGTH } from '../../common/bounded-expression.js';
import { StageError } from '../stage-error.js';

/**
 * A PATTERN: a regular expression in the syntax of RE2, which covers common expressions of Rust. It must match
 * everything after the listed prefix.
 */
export class FilePattern {
  /** As it was given. */
  readonly text: string;
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
    this.text = source;
    this.#expression = bounded.expression;
  }

  matches(rest: string): boolean {
    return this.#expression.matches(rest);
  }
}

/** Suggests a regular expression for an invalid one that looks like a shell pattern. */
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
