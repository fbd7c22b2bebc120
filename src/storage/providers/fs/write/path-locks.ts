/** One after the other where they concern the same path, side by side where they do not. */
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
}

/** Shared by all providers of the process: two stages may lie in one directory. */
export const sharedPathLocks = new PathLocks();
