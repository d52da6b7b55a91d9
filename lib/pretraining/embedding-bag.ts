/**
 * The embedding bag: the vector of a text is the weighted sum of the vectors of its tokens. Its backward pass is the same
 * sum the other way round: the gradient of a token's vector is the weighted sum of the gradients of the texts that
 * hold it, so one kernel serves both, and the order of all additions is fixed.
 *
 *   table [V, D]   n bags with m distinct tokens   vectors [n, D]
 */
import type { TokenBags } from './token-bags.js';

/**
 * Vectors of the bags [n, D], not normalized: row i is the sum of weight * table[token] over bag i.
 *
 * @param width D
 */
export function bagVectors(table: Float32Array, width: number, { offsets, tokens, weights }: TokenBags): Float32Array {
  const out = new Float32Array((offsets.length - 1) * width);
  for (let bag = 0; bag + 1 < offsets.length; bag++) {
    const to = bag * width;
    const end = offsets[bag + 1]!;
    let k = offsets[bag]!;
    // Four rows in one pass: memory traffic, not arithmetic, is what a sum of rows costs.
    for (; k + 3 < end; k += 4) {
      const [a, b, c, d] = [tokens[k]! * width, tokens[k + 1]! * width, tokens[k + 2]! * width, tokens[k + 3]! * width];
      const [wa, wb, wc, wd] = [weights[k]!, weights[k + 1]!, weights[k + 2]!, weights[k + 3]!];
      for (let j = 0; j < width; j++) {
        out[to + j] = out[to + j]! + wa * table[a + j]! + wb * table[b + j]! + wc * table[c + j]! + wd * table[d + j]!;
      }
    }
    for (; k < end; k++) {
      const from = tokens[k]! * width;
      const weight = weights[k]!;
      for (let j = 0; j < width; j++) out[to + j] = out[to + j]! + weight * table[from + j]!;
    }
  }
  return out;
}

/**
 * The bags seen from the tokens: bag t of the result holds the bags that token t occurs in, with its weight there.
 *
 * @returns V bags; their `tokens` are indices of the given bags, rising
 */
export function transposeBags({ offsets, tokens, weights }: TokenBags, vocabularySize: number): TokenBags {
  const starts = new Int32Array(vocabularySize + 1);
  for (const token of tokens) starts[token + 1]!++;
  for (let token = 0; token < vocabularySize; token++) starts[token + 1]! += starts[token]!;
  const next = starts.slice();
  const bags = new Uint16Array(tokens.length);
  const transposed = new Float32Array(tokens.length);
  for (let bag = 0; bag + 1 < offsets.length; bag++) {
    for (let k = offsets[bag]!; k < offsets[bag + 1]!; k++) {
      const at = next[tokens[k]!]!++;
      bags[at] = bag;
      transposed[at] = weights[k]!;
    }
  }
  return { offsets: starts, tokens: bags, weights: transposed };
}

/** Gradient of the table [V, D] from those of the bags' vectors [n, D]. */
export function tableGradient(
  vectorGradients: Float32Array,
  width: number,
  bags: TokenBags,
  vocabularySize: number,
): Float32Array {
  return bagVectors(vectorGradients, width, transposeBags(bags, vocabularySize));
}
