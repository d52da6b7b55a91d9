/**
 * The training loop: batches to steps to the best adapter. A step is the gradient of one or more batches (GradCache),
 * clipped, given to AdamW at the scheduled learning rate. Everything that happens is a function of the seed and the
 * step number, so a run that was stopped goes on to the same bits as one that was not.
 */
import type { Config } from '../config/config.js';
import { Interrupted, throwIfAborted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { Random } from '../core/random.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Gradients } from '../encoder/execution-plan.js';
import { EMBEDDING_TABLE, tokenRows } from '../encoder/full-parameters.js';
import type { InfoNceLoss } from '../losses/info-nce.js';
import { createMatryoshkaLoss } from '../losses/matryoshka.js';
import { encoderFlops } from '../models/flops.js';
import { AdamW } from './adamw.js';
import type { Checkpoint } from './checkpoint.js';
import { accumulate, gradCache } from './grad-cache.js';
import { clipGradients } from './gradient-clipping.js';
import { layerRates } from './layer-rates.js';
import { ProfileRecorder, type TrainingProfile } from './profile.js';
import { learningRateAt } from './schedule.js';
import { dropTokens } from './token-dropout.js';

/** A title and its abstract as token ids. */
export interface TrainingPair {
  query: Int32Array;
  document: Int32Array;
}

/** What one optimizer step did. */
export interface TrainingStep {
  /** From 1. */
  step: number;
  /** Mean over the batches of the step. */
  loss: number;
  learningRate: number;
  /** Global L2 norm before clipping. */
  gradientNorm: number;
  /** Tokens that are not padding. */
  tokensPerSecond: number;
}

export interface ValidationPoint {
  step: number;
  /** MRR@10 of the validation queries; the best adapter is the one with the highest. */
  mrr: number;
}

export interface TrainingHistory {
  steps: TrainingStep[];
  validations: ValidationPoint[];
}

/** Where training reads its past from and writes its results to; without it everything lives in memory. */
export interface TrainingStore {
  /** What the state must not change in between, see checkpoint.ts. */
  configFingerprint: string;
  resume?: Checkpoint;
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Called whenever a validation beats all before, and at the end where nothing was validated. */
  saveBest(adapter: ParameterMap): Promise<void>;
  loadBest(): Promise<ParameterMap>;
}

export interface TrainingOptions extends Reporting {
  encoder: Encoder;
  pairs: TrainingPair[];
  /** Batches of an epoch (from 0) as indices into `pairs`; a pure function of the epoch. */
  batchesOf(epoch: number): number[][];
  /** Documents that join those of a batch as negatives of all its queries; a pure function of batch and epoch. */
  negativesOf?(pairs: readonly number[], epoch: number): Int32Array[];
  config: Pick<Config, 'seed' | 'batches' | 'training'>;
  /** MRR@10 of the encoder as it is. */
  validate?(): Promise<number>;
  store?: TrainingStore;
  /** Called once, before the first step of this sitting, with what earlier sittings did. */
  onStart?(start: { totalSteps: number; history: TrainingHistory }): void;
  onStep?(step: TrainingStep): void;
  onValidation?(point: ValidationPoint): void;
}

export interface TrainingResult {
  /** The adapter with the best validation score; the last where nothing was validated. It is also set on the encoder. */
  best: ParameterMap;
  bestScore: number | null;
  history: TrainingHistory;
  totalSteps: number;
  /** The batches of all steps, in order, as indices into the pairs. */
  batches: number[][];
  /** Where the time of this sitting went. */
  profile: TrainingProfile;
}

/** Milliseconds between checkpoints: what a kill loses at most, besides the step under way. */
const CHECKPOINT_INTERVAL = 60_000;

/**
 * Trains the adapter of an encoder, or all its weights where it was made for that (`EncoderOptions.full`).
 *
 * @throws Interrupted when the signal fires; the state after the last whole step has been saved to the store
 * @throws WorkError when the loss or a gradient stops being finite
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { encoder, config, store, onProgress, signal } = options;
  const { training } = config;
  if (!encoder.trained) throw new UserError('nothing to train: the encoder has no adapter (encoder.lora)');
  const schedule = scheduleSteps(options);
  const totalSteps = schedule.length;
  const state = await startState(options);
  options.onStart?.({ totalSteps, history: state.history });
  const loss = await createMatryoshkaLoss(encoder.base.engine, {
    lengths: training.matryoshkaDimensions,
    dimensions: encoder.dimensions,
    temperature: training.temperature,
    symmetric: training.symmetric,
    falseNegativeMargin: training.falseNegativeMargin,
  });
  let lastSave = Date.now();
  const { profile } = state;
  const save = async (): Promise<void> => {
    await profile.time('checkpoints', () => store?.saveCheckpoint(checkpointOf(options, state, schedule)));
    lastSave = Date.now();
  };

  try {
    for (;;) {
      if (validationIsDue(options, state, totalSteps)) {
        await profile.time('validation', () => validate(options, state));
        await save();
      }
      if (state.step === totalSteps) break;
      throwIfAborted(signal, 'the state is saved');
      const { epoch, batches } = schedule[state.step] as ScheduledStep;
      const record = await takeStep(options, loss, state, epoch, batches, totalSteps);
      state.history.steps.push(record);
      options.onStep?.(record);
      onProgress?.({
        task: 'training',
        done: state.step,
        total: totalSteps,
        unit: 'steps',
        note: `loss ${record.loss.toFixed(4)}`,
      });
      if (state.step === totalSteps || Date.now() - lastSave > CHECKPOINT_INTERVAL) await save();
    }
  } catch (error) {
    if (error instanceof Interrupted) {
      await save();
      const rest = store
        ? 'the state is saved, --resume goes on from there'
        : 'nothing is kept, since there is no run folder';
      throw new Interrupted(`stopped after step ${state.step} of ${totalSteps}; ${rest}`);
    }
    throw error;
  } finally {
    await loss.dispose();
  }

  let best = state.bestParameters;
  if (!best) {
    best = state.bestScore ? ((await store?.loadBest()) ?? state.parameters) : copyParameters(state.parameters);
    if (!state.bestScore) await store?.saveBest(best);
  }
  await encoder.setTrained(best);
  return {
    best,
    bestScore: state.bestScore?.mrr ?? null,
    history: state.history,
    totalSteps,
    batches: schedule.flatMap((step) => step.batches.map((batch) => batch.pairs)),
    profile: profile.profile(),
  };
}

interface TrainingState {
  /** Steps done. */
  step: number;
  /** Master copy in 32 bits, updated in place by the optimizer. */
  parameters: ParameterMap;
  optimizer: AdamW;
  /** Null until the first validation. */
  bestScore: ValidationPoint | null;
  /** Null too while the best is of an earlier sitting, and in the store. */
  bestParameters: ParameterMap | null;
  history: TrainingHistory;
  profile: ProfileRecorder;
}

