/**
 * In which form an input of linear modules is quantized, from how large its channels are on real texts. Activations have
 * 255 levels a row, shared by all of its channels, so that a large channel takes them from the others:
 *
 *   plain      as it is
 *   scaled     the range is shared between activations and weights (Xiao et al., 2023, "SmoothQuant", arXiv:2211.10438):
 *              x_j / s_j times s_j W_j, with s_j = sqrt(max|x_j| / max|W_j|)
 *   apart      scaled, and the largest channels stay in float32 (Dettmers et al., 2022, "LLM.int8()", arXiv:2208.07339)
 *
 * Each form costs more than the one before: a pass over the input, and one over the output, which is often much wider.
 */
import type { InputChannels } from '../engine/types.js';

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

/** A form of an input, and what rounding the input in it does to the product, in units that all forms share. */
export type ChannelChoices = Record<ChannelForm, { channels: InputChannels; error: number }> & {
  /** As `apart` with more channels; taken where all else is not enough, so that nobody asks for its error. */
  'many apart': { channels: InputChannels };
};

/** Of a narrow input at most this share stays in float32. */
const LARGEST_SHARE = 1 / 8;
/** Keeps a channel without activations, or without weights, from 0 / 0. */
const TINY = 1e-5;
/** A cheaper form is taken where it rounds at most so many times as much. */
const WORTH_IT = 1.25;

/** @param weights of the modules that read the input, each [out, in] */
export function channelChoices(
  { magnitudes, rows }: SeenInput,
  weights: readonly Float32Array[],
  outliers = OUTLIERS,
): ChannelChoices {
  const inputs = magnitudes.length;
  const { largest, squares } = columnsOf(weights, inputs);
  const scales = magnitudes.map((value, i) => Math.sqrt(Math.max(value, TINY) / Math.max(largest[i]!, TINY)));
  const centre = Math.exp(scales.reduce((sum, scale) => sum + Math.log(scale), 0) / inputs);
  const centred = scales.map((scale) => scale / centre);
  const fromLargest = [...magnitudes.keys()].sort(
    (a, b) => magnitudes[b]! / scales[b]! - magnitudes[a]! / scales[a]! || a - b,
  );
  const apart = (most: number): InputChannels => {
    const count = Math.max(1, Math.min(most, Math.floor(inputs * LARGEST_SHARE)));
    const largestOnes = fromLargest.slice(0, count).sort((a, b) => a - b);
    const ofOthers = centred.slice();
    for (const channel of largestOnes) ofOthers[channel] = 1;
    return { scales: ofOthers, outliers: largestOnes };
  };
  const choice = (channels: InputChannels) => ({ channels, error: roundingError(rows, squares, channels) });
  return {
    plain: choice({ outliers: [] }),
    scaled: choice({ scales: centred, outliers: [] }),
    apart: choice(apart(outliers.apart)),
    'many apart': { channels: apart(outliers['many apart']) },
  };
}

/**
 * One form for the same input of all layers, so that one program serves them: the cheapest that is nearly as good as any
 * other in each of them.
 */
export function chooseForm(layers: readonly ChannelChoices[]): ChannelForm {
  const isWorthIt = (form: ChannelForm): boolean =>
    layers.some((choices) => {
      const best = Math.min(...CHANNEL_FORMS.map((other) => choices[other].error));
      return choices[form].error > WORTH_IT * best;
    });
  return CHANNEL_FORMS.find((form) => !isWorthIt(form)) ?? 'apart';
}

/**
 * Root mean square over rows of what rounding adds to their product: a channel is off by a step / sqrt(12), where the
 * step is the row's largest magnitude / 127, and its column of the weight carries that on.
 */
function roundingError(
  rows: readonly Float32Array[],
  squares: Float64Array,
  { scales, outliers }: InputChannels,
): number {
  const apart = new Set(outliers);
  const scaleOf = (channel: number): number => scales?.[channel] ?? 1;
  const quantized = [...squares.keys()].filter((channel) => !apart.has(channel));
  const carried = quantized.reduce((sum, channel) => sum + squares[channel]! * scaleOf(channel) ** 2, 0);
  const steps = rows.reduce((sum, row) => {
    const largest = quantized.reduce((most, channel) => Math.max(most, Math.abs(row[channel]! / scaleOf(channel))), 0);
    return sum + (largest / 127) ** 2 / 12;
  }, 0);
  return Math.sqrt((carried * steps) / Math.max(rows.length, 1));
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
