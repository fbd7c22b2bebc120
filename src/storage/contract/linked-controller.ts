/** A controller that also aborts when one of the signals fires, until it is unlinked. */
export function controllerLinkedTo(...signals: readonly (AbortSignal | undefined)[]): {
  readonly controller: AbortController;
  readonly unlink: () => void;
} {
  const controller = new AbortController();
  const onAbort = (): void => {
    controller.abort();
  };
  for (const signal of signals) {
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort);
  }
  return {
    controller,
    unlink: () => {
      for (const signal of signals) signal?.removeEventListener('abort', onAbort);
    },
  };
}
