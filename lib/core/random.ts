/**
 * Seeded randomness: one generator for everything that is shuffled, sampled or initialised, so that a run is a pure
 * function of its seed. The generator is xoroshiro128+ (Blackman and Vigna, 2018) from the package pure-rand.
 */
import { createHash } from 'node:crypto';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers. Streams made from different labels are independent. */
export class Random {
  private readonly generator: { next(): number };

  /** @param seed any integer  @param labels name the purpose ("batches", epoch 3), so that streams do not overlap */
  constructor(seed: number, ...labels: (string | number)[]) {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, ...labels]))
      .digest();
    this.generator = xoroshiro128plus(digest.readInt32LE(0));
  }

  /** Uniform in [0, 1), 32 bits. */
  uniform(): number {
    return (this.generator.next() >>> 0) / 0x1_0000_0000;
  }

  /** Uniform integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal (Box and Muller, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A new array in random order (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }
}
