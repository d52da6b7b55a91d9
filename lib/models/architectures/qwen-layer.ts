/**
 * What Qwen2 (Qwen Team, 2024, arXiv:2407.10671) and Qwen3 (arXiv:2505.09388) share: a decoder layer with norms before
 * attention and SwiGLU, rotary positions, grouped queries. They differ by biases and by norms on queries and keys.
 *
 *   B batch, S sequence, N = B*S, D hidden size, H attention heads, K key-value heads, E head dimension
 *
 * Hidden states are kept as [N, D]: every linear module is then one plain matrix product, whose gradient tfjs can take.
 */
import * as tf from '@tensorflow/tfjs';
import type { EmbeddingStage, HeadStage, LayerStage, LayerTensor, LinearModule } from '../architecture.js';
import { attend } from '../layers/attention.js';
import { attentionBias } from '../layers/attention-bias.js';
import { type LinearOptions, linear, type Parameters } from '../layers/linear.js';
import { rmsNorm } from '../layers/rms-norm.js';
import { rotaryInputs, rotate } from '../layers/rotary.js';
import { silu } from '../layers/silu.js';
import type { QwenConfig } from './qwen-config.js';

export const qwenEmbedding: EmbeddingStage<QwenConfig> = { table: 'embed_tokens.weight' };

export const qwenLayers: LayerStage<QwenConfig> = {
  prefix: 'layers.',
  parts,
  inputs: ({ headDimension, ropeTheta }) => ({ attentionBias, ...rotaryInputs(headDimension, ropeTheta) }),
  run(hidden, parameters, inputs, config, options) {
    const normed = (x: tf.Tensor, name: string): tf.Tensor =>
      rmsNorm(x, parameters[`${name}.weight`] as tf.Tensor, config.rmsNormEpsilon);
    const attended = tf.add(
      hidden,
      attention(normed(hidden, 'input_layernorm'), parameters, inputs as unknown as LayerInputs, config, options),
    );
    return tf.add(attended, feedForward(normed(attended, 'post_attention_layernorm'), parameters, options));
  },
};

export const qwenHead: HeadStage<QwenConfig> = {
  tensors: ({ hiddenSize }) => ({ 'norm.weight': [hiddenSize] }),
  run: (hidden, parameters, { rmsNormEpsilon }) =>
    rmsNorm(hidden, parameters['norm.weight'] as tf.Tensor, rmsNormEpsilon),
};

function parts(config: QwenConfig): (LinearModule | LayerTensor)[] {
  const { hiddenSize, intermediateSize, headDimension, attentionBias: bias, queryKeyNorm } = config;
  const queryWidth = config.attentionHeads * headDimension;
  const keyWidth = config.keyValueHeads * headDimension;
  const headNorms: LayerTensor[] = queryKeyNorm
    ? [
        { name: 'self_attn.q_norm.weight', shape: [headDimension] },
        { name: 'self_attn.k_norm.weight', shape: [headDimension] },
      ]
    : [];
  return [
    { name: 'input_layernorm.weight', shape: [hiddenSize] },
    { path: 'self_attn.q_proj', outputs: queryWidth, inputs: hiddenSize, bias },
    { path: 'self_attn.k_proj', outputs: keyWidth, inputs: hiddenSize, bias },
    { path: 'self_attn.v_proj', outputs: keyWidth, inputs: hiddenSize, bias },
    ...headNorms,
    { path: 'self_attn.o_proj', outputs: hiddenSize, inputs: queryWidth, bias: false },
    { name: 'post_attention_layernorm.weight', shape: [hiddenSize] },
    { path: 'mlp.gate_proj', outputs: intermediateSize, inputs: hiddenSize, bias: false },
    { path: 'mlp.up_proj', outputs: intermediateSize, inputs: hiddenSize, bias: false },
    { path: 'mlp.down_proj', outputs: hiddenSize, inputs: intermediateSize, bias: false, onlyAdded: true },
  ];
}

type LayerInputs = Record<'attentionBias' | 'cos' | 'sin', tf.Tensor>;

function attention(
  x: tf.Tensor,
  parameters: Parameters,
  { attentionBias, cos, sin }: LayerInputs,
  config: QwenConfig,
  options: LinearOptions,
): tf.Tensor {
  const { attentionHeads, keyValueHeads, headDimension } = config;
  const [batch, , sequence] = attentionBias.shape as [number, number, number, number];
  // [N, count * E] -> [B, count, S, E]
  const project = (name: string, count: number): tf.Tensor => {
    const y = linear(x, parameters, `self_attn.${name}_proj`, options);
    const heads = tf.reshape(y, [batch, sequence, count, headDimension]);
    const norm = config.queryKeyNorm ? parameters[`self_attn.${name}_norm.weight`] : undefined;
    return tf.transpose(norm ? rmsNorm(heads, norm, config.rmsNormEpsilon) : heads, [0, 2, 1, 3]);
  };
  const query = rotate(project('q', attentionHeads), cos, sin);
  const key = rotate(project('k', keyValueHeads), cos, sin);
  const mixed = attend(query, key, project('v', keyValueHeads), attentionBias);
  return linear(mixed, parameters, 'self_attn.o_proj', options);
}

/** SwiGLU (Shazeer, 2020, arXiv:2002.05202): down(silu(gate(x)) * up(x)). */
function feedForward(x: tf.Tensor, parameters: Parameters, options: LinearOptions): tf.Tensor {
  const gate = linear(x, parameters, 'mlp.gate_proj', options);
  const up = linear(x, parameters, 'mlp.up_proj', options);
  return linear(tf.mul(silu(gate), up), parameters, 'mlp.down_proj', options);
}
