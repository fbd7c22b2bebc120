/** Is the server about to end? Then it is not ready, and takes in nothing new. */
export class ShutdownState {
  #isStopping = false;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  begin(): void {
    this.#isStopping = true;
  }
}
