import type { Orphan, CleanupLog } from '../../src/storage/contract/orphan.js';

/** Keeps what a put notes, and lets the test answer each note. */
export class RecordedCleanup implements CleanupLog {
  readonly recorded: Orphan[] = [];
  /** How often it was told that something stays. */
  retained = 0;
  readonly #answer: (count: number) => Promise<void>;

  constructor(answer: (count: number) => Promise<void> = () => Promise.resolve()) {
    this.#answer = answer;
  }

  get last(): Orphan | undefined {
    return this.recorded.at(-1);
  }

  record(orphan: Orphan): Promise<void> {
    this.recorded.push(orphan);
    return this.#answer(this.recorded.length);
  }

  retain(): void {
    this.retained++;
  }
}
