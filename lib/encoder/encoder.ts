/**
 * The encoder: token ids to one vector a text. It binds a base model, an optional adapter and a plan together; trainers
 * use its forward and backward pass, everybody else {@link Encoder.embed}.
 */
import { createHash } from 'node:crypto';
import { throwIfAborted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { pipelined } from '../core/pipelined.js';
import type { DeviceTensor, TensorData } from '../engine/types.js';
import type { BaseModel } from '../models/base-model.js';
import { EmbeddingTable } from '../models/embedding-table.js';
import { microBatches } from '../tokens/micro-batches.js';
import type { AdapterConfig, ParameterMap } from './adapter-files.js';
import { type PaddedBatch, type Pooling, padBatch } from './batch-inputs.js';
import type { ExecutionPlan, ForwardResult, Gradients, SavedActivations } from './execution-plan.js';
import { EMBEDDING_TABLE } from './full-parameters.js';
import { layerwisePlan } from './layerwise-plan.js';
import { adapterScale, dropoutModules } from './lora.js';
import type { Model } from './model.js';
import { retryOnOutOfMemory } from './retry-on-out-of-memory.js';
import { wholeGraphPlan } from './whole-graph-plan.js';

export interface EncoderOptions {
  pooling?: Pooling;
  /** auto: as the model's configuration says. */
  attention?: 'auto' | 'causal' | 'bidirectional';
  /** Absent: the base model as it is, with nothing to train. */
  adapter?: { config: AdapterConfig; tensors: ParameterMap };
  /** Copies of all weights, to train them instead of an adapter: see full-parameters.ts. Not together with `adapter`. */
  full?: ParameterMap;
  /**
   * Bytes of activations; above it the layerwise plan is taken, which keeps linear outputs in half of it for the
   * time of a backward pass. The other half is for what GradCache keeps between its passes.
   */
  memoryBudget?: number;
  /** Tokens of the largest micro-batch, by which the memory of a plan is judged. */
  tokenBudget?: number;
  plan?: 'auto' | ExecutionPlan['name'];
}

export interface Encoder {
  readonly base: BaseModel;
  readonly plan: ExecutionPlan;
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

export interface EmbedOptions extends Reporting {
  /** Tokens of a micro-batch; by default that of the encoder. */
  tokenBudget?: number;
  /** A text longer than the budget passes alone instead of being refused. */
  longAlone?: boolean;
  task?: string;
  /** Is given each micro-batch when it is done: which texts, their embeddings [texts, D], and what they took. */
  onBatch?(batch: EmbeddedMicroBatch): void | Promise<void>;
}

export interface EmbeddedMicroBatch {
  texts: number[];
  rows: Float32Array;
  tokens: number;
  /** Tokens with padding. */
  paddedTokens: number;
}

const DEFAULT_TOKEN_BUDGET = 4096;
const DEFAULT_MEMORY_BUDGET = 2e9;
/** Batches under way at once while encoding: one computes, the next is being padded. */
const PIPELINE_DEPTH = 2;

export async function createEncoder(base: BaseModel, options: EncoderOptions = {}): Promise<Encoder> {
  const { config, engine } = base;
  const { pooling = 'mean', attention = 'auto', tokenBudget = DEFAULT_TOKEN_BUDGET } = options;
  const causal = attention === 'auto' ? config.causal : attention === 'causal';
  let { adapter, full } = options;
  if (adapter && full) throw new Error('an adapter or all weights are trained, not both');
  const parameters = new Map(base.weights);
  let table = base.table;
  let uploadedTensors = await upload(adapter?.tensors ?? full ?? new Map());
  const model: Model = {
    engine,
    config,
    options: { adapterScale: adapter ? adapterScale(adapter.config) : 0 },
    parameters,
    trainable: [...(adapter?.tensors ?? full ?? new Map()).keys()].filter((name) => name !== EMBEDDING_TABLE),
    trainsEmbeddings: full !== undefined,
    dropout: adapter ? dropoutModules(adapter.config, config) : new Map(),
  };
  const plan = choosePlan(model, options, tokenBudget);

  async function upload(tensors: ParameterMap): Promise<DeviceTensor[]> {
    const uploaded: DeviceTensor[] = [];
    for (const [name, { shape, data }] of tensors) {
      if (name === EMBEDDING_TABLE) {
        // stays on this side, the caller's own and not a copy: a batch needs few of its rows, and it is the largest
        table = new EmbeddingTable(config.vocabularySize, config.hiddenSize, 'F32', data);
        continue;
      }
      // a copy moves to the engine; the caller goes on with its own
      const tensor = await engine.upload({ dtype: 'float32', shape, data: data.slice() });
      parameters.set(name, tensor);
      uploaded.push(tensor);
    }
    return uploaded;
  }

  const encoder: Encoder = {
    base,
    plan,
    dimensions: config.hiddenSize,
    parameterCount: base.parameterCount + countElements(adapter?.tensors),
    trainableCount: countElements(adapter?.tensors ?? full),
    dropout: model.dropout,
    get adapter() {
      return adapter;
    },
    get trained() {
      return adapter?.tensors ?? full;
    },
    fingerprint() {
      const settings: unknown[] = [base.fingerprint, pooling, causal, model.options];
      if (engine.precision && engine.precision !== 'float32') settings.push(engine.precision);
      const hash = createHash('sha256').update(JSON.stringify(settings));
      for (const [name, { data }] of encoder.trained ?? []) {
        hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      return hash.digest('hex');
    },
    async setAdapter(tensors) {
      if (!adapter) throw new Error('the encoder was made without an adapter');
      await encoder.setTrained(tensors);
    },
    async setTrained(tensors) {
      checkSameShapes(encoder.trained ?? new Map(), tensors);
      const old = uploadedTensors;
      uploadedTensors = await upload(tensors);
      engine.release(old);
      if (adapter) adapter = { config: adapter.config, tensors };
      else full = tensors;
    },
    pad: (texts) => padBatch(texts, config, { pooling, causal }),
    forward: (batch, extra = {}, activationBudget = 0) =>
      plan.forward(batch, table.lookup(batch.tokenIds), extra, activationBudget),
    backward: (batch, gradient, extra = {}, saved) =>
      plan.backward(batch, table.lookup(batch.tokenIds), extra, gradient, saved),
    async embed(texts, embedOptions = {}) {
      const { onProgress, onMessage, signal, task = 'encoding' } = embedOptions;
      const out = new Float32Array(texts.length * config.hiddenSize);
      const lengths = texts.map((ids) => ids.length);
      const empty = lengths.indexOf(0);
      if (empty >= 0) throw new UserError(`text ${empty} has no tokens: expected at least one; drop empty texts`);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      const limit = embedOptions.tokenBudget ?? tokenBudget;
      const pending = new Set(lengths.keys());
      let done = 0;
      const encodePending = async (budget: number): Promise<void> => {
        const indices = [...pending];
        const groups = groupTexts(
          indices.map((i) => lengths[i] as number),
          budget,
          embedOptions.longAlone ?? false,
        );
        await pipelined(
          groups.map((group) => group.map((i) => indices[i] as number)),
          PIPELINE_DEPTH,
          async (group) => {
            throwIfAborted(signal, 'texts of this call are encoded again next time');
            const batch = encoder.pad(group.map((i) => texts[i] as Int32Array));
            return { batch, embeddings: (await encoder.forward(batch)).embeddings.data as Float32Array };
          },
          async ({ batch, embeddings }, group) => {
            group.forEach((text, row) => {
              const values = embeddings.subarray(row * config.hiddenSize, (row + 1) * config.hiddenSize);
              if (!values.every(Number.isFinite)) {
                throw new WorkError(
                  `the embedding of text ${text} is not finite: training diverged (lower training.learningRate), or the weights are damaged`,
                );
              }
              out.set(values, text * config.hiddenSize);
              pending.delete(text);
            });
            const paddedTokens = batch.tokenIds.length;
            await embedOptions.onBatch?.({ texts: group, rows: embeddings, tokens: batch.tokens, paddedTokens });
            done += batch.tokens;
            onProgress?.({ task, done, total, unit: 'tokens' });
          },
        );
      };
      await retryOnOutOfMemory(encoder, lengths, limit, encodePending, onMessage);
      return out;
    },
    async dispose() {
      await plan.dispose();
      engine.release(uploadedTensors);
    },
  };
  return encoder;
}

/** Texts that pass together, the longest first. */
function groupTexts(lengths: number[], tokenBudget: number, longAlone: boolean): number[][] {
  const long = longAlone ? lengths.flatMap((length, text) => (length > tokenBudget ? [text] : [])) : [];
  if (long.length === 0) return microBatches(lengths, tokenBudget);
  const others = lengths.flatMap((length, text) => (length > tokenBudget ? [] : [text]));
  const groups = microBatches(
    others.map((text) => lengths[text] as number),
    tokenBudget,
  );
  return [...long.map((text) => [text]), ...groups.map((group) => group.map((i) => others[i] as number))];
}

/** @throws UserError naming the first matrix that is missing, new, or of another shape */
function checkSameShapes(old: ParameterMap, tensors: ParameterMap): void {
  for (const name of new Set([...old.keys(), ...tensors.keys()])) {
    const [before, now] = [old.get(name), tensors.get(name)].map((tensor) => tensor && `[${tensor.shape.join(', ')}]`);
    if (before !== now)
      throw new UserError(
        `${name} is ${now ?? 'missing'}, the encoder has ${before ?? 'none'}: expected the same shapes`,
      );
  }
}

function countElements(tensors: ParameterMap | undefined): number {
  return [...(tensors?.values() ?? [])].reduce((total, { data }) => total + data.length, 0);
}

function choosePlan(model: Model, options: EncoderOptions, tokenBudget: number): ExecutionPlan {
  const { plan = 'auto', memoryBudget = DEFAULT_MEMORY_BUDGET } = options;
  // an engine that runs op by op frees nothing before a program ends: layers are programs enough
  const fits = model.engine.name !== 'tensorflow' && activationBytes(model, tokenBudget) <= memoryBudget;
  const name = plan === 'auto' ? (fits ? 'whole-graph' : 'layerwise') : plan;
  return name === 'whole-graph' ? wholeGraphPlan(model) : layerwisePlan(model, memoryBudget / 2);
}

/**
 * Estimate of the memory that forward and backward pass of one whole graph take. Counted per token and layer: about ten
 * arrays of the feed-forward width and sixteen of the hidden size, forward values and gradients together; measured on
 * Qwen2.5-0.5B at 4 x 256 tokens, where it comes to 6.3 GB.
 */
function activationBytes({ config }: Model, tokens: number): number {
  return 4 * tokens * config.layers * (10 * config.intermediateSize + 16 * config.hiddenSize);
}
