/**
 * Dimensions whose size only a run knows ("batch", "sequence"), while tfjs insists on numbers.
 *
 * Tracing gives each symbol a prime that divides none of the concrete dimensions. A dimension that comes out of the
 * trace is then factored: 2 x 53 x 59 can only be 2 x batch x sequence, and the graph computes it so. What isn't a
 * product (batch + 1, or 1 / batch as a number) would be frozen in silently; therefore every function is traced twice,
 * with different primes, and the two graphs must be the same to the byte (see trace.ts).
 */

import { UserError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import type { Dimension, InputSpec } from '../types.js';

/**
 * The two primes of each symbol: large enough not to meet the small factors of real dimensions, and paired so that sums
 * and differences of two symbols differ between the traces too.
 */
const PRIMES = [
  [53, 59],
  [61, 83],
  [73, 71],
  [89, 109],
  [97, 67],
  [103, 101],
  [107, 79],
] as const;

export class SymbolTable {
  /** Symbol to the prime that stands for it. */
  private readonly primes = new Map<string, number>();
  /** Symbol to the input and axis that have it at run time. */
  private readonly sources = new Map<string, { input: string; axis: number }>();

  /** @param variant which of its two primes each symbol takes */
  constructor(inputs: Record<string, InputSpec>, variant: 0 | 1) {
    const dimensions = Object.values(inputs).flatMap((spec) => spec.shape);
    const concrete = dimensions.filter((dimension): dimension is number => typeof dimension === 'number');
    const foreign = (prime: number) => concrete.every((size) => size === 0 || size % prime !== 0);
    const usable = PRIMES.filter((pair) => pair.every(foreign));
    const names = [...new Set(dimensions.flatMap((dimension) => symbolsOf(dimension)))];
    if (usable.length < names.length) {
      throw new UserError(
        `cannot trace with ${quantity(names.length, 'symbolic dimensions')}: concrete sizes ${[...new Set(concrete)]} leave too few primes`,
      );
    }
    names.forEach((name, i) => {
      this.primes.set(name, (usable[i] as (typeof PRIMES)[number])[variant]);
    });
    for (const [input, spec] of Object.entries(inputs)) {
      spec.shape.forEach((dimension, axis) => {
        if (typeof dimension === 'string' && this.primes.has(dimension) && !this.sources.has(dimension)) {
          this.sources.set(dimension, { input, axis });
        }
      });
    }
  }

  /** The number that stands for a dimension while tracing. */
  sizeOf(dimension: Dimension): number {
    if (typeof dimension === 'number') return dimension;
    return symbolsOf(dimension).reduce((product, symbol) => product * (this.primes.get(symbol) as number), 1);
  }

  isSymbolic(size: number): boolean {
    return this.factor(size).symbols.length > 0;
  }

  /** Splits a traced size into a plain coefficient and symbols. */
  factor(size: number): { coefficient: number; symbols: string[] } {
    let coefficient = size;
    const symbols: string[] = [];
    for (const [symbol, prime] of this.primes) {
      while (coefficient > 1 && coefficient % prime === 0) {
        coefficient /= prime;
        symbols.push(symbol);
      }
    }
    return { coefficient, symbols };
  }

  /** The traced size as ONNX declares it: a number, or a name such as "2*batch". */
  describe(size: number): number | string {
    const { coefficient, symbols } = this.factor(size);
    if (symbols.length === 0) return size;
    return [...(coefficient === 1 ? [] : [coefficient]), ...symbols].join('*');
  }

  source(symbol: string): { input: string; axis: number } {
    const source = this.sources.get(symbol);
    if (!source) throw new UserError(`no input has the dimension "${symbol}" alone, so a run cannot know its size`);
    return source;
  }
}

/** "batch*sequence" names two symbols, a number none. */
function symbolsOf(dimension: Dimension): string[] {
  return typeof dimension === 'number' ? [] : dimension.split('*');
}
