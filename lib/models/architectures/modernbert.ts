/**
 * ModernBERT (Warner et al., 2024, arXiv:2412.13663), without heads: Granite Embedding R2, GTE-ModernBERT. Norms before
 * attention and feed-forward block, rotary positions, a gated feed-forward block; most layers attend to neighbours only.
 *
 *   x = hidden + Wo(attention(Wqkv(norm(hidden))))       no norm in the first layer, since that of the embeddings precedes
 *   y = x + Wo(gelu(u) * v), [u, v] = Wi(norm(x))        GeGLU (Shazeer, 2020, arXiv:2002.05202)
 *
 *   B batch, S sequence, N = B*S, D hidden size, I feed-forward size, H heads, E head dimension
 */
import * as tf from '@tensorflow/tfjs';
import type { Architecture, LayerTensor, LinearModule } from '../architecture.js';
import { activate } from '../layers/activation.js';
import { attend } from '../layers/attention.js';
import { attentionBias, localAttentionBias } from '../layers/attention-bias.js';
import { layerNorm } from '../layers/layer-norm.js';
import { type LinearOptions, linear, type Parameters } from '../layers/linear.js';
import { rotaryInputs, rotate } from '../layers/rotary.js';
import { type ModernBertConfig, parseModernBertConfig } from './modernbert-config.js';

const EMBEDDING_NORM = 'embeddings.norm';
const FINAL_NORM = 'final_norm';

export const modernBert: Architecture<ModernBertConfig> = {
  modelTypes: { modernbert: 'ModernBERT, Granite Embedding R2' },
  prefixes: ['model.'],
  ignoredTensors: /^(head|decoder|classifier)\./,
  parseConfig: parseModernBertConfig,
  embedding: {
    table: 'embeddings.tok_embeddings.weight',
    tensors: (config) =>
      Object.fromEntries(normTensors(EMBEDDING_NORM, config).map(({ name, shape }) => [name, shape])),
    run: (rows, parameters, _inputs, config) => norm(rows, parameters, EMBEDDING_NORM, config),
  },
  layers: {
    prefix: 'layers.',
    parts,
    inputs({ headDimension, globalTheta, localTheta, reach }) {
      const { cos, sin } = rotaryInputs(headDimension, globalTheta);
      const { cos: localCos, sin: localSin } = rotaryInputs(headDimension, localTheta);
      return { attentionBias, cos, sin, localBias: localAttentionBias(reach), localCos, localSin };
    },
    inputsOf: (layer, { isGlobal }): Record<string, string> =>
      isGlobal[layer]
        ? { attentionBias: 'attentionBias', cos: 'cos', sin: 'sin' }
        : { attentionBias: 'localBias', cos: 'localCos', sin: 'localSin' },
    run(hidden, parameters, inputs, config, options) {
      const isFirst = parameters['attn_norm.weight'] === undefined;
      const normed = isFirst ? hidden : norm(hidden, parameters, 'attn_norm', config);
      const attended = attention(normed, parameters, inputs as unknown as LayerInputs, config, options);
      const x = tf.add(hidden, attended);
      return tf.add(x, feedForward(norm(x, parameters, 'mlp_norm', config), parameters, config, options));
    },
  },
  head: {
    tensors: (config) => Object.fromEntries(normTensors(FINAL_NORM, config).map(({ name, shape }) => [name, shape])),
    run: (hidden, parameters, config) => norm(hidden, parameters, FINAL_NORM, config),
  },
};

type LayerInputs = Record<'attentionBias' | 'cos' | 'sin', tf.Tensor>;

function normTensors(name: string, { hiddenSize, normBias }: ModernBertConfig): LayerTensor[] {
  const weight = { name: `${name}.weight`, shape: [hiddenSize] };
  return normBias ? [weight, { name: `${name}.bias`, shape: [hiddenSize] }] : [weight];
}

function norm(x: tf.Tensor, parameters: Parameters, name: string, { normEpsilon }: ModernBertConfig): tf.Tensor {
  return layerNorm(x, parameters[`${name}.weight`] as tf.Tensor, parameters[`${name}.bias`], normEpsilon);
}

function parts(config: ModernBertConfig, layer: number): (LinearModule | LayerTensor)[] {
  const { hiddenSize, intermediateSize, attentionBias: bias, mlpBias } = config;
  return [
    ...(layer === 0 ? [] : normTensors('attn_norm', config)),
    { path: 'attn.Wqkv', outputs: 3 * hiddenSize, inputs: hiddenSize, bias },
    { path: 'attn.Wo', outputs: hiddenSize, inputs: hiddenSize, bias },
    ...normTensors('mlp_norm', config),
    { path: 'mlp.Wi', outputs: 2 * intermediateSize, inputs: hiddenSize, bias: mlpBias },
    { path: 'mlp.Wo', outputs: hiddenSize, inputs: intermediateSize, bias: mlpBias, onlyAdded: true },
  ];
}

function attention(
  x: tf.Tensor,
  parameters: Parameters,
  { attentionBias, cos, sin }: LayerInputs,
  { attentionHeads, headDimension }: ModernBertConfig,
  options: LinearOptions,
): tf.Tensor {
  const [batch, , sequence] = attentionBias.shape as [number, number, number, number];
  const all = linear(x, parameters, 'attn.Wqkv', options);
  // [N, 3 D] -> 3 of [B, H, S, E]
  const [query, key, value] = tf
    .split(all, 3, -1)
    .map((part) => tf.transpose(tf.reshape(part, [batch, sequence, attentionHeads, headDimension]), [0, 2, 1, 3])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const mixed = attend(rotate(query, cos, sin), rotate(key, cos, sin), value, attentionBias);
  return linear(mixed, parameters, 'attn.Wo', options);
}

function feedForward(
  x: tf.Tensor,
  parameters: Parameters,
  { activation }: ModernBertConfig,
  options: LinearOptions,
): tf.Tensor {
  const [inner, gate] = tf.split(linear(x, parameters, 'mlp.Wi', options), 2, -1) as [tf.Tensor, tf.Tensor];
  return linear(tf.mul(activate(inner, activation), gate), parameters, 'mlp.Wo', options);
}
