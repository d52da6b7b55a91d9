/** Sets of papers that belong together, joined one by one (union-find). */

export interface Groupable {
  id: string;
  title: string;
  abstract: string;
  published: string | null;
}

/** Union-find whose root is always the earliest paper of its set. */
export class DisjointSets {
  private readonly parent: Int32Array;

  constructor(private readonly papers: readonly Groupable[]) {
    this.parent = Int32Array.from(papers, (_, index) => index);
  }

  join(a: number, b: number): void {
    const rootA = this.root(a);
    const rootB = this.root(b);
    if (rootA === rootB) return;
    const aFirst = isEarlier(this.papers[rootA]!, this.papers[rootB]!);
    this.parent[aFirst ? rootB : rootA] = aFirst ? rootA : rootB;
  }

  root(index: number): number {
    let at = index;
    while (this.parent[at] !== at) {
      const up = this.parent[at] as number;
      this.parent[at] = this.parent[up] as number;
      at = up;
    }
    return at;
  }
}

/** Whether a was published before b; by id where the dates are equal, papers without a date last. */
export function isEarlier(a: Groupable, b: Groupable): boolean {
  const [dateA, dateB] = [a.published ?? '9999', b.published ?? '9999'];
  return dateA !== dateB ? dateA < dateB : a.id < b.id;
}