interface ScheduledStep {
  epoch: number;
  /** Indices into the pairs, one list a batch; with their place in the epoch, which seeds the dropout. */
  batches: { index: number; pairs: number[] }[];
}

/** All steps of the run: `accumulationSteps` batches each, epoch after epoch, up to `epochs` or `maxSteps`. */
function scheduleSteps({ batchesOf, config, pairs }: TrainingOptions): ScheduledStep[] {
  const { epochs, maxSteps, accumulationSteps } = config.training;
  const steps: ScheduledStep[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = batchesOf(epoch).map((indices, index) => ({ index, pairs: indices }));
    const share = Math.min(1, epochs - epoch);
    const count = Math.round(batches.length * share);
    for (let begin = 0; begin < count; begin += accumulationSteps) {
      if (steps.length === maxSteps) return steps;
      steps.push({ epoch, batches: batches.slice(begin, Math.min(begin + accumulationSteps, count)) });
    }
  }
  if (steps.length === 0) {
    throw new UserError(
      `nothing to train on: ${pairs.length} pairs and ${epochs} epochs give no step; add training papers or raise training.epochs`,
    );
  }
  return steps;
}

async function startState({ encoder, config, store }: TrainingOptions): Promise<TrainingState> {
  const resume = store?.resume;
  const parameters = copyParameters(resume?.parameters ?? (encoder.trained as ParameterMap));
  const { beta1, beta2, epsilon, weightDecay } = config.training;
  const arrays = new Map([...parameters].map(([name, { data }]) => [name, data]));
  const optimizer = new AdamW(arrays, { beta1, beta2, epsilon, weightDecay });
  if (resume) {
    optimizer.restore(resume.optimizer);
    await encoder.setTrained(parameters);
  }
  const best = resume?.state.bestValidation;
  return {
    step: resume?.state.step ?? 0,
    parameters,
    optimizer,
    bestScore: best ? { step: best.step, mrr: best.value } : null,
    bestParameters: null,
    history: resume?.state.history ?? { steps: [], validations: [] },
    profile: new ProfileRecorder(),
  };
}

function checkpointOf(options: TrainingOptions, state: TrainingState, schedule: ScheduledStep[]): Checkpoint {
  // what a resumed training would do first; nothing once all is done
  const next = schedule[state.step];
  return {
    state: {
      step: state.step,
      totalSteps: schedule.length,
      epoch: next?.epoch ?? 0,
      batchIndex: next?.batches[0]?.index ?? 0,
      seed: options.config.seed,
      configFingerprint: options.store?.configFingerprint ?? '',
      bestValidation: state.bestScore && { metric: 'mrr@10', value: state.bestScore.mrr, step: state.bestScore.step },
      history: state.history,
    },
    parameters: state.parameters,
    optimizer: state.optimizer.state(),
  };
}

