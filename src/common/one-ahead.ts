/**
 * Yields the results of `next` until it returns undefined. Requests the next result while the reader processes the
 * current one.
 */
export async function* oneAhead<Result>(
  next: () => Promise<Result | undefined>,
): AsyncGenerator<Result, undefined> {
  const begin = (): ReturnType<typeof next> => {
    const begun = next();
    begun.catch(() => undefined); // thrown at its turn, if the reader continues
    return begun;
  };
  for (let ahead = begin(); ;) {
    const result = await ahead;
    if (result === undefined) return;
    ahead = begin();
    yield result;
  }
}
