/**
 * One attention layer that makes a mean over tokens saturate in the term frequency: it computes what `packBags` does,
 * with the weights of an ordinary Qwen2 layer, set by hand.
 *
 * What the rows of the embedding table hold stands in saturation-rows.ts.
 *
 * Queries and keys are the codes, so that a token's score is `MATCH` with its copies and about 0 with all others. Stop
 * tokens and the start token have scores of their own with everybody, such that together they weigh as K copies do,
 * K = base + perToken * length (the number of stop tokens measures the length). A token that occurs tf times then gives
 * its copies the share tf / (tf + K) of its attention; values are contents and o_proj is -1, which leaves of the content
 *
 *   content * (1 - tf / (tf + K)) = content * K / (tf + K)
 *
 * in each copy, and tf * K / (tf + K) in their sum. All heads attend alike, each carries its part of the content. The
 * codes lie where the rotary embedding turns so slowly that positions do not matter. Attention must look both ways.
 *
 * All matrices hold numbers of 8 bits (files/float8.ts), so that 10 MB have room for twice as many: codes, constants and
 * the weights of the layer are chosen among these; what has to be finer stands in the biases of the queries.
 */
import { identityLayers } from './identity-layers.js';
import type { Weight } from './model-folder.js';
import {
  embeddingRows,
  type Parts,
  partsOfRow,
  type RowOptions,
  storedLengths,
  storedNumber,
} from './saturation-rows.js';
import type { Saturation } from './token-bags.js';

export interface SaturationLayerOptions extends RowOptions {
  saturation: Saturation;
  /** Share of the stop tokens among all tokens of texts. */
  stopShare: number;
}

/** About the score of a token with its copies; with e^12 = 160,000, three hundred other tokens weigh as 0.01 copies. */
const MATCH = 12;

/**
 * All weights of the encoder, by their names in the checkpoint.
 *
 * @param content [V, width], row-major; only the proportions of the lengths matter
 */
export function saturatingEncoder(
  content: Float32Array,
  width: number,
  options: SaturationLayerOptions,
): Record<string, Weight> {
  const { shape } = options;
  const parts = partsOfRow(shape, width);
  const norm = new Float32Array(shape.hiddenSize).fill(1, 0, width);
  norm[parts.common] = 1;
  return {
    'embed_tokens.weight': {
      shape: [shape.vocabularySize, shape.hiddenSize],
      data: embeddingRows(content, width, parts, options),
    },
    ...identityLayers(shape, options.seed),
    ...attention(width, parts, options),
    'norm.weight': { shape: [shape.hiddenSize], data: norm },
  };
}

function attention(
  width: number,
  parts: Parts,
  { shape, saturation, stopShare }: SaturationLayerOptions,
): Record<string, Weight> {
  const { hiddenSize: hidden, attentionHeads: heads } = shape;
  const headWidth = hidden / heads;
  const square = (): Float32Array => new Float32Array(hidden * hidden);
  const [query, key, value, output] = [square(), square(), square(), square()];
  const queryBias = new Float32Array(hidden);
  const { code, constant } = storedLengths(parts, hidden);
  // scores are divided by the root of the head's width
  const ofCodes = (parts.codeWidth * code ** 2) / Math.sqrt(headWidth);
  const queryScale = storedNumber(Math.sqrt(MATCH / ofCodes));
  const keyScale = storedNumber(MATCH / ofCodes / queryScale);
  const match = queryScale * keyScale * ofCodes;
  // e^(match + ln K) is the weight of K copies
  const bias = (copies: number): number => ((match + Math.log(copies)) * Math.sqrt(headWidth)) / constant;
  for (let head = 0; head < heads; head++) {
    const first = head * headWidth;
    parts.codeInHead.forEach((dimension, i) => {
      const at = (first + dimension) * hidden + parts.code + i;
      query[at] = queryScale;
      key[at] = keyScale;
    });
    key[(first + parts.stopInHead) * hidden + parts.stop] = 1;
    key[(first + parts.startInHead) * hidden + parts.start] = 1;
    queryBias[first + parts.stopInHead] = bias(saturation.perToken / stopShare);
    queryBias[first + parts.startInHead] = bias(saturation.base);
  }
  for (let j = 0; j < width; j++) {
    value[j * hidden + j] = 1;
    output[j * hidden + j] = -1;
  }
  const matrix = (data: Float32Array): Weight => ({ shape: [hidden, hidden], data });
  return {
    'layers.0.self_attn.q_proj.weight': matrix(query),
    'layers.0.self_attn.q_proj.bias': { shape: [hidden], data: queryBias },
    'layers.0.self_attn.k_proj.weight': matrix(key),
    'layers.0.self_attn.v_proj.weight': matrix(value),
    'layers.0.self_attn.o_proj.weight': matrix(output),
  };
}
