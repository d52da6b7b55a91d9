/**
 * What an encoder is made of, for reading: where its parameters are, where LoRA sits, and what attention and pooling do
 * with the tokens of one text.
 */

import { elementCount } from '../files/safetensors.js';
import { layerPrefix, linearModules } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';
import type { Encoder } from './encoder.js';
import type { EncodingPlan } from './encoding-plan.js';
import type { ExecutionPlan } from './execution-plan.js';
import { adapterScale } from './lora.js';

/** One part of an encoder; shapes are [rows, columns] of one layer's matrix. */
export interface EncoderPart {
  /** "token embeddings", "layers.*.self_attn.q_proj", ... */
  part: string;
  /** How often it occurs: once, or in every layer. */
  times: number;
  shape: string;
  /** Frozen parameters, all occurrences together. */
  frozen: number;
  /** Parameters of the adapter, all occurrences together. */
  trainable: number;
  /** The two matrices that LoRA adds; empty where it adds none. */
  lora: string;
}

/** Parts of the base model in the order of the computation, with the adapters on them. */
export function encoderParts(encoder: Encoder): EncoderPart[] {
  const { config } = encoder.base;
  const { hiddenSize, vocabularySize, layers } = config;
  const rank = encoder.adapter?.config.rank ?? 0;
  const adapted: readonly string[] = encoder.adapter?.config.targetModules ?? [];
  const parts: EncoderPart[] = [plainPart('token embeddings', 1, [vocabularySize, hiddenSize])];
  const isLinear = new Set<string>();
  for (const { name, path, outputs, inputs, bias } of linearModules(config)) {
    for (let layer = 0; layer < layers; layer++) {
      isLinear.add(`${layerPrefix(config, layer)}${path}.weight`).add(`${layerPrefix(config, layer)}${path}.bias`);
    }
    const isAdapted = adapted.includes(name);
    parts.push({
      part: `${architectureOf(config).layers.prefix}*.${path}`,
      times: layers,
      shape: `${outputs} × ${inputs}${bias ? ` + ${outputs}` : ''}`,
      frozen: layers * outputs * (inputs + (bias ? 1 : 0)),
      trainable: isAdapted ? layers * rank * (outputs + inputs) : 0,
      lora: isAdapted ? `${outputs} × ${rank} · ${rank} × ${inputs}` : '',
    });
  }
  const others = [...encoder.base.weights].filter(([name]) => !isLinear.has(name));
  // tables of positions or types; what is left are norms
  for (const [name, { shape }] of others) {
    if (shape.length === 2) parts.push(plainPart(name.replace(/\.weight$/, ''), 1, shape as [number, number]));
  }
  const norms = others.filter(([, { shape }]) => shape.length !== 2).map(([, { shape }]) => shape);
  const elements = norms.map(elementCount).reduce((sum, count) => sum + count, 0);
  // Qwen3 has smaller ones too, on queries and keys
  const shape = [...new Set(norms.map((of) => of.join(' × ')))].join(', ');
  const dense = encoder.base.sentence.dense.map(({ path, outputs, inputs, bias }) => ({
    ...plainPart(`${path}, after the pooling`, 1, [outputs, inputs]),
    ...(bias ? { shape: `${outputs} × ${inputs} + ${outputs}`, frozen: outputs * (inputs + 1) } : {}),
  }));
  return [...parts, ...dense, { part: 'norms', times: norms.length, shape, frozen: elements, trainable: 0, lora: '' }];
}

function plainPart(part: string, times: number, [rows, columns]: [number, number]): EncoderPart {
  return { part, times, shape: `${rows} × ${columns}`, frozen: rows * columns, trainable: 0, lora: '' };
}

/** An encoder in a few facts. */
export interface EncoderSummary {
  engine: string;
  /** How forward and backward passes are computed. */
  plan: ExecutionPlan['name'];
  /** How texts are encoded. */
  encoding: EncodingPlan['name'];
  layers: number;
  /** Length of an embedding. */
  dimensions: number;
  attentionHeads: number;
  keyValueHeads: number;
  vocabulary: number;
  attention: 'causal' | 'bidirectional';
  parameters: number;
  trainable: number;
  /** Of all parameters, 0 to 1. */
  trainableShare: number;
  /** What updates of the adapter are multiplied by. */
  adapterScale: number | null;
}

/** Engine, sizes, and the share of the parameters that is trained. */
export function encoderSummary(encoder: Encoder): EncoderSummary {
  const { base, dimensions, parameterCount, trainableCount, adapter } = encoder;
  const { visible } = explainTokens(encoder, Int32Array.of(0, 0));
  return {
    engine: base.engine.description,
    plan: encoder.plan.name,
    encoding: encoder.encoding.name,
    layers: base.config.layers,
    dimensions,
    attentionHeads: base.config.attentionHeads,
    keyValueHeads: base.config.keyValueHeads,
    vocabulary: base.config.vocabularySize,
    attention: visible[0]?.[1] ? 'bidirectional' : 'causal',
    parameters: parameterCount,
    trainable: trainableCount,
    trainableShare: trainableCount / parameterCount,
    adapterScale: adapter ? adapterScale(adapter.config) : null,
  };
}

/** What the encoder does with the tokens of one text, S of them. */
export interface TokenTreatment {
  /** [S, S]: whether token i (row) looks at token j. */
  visible: boolean[][];
  /** [S]: the share of each token's last hidden state in the embedding. */
  weights: number[];
}

/**
 * Taken from the very inputs that the encoder's graphs get.
 * @param ids token ids of a text
 * @param length tokens of the batch: a text that is shorter is padded to it
 */
export function explainTokens(encoder: Encoder, ids: Int32Array, length: number = ids.length): TokenTreatment {
  const padded = Math.max(length, ids.length);
  // a second text of that length makes the batch pad the first
  const { inputs, poolWeights } = encoder.pad([ids, new Int32Array(padded)]);
  const weights = poolWeights.data;
  const bias = inputs[biasOfFirstLayer(encoder)];
  return {
    visible: Array.from({ length: padded }, (_, i) =>
      // without attention a token sees itself
      Array.from({ length: padded }, (_, j) => (bias ? bias.data[i * padded + j] === 0 : i === j)),
    ),
    weights: Array.from({ length: padded }, (_, i) => weights[i] as number),
  };
}

function biasOfFirstLayer({ base: { config } }: Encoder): string {
  return architectureOf(config).layers.inputsOf?.(0, config).attentionBias ?? 'attentionBias';
}
