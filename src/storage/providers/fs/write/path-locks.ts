/** Runs tasks of the same path one after the other, and tasks of different paths concurrently. */
export class PathLocks {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(path: string, task: () => Promise<T>): Promise<T> {
    const running = (this.#last.get(path) ?? Promise.resolve()).then(task);
    const settled = running
      .catch(() => undefined)
      .finally(() => {
        if (this.#last.get(path) === settled) this.#last.delete(path);
      });
    this.#last.set(path, settled);
    return running;
  }

  /** Runs a task with both paths, in one order for all, so that no two tasks wait for each other. */
  async runBoth<T>(one: string, other: string, task: () => Promise<T>): Promise<T> {
    const [first, second] = one < other ? [one, other] : [other, one];
    if (first === second) return this.run(first, task);
    return this.run(first, () => this.run(second, task));
  }
}

/** Shared by all providers of the process, because two stages may use one directory. */
export const sharedPathLocks = new PathLocks();
