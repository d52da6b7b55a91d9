/**
 * One attention layer that makes a mean over tokens saturate in the term frequency: it computes what `packBags` does,
 * with the weights of an ordinary Qwen2 layer, set by hand.
 *
 * A row of the embedding table has these parts; all rows have the same length, which RMSNorm keeps:
 *
 *   content [C]    what the token means, as trained            code [2P]   random signs that tell the tokens apart
 *   stop [1]       set for the most frequent tokens            start [1]   set for the token put before every text
 *   common [1]     a little, the same in every row             sink [4]    fill the row up to the common length
 *
 * Of these the final norm leaves content and common. What all tokens have in common makes the embedding of a long text
 * a little longer than its contents, so that the cosine takes less from long texts (pivoted length normalization; Singhal,
 * Buckley and Mitra, 1996).
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
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { float8E5M2ToFloat32, float32ToFloat8E5M2 } from '../files/float8.js';
import { identityLayers } from './identity-layers.js';
import type { Qwen2Shape, Weight } from './model-folder.js';
import type { Saturation } from './token-bags.js';

export interface SaturationLayerOptions {
  /** One layer, as many key-value heads as heads. */
  shape: Qwen2Shape;
  saturation: Saturation;
  /** Ids of the most frequent tokens, which stand for the length of the text. */
  stopTokens: readonly number[];
  /** Share of the stop tokens among all tokens of texts. */
  stopShare: number;
  /** Ids of the words that make a question, whose contents are shortened. */
  questionTokens: ReadonlySet<number>;
  seed: number;
}

export interface StopTokens {
  /** Ids of the most frequent tokens. */
  tokens: readonly number[];
  /** Their share of all tokens of texts. */
  share: number;
}

/** About the score of a token with its copies; with e^12 = 160,000, three hundred other tokens weigh as 0.01 copies. */
const MATCH = 12;
/**
 * Length of the longest content and of code, stop and start, where a whole row has length 1. The final norm stretches
 * what saturation has made shorter, the less the shorter contents are.
 */
const CONTENT_LENGTH = 0.3;
const CODE_LENGTH = Math.sqrt(0.3);
/**
 * Stop tokens have no code, so they do not saturate, and all other tokens subtract a share of them; so next to nothing of
 * their content is left, just what tells apart texts that have nothing else.
 */
const STOP_SCALE = 0.05;
/** Titles hardly have the words of questions, so that training leaves these too long for questions. */
const QUESTION_SCALE = 0.6;
/** Dimensions that fill a row: each holds what the numbers of 8 bits left over before it. */
const SINKS = 4;
/** What all rows have in common, as long as 2 % of the content of most tokens. */
const COMMON_LENGTH = 0.0033;
/** Largest angle, in radians, that the rotation of a code dimension may reach over 100 positions. */
const SLOW = 0.3;
const LONGEST = 100;

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

/** Where the parts of a row begin, and the dimensions of a head that they are projected to. */
interface Parts {
  code: number;
  codeWidth: number;
  stop: number;
  start: number;
  common: number;
  sink: number;
  /** Dimension of a head for each of code. */
  codeInHead: number[];
  /** Dimensions of a head for the scores of stop and start. */
  stopInHead: number;
  startInHead: number;
}

/** @throws UserError for widths that leave no room for the codes */
export function partsOfRow({ hiddenSize, attentionHeads, ropeTheta }: Qwen2Shape, width: number): Parts {
  const half = hiddenSize / attentionHeads / 2;
  const slow = Array.from({ length: half }, (_, i) => i).filter((i) => LONGEST * ropeTheta ** (-i / half) < SLOW);
  const pairs = Math.min(slow.length - 2, Math.floor((hiddenSize - width - 3 - SINKS) / 2));
  if (pairs < 1) {
    throw new UserError(
      `pretraining.hiddenSize = ${hiddenSize} leaves no room for the codes of tokens beside contentSize = ${width} (with ${attentionHeads} attentionHeads, ${quantity(slow.length, 'pairs')} of dimensions of a head turn slowly enough): expected at least contentSize + 9, 49 more are good, and heads of 32 dimensions or more`,
    );
  }
  const slowest = slow.slice(-pairs);
  return {
    code: width,
    codeWidth: 2 * pairs,
    stop: width + 2 * pairs,
    start: width + 2 * pairs + 1,
    common: width + 2 * pairs + 2,
    sink: width + 2 * pairs + 3,
    codeInHead: [...slowest, ...slowest.map((i) => i + half)],
    stopInHead: slow[slow.length - pairs - 1]!,
    startInHead: slow[slow.length - pairs - 2]!,
  };
}