async function takeStep(
  options: TrainingOptions,
  loss: InfoNceLoss,
  state: TrainingState,
  epoch: number,
  batches: ScheduledStep['batches'],
  totalSteps: number,
): Promise<TrainingStep> {
  const { encoder, config, signal, onMessage } = options;
  const { training, seed } = config;
  const started = performance.now();
  const gradients: Gradients = new Map();
  let lossSum = 0;
  let tokens = 0;
  let paddedTokens = 0;
  const { profile } = state;
  const seen = batches.map((batch) => seenTexts(batch.pairs, epoch, batch.index, options));
  const { embeddingRows, rows } = rowsOfStep(seen, encoder);
  for (const [i, batch] of batches.entries()) {
    const { queries, documents } = seen[i] as SeenTexts;
    const result = await gradCache(encoder, loss, queries, documents, {
      tokenBudget: config.batches.tokenBudget,
      // the encoder has the other half for the micro-batch under way
      activationBudget: (training.memoryBudget * 1e9) / 2,
      dropout: { probability: encoder.adapter?.config.dropout ?? 0, seed, labels: [epoch, batch.index] },
      ...(embeddingRows ? { embeddingRows } : {}),
      signal,
      onMessage,
    });
    accumulate(gradients, result.gradients);
    lossSum += result.loss;
    tokens += result.tokens;
    paddedTokens += result.paddedTokens;
    const lengths = [...queries, ...documents].map((ids) => ids.length);
    const flops = encoderFlops(encoder.base.config, lengths, encoder.adapter?.config ?? 'all weights');
    profile.add('first pass', result.timing.embed, flops.forward);
    profile.add('loss', result.timing.loss);
    profile.add('second pass', result.timing.backward, flops.backward);
  }
  if (batches.length > 1) scale(gradients, 1 / batches.length);
  const gradientNorm = await profile.time('clipping', () => clipGradients(gradients, training.maxGradientNorm));
  const learningRate = learningRateAt(state.step, training, totalSteps);
  const rates = layerRates(state.parameters.keys(), encoder.base.config.layers, training.layerDecay);
  await profile.time('optimizer', () =>
    state.optimizer.step(gradients, learningRate, { rates, ...(rows ? { rows } : {}) }),
  );
  await profile.time('parameters to the engine', () => encoder.setTrained(state.parameters));
  profile.countStep(tokens, paddedTokens);
  state.step++;
  const seconds = (performance.now() - started) / 1000;
  return {
    step: state.step,
    loss: lossSum / batches.length,
    learningRate,
    gradientNorm,
    tokensPerSecond: tokens / seconds,
  };
}

interface SeenTexts {
  queries: Int32Array[];
  documents: Int32Array[];
}

/** The rows of the embedding table that the texts of a step change; none where the table is not trained. */
function rowsOfStep(
  seen: readonly SeenTexts[],
  encoder: Encoder,
): { embeddingRows?: Int32Array; rows?: Map<string, Int32Array> } {
  if (!encoder.trained?.has(EMBEDDING_TABLE)) return {};
  const embeddingRows = tokenRows(seen.flatMap(({ queries, documents }) => [...queries, ...documents]));
  return { embeddingRows, rows: new Map([[EMBEDDING_TABLE, embeddingRows]]) };
}

/** The texts of a batch as training sees them: mined negatives behind the pairs' own documents, some tokens left out. */
function seenTexts(
  batch: number[],
  epoch: number,
  index: number,
  { pairs, negativesOf, encoder, config }: TrainingOptions,
): SeenTexts {
  const { title, abstract } = config.training.tokenDropout;
  const random = new Random(config.seed, 'token dropout', epoch, index);
  const special = encoder.base.config.padTokenId;
  const members = batch.map((i) => pairs[i] as TrainingPair);
  const documents = [...members.map((pair) => pair.document), ...(negativesOf?.(batch, epoch) ?? [])];
  return {
    queries: members.map((pair) => dropTokens(pair.query, title, random, special)),
    documents: documents.map((ids) => dropTokens(ids, abstract, random, special)),
  };
}

/**
 * Whether the step just taken wants a validation that it has not had: an interruption may fall between the two, and the
 * resumed run then begins with it.
 */
function validationIsDue(
  { validate, config }: TrainingOptions,
  { step, history }: TrainingState,
  totalSteps: number,
): boolean {
  const every = config.training.validateEvery;
  const wanted = step === totalSteps || (every !== null && step > 0 && step % every === 0);
  return validate !== undefined && wanted && history.validations.at(-1)?.step !== step;
}

async function validate(options: TrainingOptions, state: TrainingState): Promise<void> {
  const point = { step: state.step, mrr: await (options.validate as () => Promise<number>)() };
  state.history.validations.push(point);
  options.onValidation?.(point);
  if (!state.bestScore || point.mrr > state.bestScore.mrr) {
    state.bestScore = point;
    state.bestParameters = copyParameters(state.parameters);
    await options.store?.saveBest(state.bestParameters);
  }
}

function copyParameters(parameters: ParameterMap): ParameterMap {
  return new Map([...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}

function scale(gradients: Gradients, factor: number): void {
  for (const values of gradients.values())
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
}
