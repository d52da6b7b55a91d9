/**
 * In which form an input of linear modules is quantized, from how large its channels are on real texts. Activations have
 * 255 levels a row, shared by all of its channels, so that a large channel takes them from the others:
 *
 *   plain      as it is
 *   scaled     the range is shared between activations and weights (Xiao et al., 2023, "SmoothQuant", arXiv:2211.10438):
 *              x_j / s_j times s_j W_j, with s_j = (max|x_j| / max|W_j|)^a, a of 1/2, or less where the weights' rows bear less
 *   apart      scaled, and the largest channels stay in float32 (Dettmers et al., 2022, "LLM.int8()", arXiv:2208.07339)
 *
 * Each form costs more than the one before: a pass over the input, and one over the output, which is often much wider.
 * Around which level an input is quantized costs nothing: behind a GELU, whose least value is -0.17, a low one leaves
 * nearly all levels to the positive values (asymmetric quantization; Jacob et al., 2018, arXiv:1712.05877).
 */

import { mean } from '../../core/mean.js';
import { levelsAround, MIDDLE } from '../../engine/tracing/quantized-products.js';
import type { InputChannels } from '../../engine/types.js';

export const CHANNEL_FORMS = ['plain', 'scaled', 'apart'] as const;
export type ChannelForm = (typeof CHANNEL_FORMS)[number];

/** How many channels stay in float32 in the form `apart`, 2 % of the products of Qwen2.5-0.5B, and where that is not enough. */
const OUTLIERS = { apart: 16, 'many apart': 64 };

/** What was seen of an input of width [in]. */
export interface SeenInput {
  /** max|x| of each channel over all texts. */
  magnitudes: Float32Array;
  /** Some of its rows. */
  rows: readonly Float32Array[];
}

/** Levels that may stand for zero. */
export const ZERO_POINTS = [MIDDLE, 64, 32, 16] as const;

/**
 * A form of an input, and what rounding the input in it does to the product, around each of {@link ZERO_POINTS}, in units
 * that all forms share.
 */
export type ChannelChoices = Record<ChannelForm, { channels: InputChannels; errors: readonly number[] }> & {
  /** As `apart` with more channels; taken where all else is not enough. */
  'many apart': { channels: InputChannels };
};

/** Of a weight, above zero and below; where the processor allows only half of them, all forms are off by twice as much. */
const WEIGHT_LEVELS = 127;
/** How many rows of activations, and of each weight, errors are taken of: of all of a large model it would be a minute. */
const JUDGED_ROWS = 64;
const JUDGED_OUTPUTS = 128;
/** Of a narrow input at most this share stays in float32. */
const LARGEST_SHARE = 1 / 8;
/** Keeps a channel without activations, or without weights, from 0 / 0. */
const TINY = 1e-5;
/** A cheaper form is taken where it rounds at most so many times as much. */
const WORTH_IT = 1.25;

/** Powers of max|x| / max|W| that channels may be divided by. */
const POWERS = [1 / 2, 1 / 4, 1 / 8];

/** @param weights of the modules that read the input, each [out, in] */
export function channelChoices(
  { magnitudes, rows }: SeenInput,
  weights: readonly Float32Array[],
  outliers = OUTLIERS,
): ChannelChoices {
  const inputs = magnitudes.length;
  const judged = everyFew(rows.length, JUDGED_ROWS).map((row) => rows[row] as Float32Array);
  const columns = columnsOf(weights, inputs);
  const ratios = magnitudes.map((value, i) => Math.max(value, TINY) / Math.max(columns.largest[i]!, TINY));
  const fromLargest = [...magnitudes.keys()].sort(
    (a, b) => magnitudes[b]! * columns.largest[b]! - magnitudes[a]! * columns.largest[a]! || a - b,
  );
  const scaled = (power: number, most: number): InputChannels => {
    const powers = ratios.map((ratio) => ratio ** power);
    const centre = Math.exp(powers.reduce((sum, value) => sum + Math.log(value), 0) / inputs);
    const scales = powers.map((value) => value / centre);
    const count = Math.min(most, Math.max(1, Math.floor(inputs * LARGEST_SHARE)));
    const largestOnes = fromLargest.slice(0, count).sort((a, b) => a - b);
    for (const channel of largestOnes) scales[channel] = 1;
    return { scales, outliers: largestOnes };
  };
  const choice = (channels: InputChannels) => ({
    channels,
    errors: roundingErrors(judged, columns.squares, weights, channels),
  });
  /** With the power that rounds least around the level that suits it best. */
  const best = (most: number) => {
    const choices = POWERS.map((power) => choice(scaled(power, most)));
    const least = choices.map(({ errors }) => Math.min(...errors));
    return choices[least.indexOf(Math.min(...least))] as ReturnType<typeof choice>;
  };
  return {
    plain: choice({ outliers: [] }),
    scaled: best(0),
    apart: best(outliers.apart),
    'many apart': best(outliers['many apart']),
  };
}

