/**
 * One optimizer step: the mean gradient of its batches (GradCache), clipped, given to AdamW at the scheduled learning
 * rate. All of it follows from the seed, the epoch and the places of the batches in it.
 */
import { Random } from '../core/random.js';
import { ONE_PROCESS } from '../distributed/communicator.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Gradients } from '../encoder/execution-plan.js';
import { tokenRows } from '../encoder/full-parameters.js';
import type { Loss, LossBatch } from '../losses/loss.js';
import { encoderFlops } from '../models/flops.js';
import { tokenTableName } from '../models/parameters.js';
import { checkParameters } from './divergence.js';
import { accumulate, type GradCacheResult, gradCache } from './grad-cache.js';
import { clipGradients } from './gradient-clipping.js';
import type { StepDetails, TrainingStep } from './history.js';
import { layerRates } from './layer-rates.js';
import { gradientSizes, sumOverRanks } from './rank-gradients.js';
import { learningRateAt } from './schedule.js';
import type { ScheduledStep } from './step-schedule.js';
import { dropTokens } from './token-dropout.js';
import type { TrainerState } from './trainer-state.js';
import type { TrainingOptions, TrainingPair } from './training-options.js';

export interface StepResult {
  record: TrainingStep;
  details: StepDetails;
  /** Mean over the batches of what the loss would be by chance; absent where the loss does not know. */
  chance?: number;
}

/**
 * Changes the parameters, in the state and on the encoder; counting the step is the caller's.
 *
 * @throws DivergedError for a loss or gradient that is not finite, with the parameters as they were; or for parameters
 *   that the step has made infinite, and `state` is then of no further use
 */
export async function takeStep(
  options: TrainingOptions,
  loss: Loss,
  state: TrainerState,
  { epoch, batches }: ScheduledStep,
  totalSteps: number,
): Promise<StepResult> {
  const { encoder, config, communicator = ONE_PROCESS } = options;
  const { training } = config;
  const { profile } = state;
  const started = performance.now();
  const together = { ...communicator.time };
  const gradients: Gradients = new Map();
  const seen = batches.map((batch) => seenTexts(batch.pairs, epoch, batch.index, options));
  const { embeddingRows, rows } = rowsOfStep(seen, encoder);
  const results: GradCacheResult[] = [];
  for (const [i, batch] of batches.entries()) {
    const texts = seen[i] as SeenTexts;
    const result = await batchGradients(options, loss, texts, epoch, batch, embeddingRows);
    accumulate(gradients, result.gradients);
    results.push(result);
    recordWork(state, encoder, texts, result);
  }
  await sumOverRanks(communicator, gradients, gradientSizes(encoder, embeddingRows));
  profile.add('waiting for other ranks', communicator.time.waiting - together.waiting);
  profile.add('exchange with other ranks', communicator.time.exchanging - together.exchanging);
  if (batches.length > 1) scale(gradients, 1 / batches.length);
  const { norm, norms } = await profile.time('clipping', () => clipGradients(gradients, training.maxGradientNorm));
  const learningRate = learningRateAt(state.step, training, totalSteps);
  const rates = layerRates(state.parameters.keys(), encoder.base.config, training.layerDecay);
  await profile.time('optimizer', () => {
    state.optimizer.step(gradients, learningRate, { rates, ...(rows ? { rows } : {}) });
    checkParameters(state.parameters);
  });
  await profile.time('parameters to the engine', () => encoder.setTrained(state.parameters));
  const sum = (of: (result: GradCacheResult) => number): number => results.reduce((total, r) => total + of(r), 0);
  const tokens = sum((result) => result.tokens);
  profile.countStep(
    tokens,
    sum((result) => result.paddedTokens),
  );
  state.ranks.add(performance.now() - started, communicator, together, results);
  const knowsChance = results.every(({ chance }) => chance !== undefined);
  return {
    record: {
      step: state.step + 1,
      loss: sum((result) => result.loss) / batches.length,
      learningRate,
      gradientNorm: norm,
      tokensPerSecond: tokens / ((performance.now() - started) / 1000),
    },
    details: { gradientNorms: norms, tokenLengths: seen.flatMap(lengthsOf) },
    ...(knowsChance ? { chance: sum(({ chance }) => chance as number) / batches.length } : {}),
  };
}

async function batchGradients(
  { encoder, config, teacherOf, communicator, signal, onMessage }: TrainingOptions,
  loss: Loss,
  { queries, documents, known }: SeenTexts,
  epoch: number,
  batch: ScheduledStep['batches'][number],
  embeddingRows: Int32Array | undefined,
): Promise<GradCacheResult> {
  const teacher = await teacherOf?.(batch.pairs, epoch);
  return gradCache(encoder, loss, queries, documents, {
    tokenBudget: config.batches.tokenBudget,
    // the encoder has the other half for the micro-batch under way
    activationBudget: (config.training.memoryBudget * 1e9) / 2,
    dropout: {
      probability: encoder.adapter?.config.dropout ?? 0,
      seed: config.seed,
      labels: [epoch, batch.index],
    },
    ...(embeddingRows ? { embeddingRows } : {}),
    lossBatch: { epoch, pairs: batch.pairs, ...known, ...(teacher && { teacher }) },
    ...(communicator ? { communicator } : {}),
    signal,
    onMessage,
  });
}

function recordWork({ profile }: TrainerState, encoder: Encoder, texts: SeenTexts, { timing }: GradCacheResult): void {
  const flops = encoderFlops(encoder.base.config, lengthsOf(texts), encoder.adapter?.config ?? 'all weights');
  profile.add('first pass', timing.embed, flops.forward);
  profile.add('loss', timing.loss);
  profile.add('second pass', timing.backward, flops.backward);
}

interface SeenTexts {
  queries: Int32Array[];
  documents: Int32Array[];
  /** What the loss is told of them. */
  known: Pick<LossBatch, 'scores' | 'negatives' | 'alsoRelevant'>;
}

function lengthsOf({ queries, documents }: SeenTexts): number[] {
  return [...queries, ...documents].map((ids) => ids.length);
}

/** The rows of the embedding table that the texts of a step change; none where the table is not trained. */
function rowsOfStep(
  seen: readonly SeenTexts[],
  encoder: Encoder,
): { embeddingRows?: Int32Array; rows?: Map<string, Int32Array> } {
  const table = tokenTableName(encoder.base.config);
  if (!encoder.trained?.has(table)) return {};
  const embeddingRows = tokenRows(seen.flatMap(({ queries, documents }) => [...queries, ...documents]));
  return { embeddingRows, rows: new Map([[table, embeddingRows]]) };
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
  const { documents: negatives = [], ...lists } = negativesOf?.(batch, epoch) ?? {};
  const documents = [...members.map((pair) => pair.document), ...negatives];
  const hasScores = members.some(({ score }) => score !== undefined);
  return {
    known: { ...lists, ...(hasScores && { scores: Float32Array.from(members, ({ score = Number.NaN }) => score) }) },
    queries: members.map((pair) => dropTokens(pair.query, title, random, special)),
    documents: documents.map((ids) => dropTokens(ids, abstract, random, special)),
  };
}

function scale(gradients: Gradients, factor: number): void {
  for (const values of gradients.values())
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
}
