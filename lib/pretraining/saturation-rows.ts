/**
 * The rows of the embedding table that the saturation layer (saturation-layer.ts) works on.
 *
 * A row has these parts; all rows have the same length, which RMSNorm keeps:
 *
 *   content [C]    what the token means, as trained            code [2P]   random signs that tell the tokens apart
 *   stop [1]       set for the most frequent tokens            start [1]   set for the token put before every text
 *   common [1]     a little, the same in every row             sink [4]    fill the row up to the common length
 *
 * Of these the final norm leaves content and common. What all rows have in common makes the embedding of a long text
 * a little longer than its contents, so that the cosine takes less from texts of many words (pivoted length normalization; Singhal,
 * Buckley and Mitra, 1996).
 */
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { float8E5M2ToFloat32, float32ToFloat8E5M2 } from '../files/float8.js';
import type { Qwen2Shape } from './model-folder.js';

export interface RowOptions {
  /** One layer, as many key-value heads as heads. */
  shape: Qwen2Shape;
  /** Ids of the most frequent tokens, which stand for the length of the text. */
  stopTokens: readonly number[];
  /** Ids of the words that make a question, whose contents are shortened. */
  questionTokens: ReadonlySet<number>;
  seed: number;
}

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
/** Id of the special token that the tokenizer puts before every text. */
const START_TOKEN = 0;

/** Where the parts of a row begin, and the dimensions of a head that they are projected to. */
export interface Parts {
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

export function embeddingRows(
  content: Float32Array,
  width: number,
  parts: Parts,
  { shape, stopTokens, questionTokens, seed }: RowOptions,
): Float32Array {
  const { hiddenSize, vocabularySize } = shape;
  const stop = new Set(stopTokens);
  const signs = new Random(seed, 'token codes');
  const { code, constant, common } = storedLengths(parts, hiddenSize);
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
    row[parts.common] = common;
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

/** What the fixed parts have in rows as long as the root of `hidden`: each dimension of a code, but for its sign; stop and start. */
export function storedLengths(
  { codeWidth }: Parts,
  hidden: number,
): { code: number; constant: number; common: number } {
  const length = CODE_LENGTH * Math.sqrt(hidden);
  return {
    code: storedNumber(length / Math.sqrt(codeWidth)),
    constant: storedNumber(length),
    common: storedNumber(COMMON_LENGTH * Math.sqrt(hidden)),
  };
}

/** The nearest numbers of those that the file can hold. */
function stored(values: Float32Array): Float32Array {
  return float8E5M2ToFloat32(float32ToFloat8E5M2(values));
}

export function storedNumber(value: number): number {
  return stored(Float32Array.of(value))[0]!;
}

function lengthOf(rows: Float32Array, row: number, width: number): number {
  let squares = 0;
  for (let j = row * width; j < (row + 1) * width; j++) squares += rows[j]! ** 2;
  return Math.sqrt(squares);
}
