import type { Leftover, LeftoverNotes } from '../../src/storage/contract/leftover.js';

/** Keeps what a put notes, and lets the test answer each note. */
export class TakenNotes implements LeftoverNotes {
  readonly notes: Leftover[] = [];
  /** How often it was told that something stays. */
  kept = 0;
  readonly #answer: (count: number) => Promise<void>;

  constructor(answer: (count: number) => Promise<void> = () => Promise.resolve()) {
    this.#answer = answer;
  }

  get last(): Leftover | undefined {
    return this.notes.at(-1);
  }

  note(leftover: Leftover): Promise<void> {
    this.notes.push(leftover);
    return this.#answer(this.notes.length);
  }

  keep(): void {
    this.kept++;
  }
}
