/**
 * Qwen2 of one layer as a {@link TokenForm}, where the weights allow it: no feed-forward block, heads that score alike, and
 * queries and keys that the rotation of positions does not change. So are the encoders that `pretrain` makes
 * (pretraining/saturation-layer.ts).
 *
 * The last two are bounds over all tokens of the vocabulary: with X[i] the largest |x[i]| that a normalized row has, no
 * query has a value beyond |W| X + |b|. Both bounds together, the error of a score, may be {@link MAX_SCORE_ERROR}.
 */
import * as tf from '@tensorflow/tfjs';
import { quantity } from '../../core/quantity.js';
import type { EmbeddingTable } from '../embedding-table.js';
import { linear, type Parameters } from '../layers/linear.js';
import { rmsNorm } from '../layers/rms-norm.js';
import type { CheckedWeights, TokenForm } from '../token-form.js';
import type { QwenConfig } from './qwen-config.js';

/**
 * A share of attention is then off by at most half a percent of itself, whatever the text. In the encoders of this package
 * the bound comes to 0.00001, over 1,024 positions; on abstracts their embeddings keep a cosine of 0.9999999.
 */
export const MAX_SCORE_ERROR = 0.0025;

const LAYER = 'layers.0.';
const ATTENTION = `${LAYER}self_attn.`;

export const qwenTokenForm: TokenForm<QwenConfig> = {
  adaptable: ['self_attn.v_proj', 'self_attn.o_proj'],
  queryWidth: ({ headDimension }) => headDimension,
  async refusal(config, weights) {
    if (config.layers !== 1) return `it has ${quantity(config.layers, 'layers')}: one is expected`;
    if (config.queryKeyNorm) return 'its queries and keys are normalized';
    const down = await weights.read(`${LAYER}mlp.down_proj.weight`);
    if (down.some((value) => value !== 0)) return 'its feed-forward block adds to the hidden states';
    const projections = await readProjections(config, weights);
    const error = headError(projections, config) + rotationError(projections, config);
    if (error <= MAX_SCORE_ERROR) return null;
    return `heads and positions change its attention scores by up to ${error.toPrecision(2)}: at most ${MAX_SCORE_ERROR} is expected`;
  },
  values(rows, parameters, config, options) {
    const { attentionHeads, keyValueHeads, headDimension: width } = config;
    const norm = parameters[`${LAYER}input_layernorm.weight`] as tf.Tensor;
    const x = rmsNorm(rows, norm, config.rmsNormEpsilon);
    const value = linear(x, parameters, `${ATTENTION}v_proj`, options);
    return {
      query: tf.mul(firstHead(x, parameters, 'q', width), 1 / Math.sqrt(width)),
      key: firstHead(x, parameters, 'k', width),
      added: linear(
        repeated(value, keyValueHeads, attentionHeads / keyValueHeads, width),
        parameters,
        `${ATTENTION}o_proj`,
        options,
      ),
    };
  },
};

/** Queries or keys of the first head, which stands for all: [n, D] to [n, E]. */
function firstHead(x: tf.Tensor, parameters: Parameters, name: 'q' | 'k', width: number): tf.Tensor {
  const weight = parameters[`${ATTENTION}${name}_proj.weight`] as tf.Tensor;
  const bias = parameters[`${ATTENTION}${name}_proj.bias`];
  const y = tf.matMul(x, tf.slice(weight, [0, 0], [width, weight.shape[1] as number]), false, true);
  return bias ? tf.add(y, tf.slice(bias, [0], [width])) : y;
}

/** Values [n, K * E] as the query heads see them [n, H * E]: each `times` times. */
function repeated(values: tf.Tensor, heads: number, times: number, width: number): tf.Tensor {
  if (times === 1) return values;
  const tokens = values.shape[0] as number;
  const tiled = tf.tile(tf.reshape(values, [tokens, heads, 1, width]), [1, 1, times, 1]);
  return tf.reshape(tiled, [tokens, heads * times * width]);
}

/** A projection to queries or keys, and the largest value that each of its outputs has for any token. */
interface Projection {
  weight: Float32Array;
  bias: Float32Array | undefined;
  bounds: Float64Array;
}

interface Projections {
  query: Projection;
  key: Projection;
  /** [D]: X of the header. */
  inputs: Float64Array;
}