/**
 * One form and one level for the same input of all layers, so that one program serves them: the cheapest form that is
 * nearly as good as any other in each of them, around the level that rounds least.
 */
export function chooseForm(layers: readonly ChannelChoices[]): { form: ChannelForm; zeroPoint: number } {
  const levels = Object.fromEntries(CHANNEL_FORMS.map((form) => [form, bestLevel(layers, form)]));
  const errorOf = (choices: ChannelChoices, form: ChannelForm): number => choices[form].errors[levels[form] as number]!;
  const isWorthIt = (form: ChannelForm): boolean =>
    layers.some((choices) => {
      const best = Math.min(...CHANNEL_FORMS.map((other) => errorOf(choices, other)));
      return errorOf(choices, form) > WORTH_IT * best;
    });
  const form = CHANNEL_FORMS.find((form) => !isWorthIt(form)) ?? 'apart';
  return { form, zeroPoint: ZERO_POINTS[levels[form] as number] as number };
}

/** Index of the level around which a form rounds least in all layers together, the first of equals. */
function bestLevel(layers: readonly ChannelChoices[], form: ChannelForm): number {
  const totals = ZERO_POINTS.map((_, level) =>
    layers.reduce((sum, choices) => sum + choices[form].errors[level]! ** 2, 0),
  );
  return totals.indexOf(Math.min(...totals));
}

/**
 * Root mean square over rows of what rounding adds to their product, around each level. A number is off by a step /
 * sqrt(12), or by all of itself where it is less than that. The steps of a row of x reach its largest value in the levels
 * above zero and its least in those below, and the columns of W carry that on; the steps of a row of W reach its largest
 * magnitude, and x carries that on.
 */
function roundingErrors(
  rows: readonly Float32Array[],
  squares: Float64Array,
  weights: readonly Float32Array[],
  { scales, outliers }: InputChannels,
): number[] {
  const factors = Float64Array.from(squares, (_, channel) => scales?.[channel] ?? 1);
  for (const channel of outliers) factors[channel] = 0;
  const carried = squares.map((square, channel) => square * factors[channel]! ** 2);
  const levels = ZERO_POINTS.map(levelsAround);
  const sums = new Float64Array(levels.length);
  const values = new Float64Array(factors.length);
  let square = 0;
  for (const row of rows) {
    let [least, most] = [0, 0];
    for (let channel = 0; channel < values.length; channel++) {
      const value = factors[channel] === 0 ? 0 : row[channel]! / factors[channel]!;
      if (value < least) least = value;
      if (value > most) most = value;
      values[channel] = value * value;
      square += value * value;
    }
    levels.forEach(({ above, below }, level) => {
      const step = Math.max(most / above, -least / below) ** 2 / 12;
      for (let channel = 0; channel < values.length; channel++) {
        sums[level]! += carried[channel]! * Math.min(values[channel]!, step);
      }
    });
  }
  const ofWeights = (squaredSteps(weights, factors) * square) / 12;
  return Array.from(sums, (sum) => Math.sqrt((sum + ofWeights) / Math.max(rows.length, 1)));
}

/** Sum over the rows of all weights, from some of them. @param factors of their columns [in] */
function squaredSteps(weights: readonly Float32Array[], factors: Float64Array): number {
  const inputs = factors.length;
  return weights.reduce((total, weight) => {
    const outputs = everyFew(weight.length / inputs, JUDGED_OUTPUTS);
    const squares = outputs.map((output) => {
      let largest = 0;
      for (let i = 0; i < inputs; i++) {
        const size = Math.abs(weight[output * inputs + i]!) * factors[i]!;
        if (size > largest) largest = size;
      }
      return (largest / WEIGHT_LEVELS) ** 2;
    });
    return total + mean(squares) * (weight.length / inputs);
  }, 0);
}

/** At most so many of `count` numbers from 0, evenly apart. */
function everyFew(count: number, most: number): number[] {
  return Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor((i * count) / Math.min(count, most)));
}

/** Of each column of all weights together the largest magnitude and the sum of squares [in]. */
function columnsOf(weights: readonly Float32Array[], inputs: number): { largest: Float32Array; squares: Float64Array } {
  const [largest, squares] = [new Float32Array(inputs), new Float64Array(inputs)];
  for (const weight of weights) {
    weight.forEach((value, i) => {
      const channel = i % inputs;
      largest[channel] = Math.max(largest[channel]!, Math.abs(value));
      squares[channel]! += value * value;
    });
  }
  return { largest, squares };
}
