/** A binary heap (Williams, 1964): the entry that `before` puts first comes out first. */
export class MaxHeap<T> {
  private readonly entries: T[] = [];

  /** @param before true where `a` must come out before `b`; a strict order */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  push(entry: T): void {
    const { entries } = this;
    let i = entries.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.before(entry, entries[parent] as T)) break;
      entries[i] = entries[parent] as T;
      i = parent;
    }
    entries[i] = entry;
  }

  /** Removes and returns the first entry; undefined where the heap is empty. */
  pop(): T | undefined {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (entries.length === 0 || last === undefined) return first;
    let i = 0;
    for (let child = 1; child < entries.length; child = 2 * i + 1) {
      if (child + 1 < entries.length && this.before(entries[child + 1] as T, entries[child] as T)) child++;
      if (!this.before(entries[child] as T, last)) break;
      entries[i] = entries[child] as T;
      i = child;
    }
    entries[i] = last;
    return first;
  }
}
