import { randomUUID } from 'node:crypto';

/** Puts of this process that are running, by the ids of their cleanup records. Nobody else removes what they have made. */
export class ActivePuts {
  readonly #ids = new Set<string>();
  #onAbandoned: () => void = () => undefined;

  /** @returns the id of its cleanup record, of which nothing is written yet. */
  begin(): string {
    const id = randomUUID();
    this.#ids.add(id);
    return id;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** @param isAbandoned whether it has left something behind that its record names. */
  end(id: string, isAbandoned: boolean): void {
    this.#ids.delete(id);
    if (isAbandoned) this.#onAbandoned();
  }

  /** @param listener is told when a put has ended that has left something behind. */
  whenAbandoned(listener: () => void): void {
    this.#onAbandoned = listener;
  }
}
