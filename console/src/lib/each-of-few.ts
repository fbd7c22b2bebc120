/** Does the same with each of many, a few at a time. The first failure ends it, and so does the signal: nothing more is begun. */
export async function eachOfFew<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController();
  const left = items.values();
  const workOn = async (): Promise<void> => {
    for (const item of left) {
      signal.throwIfAborted();
      if (failure.signal.aborted) return;
      await work(item);
    }
  };
  const workers = Array.from({ length: atOnce }, async () =>
    workOn().catch((error: unknown) => {
      failure.abort();
      throw error;
    }),
  );
  await Promise.all(workers);
}
