/** Whether the server is shutting down. If so it is not ready, and accepts no new uploads. */
export class ShutdownState {
  #isStopping = false;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  begin(): void {
    this.#isStopping = true;
  }
}
