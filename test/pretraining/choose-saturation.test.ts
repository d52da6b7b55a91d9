import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { chooseSaturation } from '../../lib/pretraining/choose-saturation.js';
import { packBags, type Saturation } from '../../lib/pretraining/token-bags.js';
import type { PaperTokens } from '../../lib/pretraining/training-pairs.js';

const WIDTH = 12;
const VOCABULARY = 50;
const random = new Random(2, 'saturation');
const table = Float32Array.from({ length: VOCABULARY * WIDTH }, () => random.normal());

const bagsOf = (texts: readonly Uint16Array[], saturation: Saturation) => packBags(texts, VOCABULARY, saturation);

/** Row products as a plain double loop. */
async function products(a: Float32Array, b: Float32Array, width: number): Promise<Float32Array> {
  const [n, m] = [a.length / width, b.length / width];
  return Float32Array.from({ length: n * m }, (_, k) => {
    const [row, column] = [Math.floor(k / m), k % m];
    let sum = 0;
    for (let j = 0; j < width; j++) sum += a[row * width + j]! * b[column * width + j]!;
    return sum;
  });
}

/** The abstract has the title's tokens, once each, and one other token many times. */
function paper(repetitions: number): PaperTokens {
  const title = Uint16Array.from({ length: 4 }, () => random.integer(VOCABULARY));
  const noise = new Uint16Array(repetitions).fill(random.integer(VOCABULARY));
  return { title, abstract: Uint16Array.of(...title, ...noise) };
}

describe('chooseSaturation', () => {
  const trained = { base: 1, perToken: 0.1 };

  it('takes the strongest where repetitions are noise', async () => {
    const papers = Array.from({ length: 60 }, () => paper(40));
    const { saturation, mrr } = await chooseSaturation(table, WIDTH, papers, trained, products, bagsOf);
    expect(saturation.perToken).toBe(0.025);
    expect(mrr).toBeGreaterThan(0.5);
  });

  it('takes another where repetitions tell papers apart', async () => {
    // the title is the token that is repeated, among tokens that all papers share
    const papers = Array.from({ length: 40 }, (_, i): PaperTokens => {
      const shared = Uint16Array.from({ length: 40 }, (_, id) => id);
      return { title: Uint16Array.of(i), abstract: Uint16Array.of(...shared, ...new Uint16Array(6).fill(i)) };
    });
    const { saturation } = await chooseSaturation(table, WIDTH, papers, trained, products, bagsOf);
    expect(saturation.base + saturation.perToken * 46).toBeGreaterThan(0.25 + 0.025 * 46);
  });
});
