import { RE2JS } from 're2js';
import { StageError } from './stage-error.js';

const MAX_PATTERN_LENGTH = 1000;
/** A match costs at most the compiled size times the name's length: the engine does not backtrack. */
const MAX_COMPILED_SIZE = 2000;

/**
 * A PATTERN: a regular expression in RE2's syntax (Rust's, for what people write in one) that must match all of what
 * follows the listed prefix.
 */
export class FilePattern {
  readonly #expression: RE2JS;

  /** @throws StageError of kind `InvalidPattern`. */
  constructor(source: string) {
    if (source.length > MAX_PATTERN_LENGTH) {
      throw new StageError(
        'InvalidPattern',
        `A pattern may have at most ${String(MAX_PATTERN_LENGTH)} characters.`,
      );
    }
    this.#expression = compile(source);
    if (this.#expression.programSize() > MAX_COMPILED_SIZE) {
      throw new StageError('InvalidPattern', 'The pattern repeats too much: make it simpler.');
    }
  }

  matches(rest: string): boolean {
    return this.#expression.matches(rest);
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StageError('InvalidPattern', `Pattern format invalid, got:${source}, error:${reason}`);
  }
}
