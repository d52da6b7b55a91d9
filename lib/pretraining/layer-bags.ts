/**
 * Texts as bags with the weights that the attention layer gives their tokens (saturation-layer.ts): the layer knows the
 * length of a text from its stop tokens only, and does not saturate these. The slow layer's cheap stand-in where many
 * texts are tried under many settings.
 */
import { STOP_SCALE } from './saturation-layer.js';
import { packBags, type Saturation, type TokenBags } from './token-bags.js';

export interface StopTokens {
  tokens: readonly number[];
  /** Their share of all tokens of texts. */
  share: number;
}

export function layerBags(
  texts: readonly Uint16Array[],
  vocabularySize: number,
  { base, perToken }: Saturation,
  stop: StopTokens,
): TokenBags {
  const isStop = new Uint8Array(vocabularySize);
  for (const token of stop.tokens) isStop[token] = 1;
  // with so large a K, weights are the numbers of occurrences
  const { offsets, tokens, weights } = packBags(texts, vocabularySize, { base: 1e9, perToken: 0 });
  texts.forEach((text, i) => {
    const measured = text.reduce((sum, token) => sum + isStop[token]!, 0) / stop.share;
    const limit = base + perToken * measured;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const occurrences = weights[k]!;
      weights[k] = isStop[tokens[k]!] ? STOP_SCALE * occurrences : (occurrences * limit) / (occurrences + limit);
    }
  });
  return { offsets, tokens, weights };
}