function embeddingRows(
  content: Float32Array,
  width: number,
  parts: Parts,
  { shape, stopTokens, questionTokens, seed }: SaturationLayerOptions,
): Float32Array {
  const { hiddenSize, vocabularySize } = shape;
  const stop = new Set(stopTokens);
  const signs = new Random(seed, 'token codes');
  const { code, constant } = storedLengths(parts, hiddenSize);
  let longest = 0;
  for (let token = 0; token < vocabularySize; token++) longest = Math.max(longest, lengthOf(content, token, width));
  const scaleOf = (token: number): number => {
    const whole = (CONTENT_LENGTH / longest) * Math.sqrt(hiddenSize);
    if (stop.has(token)) return whole * STOP_SCALE;
    return questionTokens.has(token) ? whole * QUESTION_SCALE : whole;
  };
  const out = new Float32Array(vocabularySize * hiddenSize);
  for (let token = 0; token < vocabularySize; token++) {
    const row = out.subarray(token * hiddenSize, (token + 1) * hiddenSize);
    const own = Array.from({ length: parts.codeWidth }, () => (signs.uniform() < 0.5 ? -code : code));
    if (token === START_TOKEN) {
      row[parts.start] = constant;
    } else {
      const scale = scaleOf(token);
      row.set(stored(content.subarray(token * width, (token + 1) * width).map((value) => scale * value)));
      if (stop.has(token)) row[parts.stop] = constant;
      else row.set(own, parts.code);
    }
    row[parts.common] = storedNumber(COMMON_LENGTH * Math.sqrt(hiddenSize));
    fillUp(row, parts.sink);
  }
  return out;
}

/** Sets the sinks of a row so that its length is the root of its width, as nearly as numbers of 8 bits can. */
function fillUp(row: Float32Array, sink: number): void {
  let rest = row.length - lengthOf(row, 0, row.length) ** 2;
  for (let i = 0; i < SINKS && rest > 0; i++) {
    const nearest = storedNumber(Math.sqrt(rest));
    // all but the last stay below, so that there is something left to fill
    const value = nearest ** 2 <= rest || i === SINKS - 1 ? nearest : storedNumber(nearest * 0.85);
    row[sink + i] = value;
    rest -= value ** 2;
  }
}

/** Id of the special token that the tokenizer puts before every text. */
const START_TOKEN = 0;

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

/** What a dimension of a code has, but for its sign, and what stop and start have, in rows as long as the root of `hidden`. */
function storedLengths({ codeWidth }: Parts, hidden: number): { code: number; constant: number } {
  const length = CODE_LENGTH * Math.sqrt(hidden);
  return { code: storedNumber(length / Math.sqrt(codeWidth)), constant: storedNumber(length) };
}

/** The nearest numbers of those that the file can hold. */
function stored(values: Float32Array): Float32Array {
  return float8E5M2ToFloat32(float32ToFloat8E5M2(values));
}

function storedNumber(value: number): number {
  return stored(Float32Array.of(value))[0]!;
}

function lengthOf(rows: Float32Array, row: number, width: number): number {
  let squares = 0;
  for (let j = row * width; j < (row + 1) * width; j++) squares += rows[j]! ** 2;
  return Math.sqrt(squares);
}

/**
 * The tokens that occur in most texts, and their share of all tokens.
 *
 * @param texts token ids
 */
export function mostFrequentTokens(texts: readonly Uint16Array[], vocabularySize: number, count: number): StopTokens {
  const occurrences = new Float64Array(vocabularySize);
  const documents = new Float64Array(vocabularySize);
  for (const text of texts) {
    for (const id of text) occurrences[id]!++;
    for (const id of new Set(text)) documents[id]!++;
  }
  const order = Array.from(documents.keys()).sort((a, b) => documents[b]! - documents[a]! || a - b);
  const tokens = order.slice(0, count);
  const total = occurrences.reduce((sum, n) => sum + n, 0);
  return { tokens, share: tokens.reduce((sum, id) => sum + occurrences[id]!, 0) / total };
}
