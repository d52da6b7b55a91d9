/** Sets of words as numbers, all in one array: millions of small arrays would take ten times as much. */
export class WordSets {
  private numbers = new Int32Array(1024);
  private readonly ends: Uint32Array;
  private sets = 0;
  private length = 0;

  /** @param most sets */
  constructor(most: number) {
    this.ends = new Uint32Array(most + 1);
  }

  get count(): number {
    return this.sets;
  }

  /** A word of the set under way, in which it is not yet. */
  push(number: number): void {
    if (this.length === this.numbers.length) {
      const longer = new Int32Array(2 * this.length);
      longer.set(this.numbers);
      this.numbers = longer;
    }
    this.numbers[this.length++] = number;
  }

  /** Ends the set under way. */
  end(): void {
    this.ends[++this.sets] = this.length;
  }

  /** Replaces each number by another, and puts those of each set in rising order. */
  renumber(to: Int32Array): void {
    for (let i = 0; i < this.length; i++) this.numbers[i] = to[this.numbers[i] as number] as number;
    for (let set = 0; set < this.sets; set++) this.of(set).sort();
  }

  sizeOf(set: number): number {
    return (this.ends[set + 1] as number) - (this.ends[set] as number);
  }

  of(set: number): Int32Array {
    return this.numbers.subarray(this.ends[set], this.ends[set + 1]);
  }

  /** Jaccard index of two sets in rising order. */
  jaccard(a: number, b: number): number {
    const { numbers, ends } = this;
    let [i, j] = [ends[a] as number, ends[b] as number];
    const [endA, endB] = [ends[a + 1] as number, ends[b + 1] as number];
    let common = 0;
    while (i < endA && j < endB) {
      const difference = (numbers[i] as number) - (numbers[j] as number);
      if (difference === 0) common++;
      if (difference <= 0) i++;
      if (difference >= 0) j++;
    }
    return common / (this.sizeOf(a) + this.sizeOf(b) - common);
  }
}
