/** What `next` gives, until it gives nothing: it is asked for the next result while the reader has one. */
export async function* oneAhead<Result>(
  next: () => Promise<Result | undefined>,
): AsyncGenerator<Result, undefined> {
  const begin = (): ReturnType<typeof next> => {
    const begun = next();
    begun.catch(() => undefined); // told when it is its turn, if it comes
    return begun;
  };
  for (let ahead = begin(); ;) {
    const result = await ahead;
    if (result === undefined) return;
    ahead = begin();
    yield result;
  }
}
