import { randomUUID } from 'node:crypto';

/** Running puts of this process, by the ids of their cleanup records. Nobody else removes what they create. */
export class ActivePuts {
  readonly #ids = new Set<string>();
  #onAbandoned: () => void = () => undefined;

  /** @returns the id of its cleanup record, which is not written yet. */
  begin(): string {
    const id = randomUUID();
    this.#ids.add(id);
    return id;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** @param isAbandoned whether it has left an orphan that its record names. */
  end(id: string, isAbandoned: boolean): void {
    this.#ids.delete(id);
    if (isAbandoned) this.#onAbandoned();
  }

  /** @param listener is called when a put has ended and left an orphan. */
  onAbandoned(listener: () => void): void {
    this.#onAbandoned = listener;
  }
}
