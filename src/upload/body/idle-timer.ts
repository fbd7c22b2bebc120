/** Calls back if it is not restarted for a while. */
export class IdleTimer {
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number, onIdle: () => void) {
    this.#timer = setTimeout(onIdle, milliseconds);
    this.#timer.unref();
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
