/**
 * The Qwen2 transformer (Qwen Team, 2024, arXiv:2407.10671; Qwen3, arXiv:2505.09388, differs by norms on queries and
 * keys), written once in tfjs ops for every engine, without the language-model head.
 *
 *   B batch, S sequence, N = B*S, D hidden size, H attention heads, K key-value heads, E head dimension
 *
 * Hidden states are kept as [N, D]: every linear layer is then one plain matrix product, whose gradient tfjs can take.
 */
import * as tf from '@tensorflow/tfjs';
import { type LinearOptions, linear, type Parameters } from './linear.js';
import type { ModelConfig } from './model-config.js';

/** What a layer needs to know of the batch besides the hidden states. */
export interface BatchTensors {
  /** [B, 1, S, S], added to the attention scores: 0 where a token may look, a large negative number elsewhere. */
  attentionBias: tf.Tensor;
  /** [S, E] rotary angles: their cosines and sines. */
  cos: tf.Tensor;
  sin: tf.Tensor;
}

/**
 * One decoder layer: hidden states [N, D] to hidden states [N, D].
 *
 * @param parameters by their names inside the layer, such as "self_attn.q_proj.weight"
 */
export function decoderLayer(
  hidden: tf.Tensor,
  parameters: Parameters,
  batch: BatchTensors,
  config: ModelConfig,
  options: LinearOptions,
): tf.Tensor {
  const attended = tf.add(hidden, attention(normed(hidden, 'input_layernorm'), parameters, batch, config, options));
  return tf.add(attended, feedForward(normed(attended, 'post_attention_layernorm'), parameters, options));

  function normed(x: tf.Tensor, name: string): tf.Tensor {
    return rmsNorm(x, parameters[`${name}.weight`] as tf.Tensor, config.rmsNormEpsilon);
  }
}

/** x / sqrt(mean(x^2) + epsilon) * weight over the last dimension (Zhang and Sennrich, 2019, arXiv:1910.07467). */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
  return tf.mul(tf.mul(x, scale), weight);
}

/** Grouped-query attention (Ainslie et al., 2023, arXiv:2305.13245): H query heads share K pairs of keys and values. */
function attention(
  x: tf.Tensor,
  parameters: Parameters,
  { attentionBias, cos, sin }: BatchTensors,
  config: ModelConfig,
  options: LinearOptions,
): tf.Tensor {
  const { attentionHeads: heads, keyValueHeads: groups, headDimension: width } = config;
  const [batch, , sequence] = attentionBias.shape as [number, number, number, number];

  // [N, count * E] -> [B, count, S, E]
  const project = (name: string, count: number): tf.Tensor => {
    const y = tf.reshape(linear(x, parameters, `self_attn.${name}_proj`, options), [batch, sequence, count, width]);
    const norm = config.queryKeyNorm ? parameters[`self_attn.${name}_norm.weight`] : undefined;
    return tf.transpose(norm ? rmsNorm(y, norm, config.rmsNormEpsilon) : y, [0, 2, 1, 3]);
  };
  const query = tf.mul(rotate(project('q', heads), cos, sin), 1 / Math.sqrt(width));
  const key = rotate(project('k', groups), cos, sin);
  const value = project('v', groups);

  // The heads of a group stand one after the other, so [B, H, S, E] is [B * K, (H / K) * S, E]: one product a group,
  // and no copies of keys and values.
  const rows = (heads / groups) * sequence;
  const fold = (t: tf.Tensor, length: number): tf.Tensor => tf.reshape(t, [batch * groups, length, width]);
  const scores = tf.matMul(fold(query, rows), fold(key, sequence), false, true);
  const weights = tf.softmax(tf.add(tf.reshape(scores, [batch, heads, sequence, sequence]), attentionBias));
  const mixed = tf.matMul(tf.reshape(weights, [batch * groups, rows, sequence]), fold(value, sequence));

  const merged = tf.transpose(tf.reshape(mixed, [batch, heads, sequence, width]), [0, 2, 1, 3]);
  return linear(tf.reshape(merged, [batch * sequence, heads * width]), parameters, 'self_attn.o_proj', options);
}

/** Rotary position embedding (Su et al., 2021, arXiv:2104.09864) of [B, heads, S, E], halves rotated against each other. */
function rotate(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor {
  const [first, second] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(second), first], -1), sin));
}

/** SwiGLU (Shazeer, 2020, arXiv:2002.05202): down(silu(gate(x)) * up(x)). */
function feedForward(x: tf.Tensor, parameters: Parameters, options: LinearOptions): tf.Tensor {
  const gate = linear(x, parameters, 'mlp.gate_proj', options);
  const up = linear(x, parameters, 'mlp.up_proj', options);
  return linear(tf.mul(silu(gate), up), parameters, 'mlp.down_proj', options);
}

/** y = x s with s = sigmoid(x); its derivative s + y (1 - s) takes half the passes over memory of the product rule. */
function silu(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const s = tf.sigmoid(x as tf.Tensor);
    const y = tf.mul(x as tf.Tensor, s);
    (save as tf.GradSaveFunc)([s, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, [s, y]: tf.Tensor[]) =>
        tf.mul(dy, tf.add(s as tf.Tensor, tf.mul(y as tf.Tensor, tf.sub(1, s as tf.Tensor)))),
    };
  })(x);
}

/**
 * Final norm and pooling: last hidden state [N, D] to one vector a text [B, D].
 *
 * @param poolWeights [B, 1, S]: 1 / length on the tokens of a text for the mean, 1 on one token for last and cls
 */
export function poolHidden(
  hidden: tf.Tensor,
  normWeight: tf.Tensor,
  poolWeights: tf.Tensor,
  config: ModelConfig,
): tf.Tensor {
  const [batch, , sequence] = poolWeights.shape as [number, number, number];
  const last = rmsNorm(hidden, normWeight, config.rmsNormEpsilon);
  const pooled = tf.matMul(poolWeights, tf.reshape(last, [batch, sequence, config.hiddenSize]));
  return tf.reshape(pooled, [batch, config.hiddenSize]);
}
