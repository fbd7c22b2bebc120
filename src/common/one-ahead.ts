/** What becomes of the items, in their order; work on the next one goes on while the reader has one. */
export async function* oneAhead<Item, Result>(
  items: AsyncGenerator<Item>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const next = async (): Promise<IteratorResult<Result, undefined>> => {
    const item = await items.next();
    return item.done === true ? { done: true, value: undefined } : { value: await work(item.value) };
  };
  const begin = (): ReturnType<typeof next> => {
    const begun = next();
    begun.catch(() => undefined); // told when it is its turn, if it comes
    return begun;
  };
  try {
    for (let ahead = begin(); ;) {
      const { done, value } = await ahead;
      if (done === true) return;
      ahead = begin();
      yield value;
    }
  } finally {
    void items.return(undefined);
  }
}
