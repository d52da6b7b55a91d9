import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { bagVectors, tableGradient, transposeBags } from '../../lib/pretraining/embedding-bag.js';
import { packBags, saturatedWeight } from '../../lib/pretraining/token-bags.js';

const saturation = { base: 0.5, perToken: 0.02 };
const VOCABULARY = 40;
const WIDTH = 7;

const random = new Random(3, 'bags');
const text = (length: number): Uint16Array => Uint16Array.from({ length }, () => random.integer(VOCABULARY));
const values = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
const texts = [text(1), text(30), text(5), text(80)];
const table = values(VOCABULARY * WIDTH);

/** The readable reference: for each text and token, count, weigh, add. */
function referenceVectors(): number[] {
  return texts.flatMap((ids) => {
    const limit = saturation.base + saturation.perToken * ids.length;
    const vector = new Array<number>(WIDTH).fill(0);
    for (let token = 0; token < VOCABULARY; token++) {
      const tf = ids.filter((id) => id === token).length;
      for (let j = 0; j < WIDTH; j++) vector[j]! += ((tf * limit) / (tf + limit)) * table[token * WIDTH + j]!;
    }
    return vector;
  });
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('saturatedWeight', () => {
  it('rises with every repetition and stays below K', () => {
    const weights = [1, 2, 3, 10, 1000].map((tf) => saturatedWeight(tf, 100, saturation));
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
    expect(weights[0]).toBeCloseTo(2.5 / 3.5, 12);
    expect(weights.at(-1)).toBeLessThan(2.5);
    expect(weights.at(-1)).toBeGreaterThan(2.49);
  });
});

describe('packBags', () => {
  it('lists each token once, in the order of the text, with its weight', () => {
    const bags = packBags([Uint16Array.of(5, 2, 5), Uint16Array.of(), Uint16Array.of(2)], VOCABULARY, saturation);
    expect([...bags.offsets]).toEqual([0, 2, 2, 3]);
    expect([...bags.tokens]).toEqual([5, 2, 2]);
    const expected = [
      saturatedWeight(2, 3, saturation),
      saturatedWeight(1, 3, saturation),
      saturatedWeight(1, 1, saturation),
    ];
    bags.weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(expected[i]!, 6);
    });
  });
});

describe('bagVectors', () => {
  const bags = packBags(texts, VOCABULARY, saturation);

  it('is the weighted sum of the rows of the tokens', () => {
    const vectors = bagVectors(table, WIDTH, bags);
    referenceVectors().forEach((value, i) => {
      expect(vectors[i]).toBeCloseTo(value, 4);
    });
  });

  it('has the transposed sum as its gradient: <g, B t> = <Bᵀ g, t>', () => {
    const gradients = values(texts.length * WIDTH);
    const gradient = tableGradient(gradients, WIDTH, bags, VOCABULARY);
    expect(gradient.length).toBe(table.length);
    expect(dot(gradient, table)).toBeCloseTo(dot(gradients, bagVectors(table, WIDTH, bags)), 3);
  });

  it('gives the bags back when transposed twice, tokens rising', () => {
    const twice = transposeBags(transposeBags(bags, VOCABULARY), texts.length);
    expect([...twice.offsets]).toEqual([...bags.offsets]);
    for (let bag = 0; bag < texts.length; bag++) {
      const range = (array: ArrayLike<number>): number[] =>
        Array.from(array).slice(bags.offsets[bag], bags.offsets[bag + 1]);
      const pairs = range(bags.tokens).map((token, k) => [token, range(bags.weights)[k]!] as const);
      const sorted = pairs.sort(([a], [b]) => a - b);
      expect(range(twice.tokens)).toEqual(sorted.map(([token]) => token));
      expect(range(twice.weights)).toEqual(sorted.map(([, weight]) => weight));
    }
  });
});
