import { etagOf, type FileStats } from './file-stats.js';
import type { WalkedFiles } from './walk-request.js';

/** Collects what a walk finds, in the form in which a thread sends it. */
export class FoundFiles {
  readonly #keys: string[] = [];
  readonly #etags: string[] = [];
  readonly #numbers: number[] = [];

  get count(): number {
    return this.#keys.length;
  }

  add(key: string, stats: FileStats, size = stats.size): void {
    this.#keys.push(key);
    this.#etags.push(etagOf(stats));
    this.#numbers.push(size, stats.mtimeMs);
  }

  addDirectory(key: string): void {
    this.#keys.push(key);
    this.#etags.push('');
    this.#numbers.push(0, 0);
  }

  with(unreadable: readonly string[]): WalkedFiles {
    return { keys: this.#keys, etags: this.#etags, numbers: Float64Array.from(this.#numbers), unreadable };
  }
}
