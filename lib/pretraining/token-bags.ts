/**
 * Texts as weighted bags of tokens: each distinct token once, with a weight that saturates in its number of occurrences
 * as in BM25 (Robertson and Walker, 1994),
 *
 *   weight = tf * K / (tf + K)        K = base + perToken * length of the text in tokens
 *
 * so that a token counts fully once, and at most K times however often it is repeated. Attention that matches copies
 * of a token computes the same (saturation-layer.ts).
 *
 *   n bags, m distinct tokens of all bags together
 */

/** How soon repetitions stop counting; see above for K. */
export interface Saturation {
  base: number;
  perToken: number;
}

/** Bag i holds the tokens from `offsets[i]` up to `offsets[i + 1]`. */
export interface TokenBags {
  /** [n + 1] */
  offsets: Int32Array;
  /** [m] ids, in the order of their first occurrence. */
  tokens: Uint16Array;
  /** [m] */
  weights: Float32Array;
}

export function saturatedWeight(occurrences: number, length: number, { base, perToken }: Saturation): number {
  const limit = base + perToken * length;
  return (occurrences * limit) / (occurrences + limit);
}

/** @param texts token ids, below the vocabulary size */
export function packBags(texts: readonly Uint16Array[], vocabularySize: number, saturation: Saturation): TokenBags {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  const offsets = new Int32Array(texts.length + 1);
  const tokens = new Uint16Array(total);
  const weights = new Float32Array(total);
  const occurrences = new Uint32Array(vocabularySize);
  let end = 0;
  texts.forEach((text, i) => {
    const start = end;
    for (const id of text) if (occurrences[id]!++ === 0) tokens[end++] = id;
    for (let k = start; k < end; k++) {
      const id = tokens[k]!;
      weights[k] = saturatedWeight(occurrences[id]!, text.length, saturation);
      occurrences[id] = 0;
    }
    offsets[i + 1] = end;
  });
  return { offsets, tokens: tokens.subarray(0, end), weights: weights.subarray(0, end) };
}
