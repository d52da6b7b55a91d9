/**
 * The encoder layer of the first transformers, norms after each sum (Vaswani et al., 2017, arXiv:1706.03762; Devlin et
 * al., 2018, arXiv:1810.04805), which BERT, RoBERTa, MPNet and DistilBERT share; they name its modules differently.
 *
 *   x = norm(hidden + output(attention(query, key, value of hidden)))
 *   y = norm(x + down(gelu(up(x))))
 *
 *   B batch, S sequence, N = B*S, D hidden size, H heads, E head dimension
 *
 * Dropout of hidden states and of attention is left out, in training too.
 */
import * as tf from '@tensorflow/tfjs';
import type { LayerStage, LayerTensor, LinearModule, ModelConfig, TensorShapes } from '../architecture.js';
import { type ActivationName, activate } from '../layers/activation.js';
import { attend } from '../layers/attention.js';
import { attentionBias } from '../layers/attention-bias.js';
import { layerNorm } from '../layers/layer-norm.js';
import { type LinearOptions, linear, type Parameters } from '../layers/linear.js';

export interface PostNormConfig extends ModelConfig {
  activation: ActivationName;
  layerNormEpsilon: number;
}

/** Paths of the modules inside a layer. */
export interface PostNormNames {
  query: string;
  key: string;
  value: string;
  attentionOutput: string;
  attentionNorm: string;
  up: string;
  down: string;
  outputNorm: string;
}

/** What `LayerStage` has beside parts and run. */
type Variant<Config extends PostNormConfig> = Pick<LayerStage<Config>, 'prefix' | 'shared'> &
  Partial<Pick<LayerStage<Config>, 'inputs'>> & {
    names: PostNormNames;
    /** Added to the scores of all heads [1, H, S, S], such as relative positions. */
    scoreBias?(parameters: Parameters, inputs: Record<string, tf.Tensor>): tf.Tensor;
  };

export function postNormLayers<Config extends PostNormConfig>(variant: Variant<Config>): LayerStage<Config> {
  const { prefix, shared, names, scoreBias } = variant;
  return {
    prefix,
    ...(shared ? { shared } : {}),
    inputs: (config) => ({ attentionBias, ...variant.inputs?.(config) }),
    parts: ({ hiddenSize, intermediateSize }) => postNormParts(names, hiddenSize, intermediateSize),
    run(hidden, parameters, inputs, config, options) {
      const mask = inputs.attentionBias as tf.Tensor;
      const bias = scoreBias ? tf.add(mask, scoreBias(parameters, inputs)) : mask;
      const normed = (x: tf.Tensor, name: string): tf.Tensor =>
        layerNorm(
          x,
          parameters[`${name}.weight`] as tf.Tensor,
          parameters[`${name}.bias`] as tf.Tensor,
          config.layerNormEpsilon,
        );
      const attended = attention(hidden, parameters, bias, names, config, options);
      const x = normed(tf.add(hidden, attended), names.attentionNorm);
      const inner = activate(linear(x, parameters, names.up, options), config.activation);
      return normed(tf.add(x, linear(inner, parameters, names.down, options)), names.outputNorm);
    },
  };
}

function postNormParts(names: PostNormNames, width: number, inner: number): (LinearModule | LayerTensor)[] {
  const square = (path: string): LinearModule => ({ path, outputs: width, inputs: width, bias: true });
  const norm = (name: string): LayerTensor[] => [
    { name: `${name}.weight`, shape: [width] },
    { name: `${name}.bias`, shape: [width] },
  ];
  return [
    square(names.query),
    square(names.key),
    square(names.value),
    square(names.attentionOutput),
    ...norm(names.attentionNorm),
    { path: names.up, outputs: inner, inputs: width, bias: true },
    { path: names.down, outputs: width, inputs: inner, bias: true },
    ...norm(names.outputNorm),
  ];
}

function attention(
  hidden: tf.Tensor,
  parameters: Parameters,
  bias: tf.Tensor,
  names: PostNormNames,
  { attentionHeads, headDimension }: PostNormConfig,
  options: LinearOptions,
): tf.Tensor {
  const sequence = bias.shape.at(-1) as number;
  const batch = (hidden.shape[0] as number) / sequence;
  // [N, D] -> [B, H, S, E]
  const heads = (name: string): tf.Tensor =>
    tf.transpose(
      tf.reshape(linear(hidden, parameters, name, options), [batch, sequence, attentionHeads, headDimension]),
      [0, 2, 1, 3],
    );
  const mixed = attend(heads(names.query), heads(names.key), heads(names.value), bias);
  return linear(mixed, parameters, names.attentionOutput, options);
}

/** The norm that follows the sum of the embeddings. */
export function embeddingNormTensors({ hiddenSize }: ModelConfig): TensorShapes {
  return { 'embeddings.LayerNorm.weight': [hiddenSize], 'embeddings.LayerNorm.bias': [hiddenSize] };
}

export function embeddingNorm(hidden: tf.Tensor, parameters: Parameters, { layerNormEpsilon }: PostNormConfig) {
  return layerNorm(
    hidden,
    parameters['embeddings.LayerNorm.weight'] as tf.Tensor,
    parameters['embeddings.LayerNorm.bias'],
    layerNormEpsilon,
  );
}
