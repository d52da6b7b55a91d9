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
import type { InputChannels } from '../../engine/types.js';
import { roundingErrors, ZERO_POINTS } from './rounding-errors.js';

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

/**
 * An input in each form, and what rounding in it does to the product around each of {@link ZERO_POINTS}. `many apart` is
 * `apart` with more channels, for where all else is not enough.
 */
export type ChannelChoices = Record<ChannelForm | 'many apart', { channels: InputChannels; errors: readonly number[] }>;

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
    errors: roundingErrors(rows, weights, columns.squares, channels),
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
 * One form for the same input of all layers, so that one program serves them: the cheapest that is nearly as good as any
 * other in each of them.
 */
export function chooseForm(layers: readonly ChannelChoices[]): ChannelForm {
  const forms = CHANNEL_FORMS.map((form) => {
    const level = bestLevel(layers, form);
    return { form, errors: layers.map((choices) => choices[form].errors[level]!) };
  });
  const best = layers.map((_, layer) => Math.min(...forms.map(({ errors }) => errors[layer]!)));
  const isGood = (errors: readonly number[]): boolean =>
    errors.every((error, layer) => error <= WORTH_IT * best[layer]!);
  return forms.find(({ errors }) => isGood(errors))?.form ?? 'apart';
}

/** The level that stands for zero in all layers: the one whose cost in the layer that it suits least is smallest. */
export function zeroPointFor(layers: readonly ChannelChoices[], form: keyof ChannelChoices): number {
  return ZERO_POINTS[bestLevel(layers, form)] as number;
}

/** Its index; of equals the first. */
function bestLevel(layers: readonly ChannelChoices[], form: keyof ChannelChoices): number {
  const costs = ZERO_POINTS.map((_, level) =>
    layers.reduce((most, choices) => {
      const { errors } = choices[form];
      const least = Math.min(...errors);
      return errors[level] === least ? most : Math.max(most, errors[level]! / least);
    }, 1),
  );
  return costs.indexOf(Math.min(...costs));
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
