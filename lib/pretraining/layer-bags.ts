/**
 * Texts as bags with the weights that the attention layer gives their tokens (saturation-layer.ts): the layer knows the
 * length of a text from its stop tokens only, and does not saturate these. The slow layer's cheap stand-in where many
 * texts are tried under many settings.
 */
import { STOP_SCALE, type StopTokens } from './saturation-layer.js';
import { type Saturation, saturatedWeight, type TokenBags, weightedBags } from './token-bags.js';

export function layerBags(
  texts: readonly Uint16Array[],
  vocabularySize: number,
  saturation: Saturation,
  stop: StopTokens,
): TokenBags {
  const isStop = new Uint8Array(vocabularySize);
  for (const token of stop.tokens) isStop[token] = 1;
  return weightedBags(texts, vocabularySize, (text) => {
    const measured = text.reduce((sum, token) => sum + isStop[token]!, 0) / stop.share;
    return (token, occurrences) =>
      isStop[token] ? STOP_SCALE * occurrences : saturatedWeight(occurrences, measured, saturation);
  });
}
