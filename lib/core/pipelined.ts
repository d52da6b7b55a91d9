/** Keeps a few asynchronous tasks under way while their results are used in order. */

/**
 * Starts `work` on the items in order, at most `depth` at once, and hands each result to `use` in the order of the items:
 * what comes out does not depend on which task ends first. When something throws, waits for what is under way, then
 * throws.
 */
export async function pipelined<T, R>(
  items: Iterable<T>,
  depth: number,
  work: (item: T) => Promise<R>,
  use: (result: R, item: T) => void | Promise<void>,
): Promise<void> {
  const underWay: { item: T; result: Promise<R> }[] = [];
  const finish = async (): Promise<void> => {
    const first = underWay.shift();
    if (first) await use(await first.result, first.item);
  };
  try {
    for (const item of items) {
      const result = work(item);
      // a task may fail while an earlier one is awaited: the error is met in its turn, and is not an unhandled one
      result.catch(() => undefined);
      underWay.push({ item, result });
      if (underWay.length >= depth) await finish();
    }
    while (underWay.length > 0) await finish();
  } finally {
    await Promise.allSettled(underWay.map((task) => task.result));
  }
}
