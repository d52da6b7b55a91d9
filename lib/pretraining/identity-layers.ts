/**
 * Qwen2 layers that pass their input through: the projections back into the residual stream (o_proj, down_proj) are
 * zero, all others random. A mean over the last hidden state is then a weighted bag of tokens.
 *
 * Training has a hold on such layers at once: a LoRA adapter of o_proj or down_proj sees random features of the
 * context and of the token, and from its first step on the adapters below it receive gradients through it.
 */
import { Random } from '../core/random.js';
import type { Qwen2Shape, Weight } from './model-folder.js';

/** Weights of all layers, by their names in the checkpoint ("layers.0.self_attn.q_proj.weight"). */
export function identityLayers(shape: Qwen2Shape, seed: number): Record<string, Weight> {
  const { hiddenSize: hidden, intermediateSize: inner } = shape;
  const keyValueWidth = (hidden / shape.attentionHeads) * shape.keyValueHeads;
  const weights: Record<string, Weight> = {};
  for (let layer = 0; layer < shape.layers; layer++) {
    const constant = (name: string, size: number, value: number): void => {
      weights[`layers.${layer}.${name}`] = { shape: [size], data: new Float32Array(size).fill(value) };
    };
    const zeros = (name: string, out: number, into: number): void => {
      weights[`layers.${layer}.${name}.weight`] = { shape: [out, into], data: new Float32Array(out * into) };
    };
    // Variance 1/in keeps the scale: an input of unit variance gives an output of unit variance.
    const random = (name: string, out: number, into: number): void => {
      const source = new Random(seed, 'layer', layer, name);
      const data = Float32Array.from({ length: out * into }, () => source.normal() / Math.sqrt(into));
      weights[`layers.${layer}.${name}.weight`] = { shape: [out, into], data };
    };
    constant('input_layernorm.weight', hidden, 1);
    random('self_attn.q_proj', hidden, hidden);
    random('self_attn.k_proj', keyValueWidth, hidden);
    random('self_attn.v_proj', keyValueWidth, hidden);
    constant('self_attn.q_proj.bias', hidden, 0);
    constant('self_attn.k_proj.bias', keyValueWidth, 0);
    constant('self_attn.v_proj.bias', keyValueWidth, 0);
    zeros('self_attn.o_proj', hidden, hidden);
    constant('post_attention_layernorm.weight', hidden, 1);
    random('mlp.gate_proj', inner, hidden);
    random('mlp.up_proj', inner, hidden);
    zeros('mlp.down_proj', hidden, inner);
  }
  return weights;
}