async function readProjections(config: QwenConfig, { table, read }: CheckedWeights): Promise<Projections> {
  const inputs = largestInputs(table, await read(`${LAYER}input_layernorm.weight`), config.rmsNormEpsilon);
  const projection = async (name: 'q' | 'k'): Promise<Projection> => {
    const weight = await read(`${ATTENTION}${name}_proj.weight`);
    const bias = config.attentionBias ? await read(`${ATTENTION}${name}_proj.bias`) : undefined;
    const rows = weight.length / config.hiddenSize;
    const bounds = Float64Array.from({ length: rows }, (_, row) => Math.abs(bias?.[row] ?? 0));
    for (let row = 0; row < rows; row++) bounds[row]! += largestProduct(weight, row, undefined, inputs);
    return { weight, bias, bounds };
  };
  return { query: await projection('q'), key: await projection('k'), inputs };
}

/** The largest |x[i]| of any token, for each i, after the norm before the layer. */
function largestInputs(table: EmbeddingTable, norm: Float32Array, epsilon: number): Float64Array {
  const { hiddenSize, vocabularySize } = table;
  const largest = new Float64Array(hiddenSize);
  const row = new Float32Array(hiddenSize);
  const id = new Int32Array(1);
  for (let token = 0; token < vocabularySize; token++) {
    id[0] = token;
    table.lookup(id, row);
    let squares = 0;
    for (let i = 0; i < hiddenSize; i++) squares += row[i]! * row[i]!;
    const scale = 1 / Math.sqrt(squares / hiddenSize + epsilon);
    for (let i = 0; i < hiddenSize; i++) {
      const value = Math.abs(row[i]!) * scale;
      if (value > largest[i]!) largest[i] = value;
    }
  }
  return largest.map((value, i) => value * Math.abs(norm[i]!));
}

/** sum over i of |W[row, i] - W[other, i]| X[i]; without another row, of |W[row, i]| X[i]. */
function largestProduct(weight: Float32Array, row: number, other: number | undefined, inputs: Float64Array): number {
  const width = inputs.length;
  let sum = 0;
  for (let i = 0; i < width; i++) {
    const beside = other === undefined ? 0 : weight[other * width + i]!;
    sum += Math.abs(weight[row * width + i]! - beside) * inputs[i]!;
  }
  return sum;
}

/** Largest difference between the score that a head gives and that of the first, for any two tokens at any distance. */
function headError({ query, key, inputs }: Projections, config: QwenConfig): number {
  const { attentionHeads, keyValueHeads, headDimension: width } = config;
  const off = ({ weight, bias }: Projection, head: number, i: number): number =>
    largestProduct(weight, head * width + i, i, inputs) + Math.abs((bias?.[head * width + i] ?? 0) - (bias?.[i] ?? 0));
  const half = width / 2;
  let largest = 0;
  for (let head = 0; head < attentionHeads; head++) {
    const keyHead = Math.floor((head * keyValueHeads) / attentionHeads);
    let error = 0;
    // positions turn pairs of dimensions, whatever the distance
    for (let pair = 0; pair < half; pair++) {
      const both = (value: (i: number) => number): number => value(pair) + value(pair + half);
      const keyOfHead = both((i) => key.bounds[keyHead * width + i]!);
      const queryOfFirst = both((i) => query.bounds[i]!);
      error += both((i) => off(query, head, i)) * keyOfHead + queryOfFirst * both((i) => off(key, keyHead, i));
    }
    largest = Math.max(largest, error);
  }
  return largest / Math.sqrt(width);
}

/**
 * Largest change of a score of the first head by the rotation of positions. The score of a pair of dimensions at an angle
 * a is cos a (q1 k1 + q2 k2) + sin a (q1 k2 - q2 k1).
 */
function rotationError({ query, key }: Projections, config: QwenConfig): number {
  const { headDimension: width, ropeTheta, maxPositions } = config;
  const half = width / 2;
  let error = 0;
  for (let pair = 0; pair < half; pair++) {
    const angle = (maxPositions - 1) * ropeTheta ** (-pair / half);
    const [q1, q2, k1, k2] = [
      query.bounds[pair]!,
      query.bounds[pair + half]!,
      key.bounds[pair]!,
      key.bounds[pair + half]!,
    ];
    const cosine = angle < Math.PI ? 1 - Math.cos(angle) : 2;
    const sine = angle < Math.PI / 2 ? Math.sin(angle) : 1;
    error += cosine * (q1 * k1 + q2 * k2) + sine * (q1 * k2 + q2 * k1);
  }
  return error / Math.sqrt(width);
}
