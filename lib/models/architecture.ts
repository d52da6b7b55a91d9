/**
 * The contract of an architecture: all that the rest of the library asks of a transformer encoder. Weights in and out,
 * LoRA, both execution plans, full training, summaries and FLOPs are made from it, so that a new backbone is one file
 * with an object of this type and one line in registry.ts (or a call of `registerArchitecture`).
 *
 * An encoder has three stages, each a pure function in tfjs ops that `tf.grads` can differentiate:
 *
 *   embedding   rows of the token table [N, D] -> hidden states [N, D]     positions, token types, a norm; often nothing
 *   layers      hidden states [N, D]           -> hidden states [N, D]     once per layer
 *   head        hidden states [N, D]           -> last hidden state [N, D] a final norm, or nothing
 *
 *   B texts, S tokens of the longest, N = B*S, D hidden size
 *
 * Pooling follows (pooling.ts). Looking rows up in the token table precedes, outside of the graphs, and is trained as
 * sparse rows; every other tensor of the stages is a parameter that full training trains.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { Dimension, DType, TypedArray } from '../engine/types.js';
import type { ConfigFile } from './config-file.js';
import type { LinearOptions, Parameters } from './layers/linear.js';
import type { TokenForm } from './token-form.js';

/** What every encoder has. An architecture extends it by what it alone reads. */
export interface ModelConfig {
  /** `model_type` of config.json: the key of the architecture in the registry. */
  modelType: string;
  /** D, width of the residual stream and of an embedding. */
  hiddenSize: number;
  /** Width inside the feed-forward block. */
  intermediateSize: number;
  layers: number;
  /** Query heads; 0 where nothing attends. */
  attentionHeads: number;
  /** Heads of keys and values; each serves attentionHeads / keyValueHeads query heads. */
  keyValueHeads: number;
  headDimension: number;
  vocabularySize: number;
  /** Whether a token sees only itself and what precedes it; false for encoders trained without the causal mask. */
  causal: boolean;
  /** Longest sequence the model was made for, in tokens. */
  maxPositions: number;
  padTokenId: number | null;
}

/** Shapes by the names that checkpoints give the tensors (without a prefix of the whole model). */
export type TensorShapes = Readonly<Record<string, number[]>>;

/** A linear module of a layer: weight [outputs, inputs] and perhaps a bias [outputs]. LoRA can adapt it. */
export interface LinearModule {
  /** Inside the layer: "self_attn.q_proj". */
  path: string;
  outputs: number;
  inputs: number;
  bias: boolean;
  /**
   * Its output is only added to the layer's result, so that no gradient needs its value: not worth keeping for a
   * backward pass.
   */
  onlyAdded?: boolean;
}

/** Another tensor of a layer, by its name inside the layer: "input_layernorm.weight". */
export interface LayerTensor {
  name: string;
  shape: number[];
}

/** Texts padded on the right to the longest. */
export interface PaddedTexts {
  /** Tokens of each text. */
  lengths: readonly number[];
  batch: number;
  sequence: number;
  /** As configured: the model's own, or the user's choice. */
  causal: boolean;
}

/** What a graph knows of its texts. */
export interface TextsInGraph {
  /** [B, S]: 1 at a token, 0 at padding. */
  mask: Tensor;
  /** [S]: 0, 1, 2, … */
  positions: Tensor;
  causal: boolean;
}

/** A tensor that describes a batch, computed outside of the graphs, since it is small and needs loops. */
export interface BatchInput {
  dtype: DType;
  /** Numbers, "batch", "sequence", or products such as "batch*sequence". */
  shape: Dimension[];
  values(texts: PaddedTexts): TypedArray;
  /** The same numbers in tfjs ops, for graphs that others run; without it a model cannot be exported to ONNX. */
  inGraph?(texts: TextsInGraph): Tensor;
}

export interface EmbeddingStage<Config extends ModelConfig = ModelConfig> {
  /** Name of the token table [vocabularySize, hiddenSize] in checkpoints. */
  readonly table: string;
  /** Parameters beside the token table: a position table, a norm. */
  tensors?(config: Config): TensorShapes;
  inputs?(config: Config): Record<string, BatchInput>;
  /**
   * Absent where the rows are the hidden states.
   *
   * @param rows [N, D]  @param parameters of `tensors`, by full names  @param inputs of `inputs`
   */
  run?(rows: Tensor, parameters: Parameters, inputs: Record<string, Tensor>, config: Config): Tensor;
}

export interface LayerStage<Config extends ModelConfig = ModelConfig> {
  /** What precedes the number of a layer in names of tensors: "layers." makes "layers.0.mlp.up_proj.weight". */
  readonly prefix: string;
  /**
   * Linear modules and other tensors in the order of the forward pass. The linear modules are the same in all layers;
   * other tensors may be absent from some.
   */
  parts(config: Config, layer: number): readonly (LinearModule | LayerTensor)[];
  /** Parameters that every layer reads, by full names, such as a table of relative positions. */
  shared?(config: Config): TensorShapes;
  inputs(config: Config): Record<string, BatchInput>;
  /**
   * Which of `inputs` a layer gets, each under the name that `run` knows: `{ attentionBias: 'localBias' }`. Absent: all,
   * under their own names. The name `attentionBias` is what summaries take for the mask.
   */
  inputsOf?(layer: number, config: Config): Record<string, string>;
  /**
   * What it computes depends on its arguments only: layers whose parameters and inputs have the same names and shapes
   * share one compiled program. Linear modules go through `linear` of layers/linear.ts, which adds the adapter.
   *
   * @param hidden [N, D]  @param parameters by names inside the layer, with the shared ones by full names
   */
  run(
    hidden: Tensor,
    parameters: Parameters,
    inputs: Record<string, Tensor>,
    config: Config,
    options: LinearOptions,
  ): Tensor;
}

export interface HeadStage<Config extends ModelConfig = ModelConfig> {
  tensors(config: Config): TensorShapes;
  /** @param parameters of `tensors`, by full names  @returns the last hidden state [N, D] */
  run(hidden: Tensor, parameters: Parameters, config: Config): Tensor;
}

/** A transformer encoder as the library sees it: its configuration, its tensors, and what its stages compute. */
export interface Architecture<Config extends ModelConfig = ModelConfig> {
  /** The values of `model_type` that it serves, each with the models that have it, for people. */
  readonly modelTypes: Readonly<Record<string, string>>;
  /** What a checkpoint may put before every name: ["model."]. */
  readonly prefixes: readonly string[];
  /** Tensors that checkpoints carry and no encoder needs, by name without prefix; others are reported. */
  readonly ignoredTensors?: RegExp;
  /** From a name, without prefix, that older checkpoints give a tensor to the one that the stages know it by. */
  currentName?(name: string): string;
  /** @throws UserError naming what the architecture does not compute */
  parseConfig(file: ConfigFile, modelType: string): Config;
  readonly embedding: EmbeddingStage<Config>;
  readonly layers: LayerStage<Config>;
  /** Absent: the last layer's result is the last hidden state. */
  readonly head?: HeadStage<Config>;
  /** A faster form of encoders of this architecture that treat texts as bags of tokens; absent: there is none. */
  readonly tokenForm?: TokenForm<Config>;
}
