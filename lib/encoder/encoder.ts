/**
 * The encoder: token ids to one vector per text. It binds a base model, what is trained on it, and an execution plan
 * together; trainers use its forward and backward pass, everybody else {@link Encoder.embed}.
 */
import { createHash } from 'node:crypto';
import type { TensorData } from '../engine/types.js';
import type { BaseModel } from '../models/base-model.js';
import type { PoolingName } from '../models/pooling.js';
import type { AdapterConfig, ParameterMap } from './adapter-files.js';
import { type PaddedBatch, padBatch } from './batch-inputs.js';
import {
  chooseEncodingPlan,
  choosePlan,
  chooseTokenForm,
  DEFAULT_TOKEN_BUDGET,
  type PlanOptions,
} from './choose-plan.js';
import { bagEncoding } from './distinct-tokens/bag-encoding.js';
import { type EmbedOptions, embedTokenIds } from './embed-token-ids.js';
import { type EncodingPlan, forwardEncoding } from './encoding-plan.js';
import type { ExecutionPlan, ForwardResult, Gradients, SavedActivations } from './execution-plan.js';
import { adapterScale, dropoutModules } from './lora.js';
import { embeddingWidth, type Model } from './model.js';
import { TrainedParameters } from './trained-parameters.js';

export type { EmbeddedMicroBatch, EmbedOptions } from './embed-token-ids.js';

export interface EncoderOptions extends PlanOptions {
  /** Absent: as the folder of the model says, which is the mean where it says nothing. */
  pooling?: PoolingName;
  /** auto: as the model's configuration says. */
  attention?: 'auto' | 'causal' | 'bidirectional';
  /** Absent: the base model as it is, with nothing to train. */
  adapter?: { config: AdapterConfig; tensors: ParameterMap };
  /** Copies of all weights, to train them instead of an adapter: see full-parameters.ts. Not together with `adapter`. */
  full?: ParameterMap;
}

/** A model that embeds: base, pooling and what is trained on it. B texts per batch, D dimensions. */
export interface Encoder {
  readonly base: BaseModel;
  /** Of forward and backward passes. */
  readonly plan: ExecutionPlan;
  /** Of {@link embed}. */
  readonly encoding: EncodingPlan;
  /** Length of an embedding. */
  readonly dimensions: number;
  readonly parameterCount: number;
  readonly trainableCount: number;
  /** Names the weights, adapter and settings that embeddings depend on. */
  fingerprint(): string;
  /** The adapter's parameters, as last set. */
  readonly adapter: { config: AdapterConfig; tensors: ParameterMap } | undefined;
  /** What is trained, as last set: the adapter's parameters or all weights; undefined where nothing is. */
  readonly trained: ParameterMap | undefined;
  /** Linear modules with a dropout mask while training; empty without dropout. */
  readonly dropout: Map<string, number>;
  /** Replaces the adapter's parameters, in the shapes they have. */
  setAdapter(tensors: ParameterMap): Promise<void>;
  /** Replaces what is trained, adapter or all weights. */
  setTrained(tensors: ParameterMap): Promise<void>;
  pad(texts: Int32Array[]): PaddedBatch;
  /**
   * Embeddings of one padded batch [B, D], pooled, not normalized.
   *
   * @param activationBudget of activations to keep for the backward pass of this batch; 0 without one
   */
  forward(batch: PaddedBatch, extra?: Record<string, TensorData>, activationBudget?: number): Promise<ForwardResult>;
  /** Gradients of what is trained, from those of the embeddings [B, D]. */
  backward(
    batch: PaddedBatch,
    gradient: Float32Array,
    extra?: Record<string, TensorData>,
    saved?: SavedActivations,
  ): Promise<Gradients>;
  /** Embeddings [texts, D] in the order of the texts, pooled, not normalized. */
  embed(texts: Int32Array[], options?: EmbedOptions): Promise<Float32Array>;
  /** Frees what this encoder added to the base model. */
  dispose(): Promise<void>;
}

export async function createEncoder(base: BaseModel, options: EncoderOptions = {}): Promise<Encoder> {
  const { config, engine } = base;
  const { pooling = base.sentence.pooling, attention = 'auto', adapter, full } = options;
  if (adapter && full) throw new Error('an adapter or all weights are trained, not both');
  const causal = attention === 'auto' ? config.causal : attention === 'causal';
  const trained = await TrainedParameters.create(base, adapter?.tensors ?? full ?? new Map());
  const model: Model = {
    engine,
    config,
    pooling,
    dense: base.sentence.dense,
    options: { adapterScale: adapter ? adapterScale(adapter.config) : 0 },
    parameters: trained.parameters,
    trainable: trained.namesInGraph,
    trainsEmbeddings: full !== undefined,
    dropout: adapter ? dropoutModules(adapter.config, config) : new Map(),
  };
  const form = await chooseTokenForm(base, model, { ...options, causal });
  const plan = choosePlan(model, options, form);
  const encodingPlan = chooseEncodingPlan(model, options, plan);
  const bags = form && bagEncoding(model, form, () => trained.table);
  const settings: unknown[] = [base.fingerprint, pooling, causal, model.options];
  if (engine.precision && engine.precision !== 'float32') settings.push(engine.precision);
  if (base.channelsFingerprint) settings.push(base.channelsFingerprint);
  // the last digits differ
  if (bags) settings.push(bags.name);
  const replace = async (tensors: ParameterMap): Promise<void> => {
    await trained.replace(tensors);
    bags?.parametersChanged();
  };

  const encoder: Encoder = {
    base,
    plan,
    encoding:
      bags ??
      forwardEncoding(
        encodingPlan.name,
        (texts) => encoder.pad(texts),
        (batch) => encodingPlan.forward(batch, trained.table.lookup(batch.tokenIds), {}, 0),
      ),
    dimensions: embeddingWidth(model),
    parameterCount: base.parameterCount + (adapter ? trained.count : 0),
    trainableCount: trained.count,
    dropout: model.dropout,
    get adapter() {
      return adapter && { config: adapter.config, tensors: trained.tensors };
    },
    get trained() {
      return (adapter ?? full) && trained.tensors;
    },
    fingerprint: () => fingerprint(settings, trained.tensors),
    async setAdapter(tensors) {
      if (!adapter) throw new Error('the encoder was made without an adapter');
      await replace(tensors);
    },
    setTrained: replace,
    pad: (texts) => padBatch(texts, config, { pooling, causal }),
    forward: (batch, extra = {}, activationBudget = 0) =>
      plan.forward(batch, trained.table.lookup(batch.tokenIds), extra, activationBudget),
    backward: (batch, gradient, extra = {}, saved) =>
      plan.backward(batch, trained.table.lookup(batch.tokenIds), extra, gradient, saved),
    embed: (texts, { tokenBudget = options.tokenBudget ?? DEFAULT_TOKEN_BUDGET, ...embedOptions } = {}) =>
      embedTokenIds(encoder, texts, { ...embedOptions, tokenBudget }),
    async dispose() {
      await plan.dispose();
      if (encodingPlan !== plan) await encodingPlan.dispose();
      await bags?.dispose();
      trained.release();
    },
  };
  return encoder;
}

function fingerprint(settings: readonly unknown[], tensors: ParameterMap): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const [name, { data }] of tensors) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
