/**
 * Step 5 for papers: from the papers of the training side and their token ids to a trained adapter, with checkpoints,
 * TensorBoard and the best adapter in a run folder.
 */
import { join } from 'node:path';
import { scheduleBatches } from '../batches/schedule.js';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import { trainingPapers } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { readAdapter, writeAdapter } from '../encoder/adapter-files.js';
import type { Encoder } from '../encoder/encoder.js';
import { readFullModel, writeFullModel } from '../encoder/full-parameters.js';
import { runTrainedFolder } from '../pipeline/run-folder.js';
import type { TokenizedPaper } from '../tokens/token-statistics.js';
import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { hardNegativeSampler, readHardNegatives } from './hard-negatives.js';
import { openEventWriter } from './tensorboard.js';
import {
  type TrainingHistory,
  type TrainingResult,
  type TrainingStep,
  type TrainingStore,
  train,
  type ValidationPoint,
} from './trainer.js';
import { validationMrr, validationSet } from './validation.js';

export interface TrainPapersOptions extends Reporting {
  config: Config;
  papers: SplitPaper[];
  /** Token ids by paper id, limits applied. */
  tokens: Map<string, TokenizedPaper>;
  /** With an adapter to train. */
  encoder: Encoder;
  /** Run folder for adapter/, training-state/ and tensorboard/; absent: nothing is written. */
  folder?: string;
  /** Go on from the folder's training state, where there is one. */
  resume?: boolean;
  onStart?(start: { totalSteps: number; history: TrainingHistory }): void;
  onStep?(step: TrainingStep): void;
  onValidation?(point: ValidationPoint): void;
}

export interface TrainPapersResult extends TrainingResult {
  /** Papers trained on, in the order that batches index. */
  trained: SplitPaper[];
}

/** Trains the encoder's adapter on the papers of the training side. See {@link train} for what it throws. */
export async function trainPapers(options: TrainPapersOptions): Promise<TrainPapersResult> {
  const { config, papers, tokens, encoder, folder } = options;
  const trained = trainingPapers(papers, config);
  if (trained.length < 2) {
    throw new UserError(
      `the training side has ${trained.length} papers: expected at least 2; read more papers (datasets.maxPerCategory) or lower datasets.testShare`,
    );
  }
  const tokensOf = (paper: SplitPaper): TokenizedPaper => tokens.get(paper.id) as TokenizedPaper;
  const batchesOf = (epoch: number): number[][] => batchesOfEpoch(trained, config, epoch);
  const validation = validationSet(papers, config);
  const validate = async (): Promise<number> =>
    validationMrr(
      encoder,
      validation.papers.slice(0, validation.queries).map((paper) => tokensOf(paper).title),
      validation.papers.map((paper) => tokensOf(paper).abstract),
      { tokenBudget: config.batches.tokenBudget, signal: options.signal },
    );
  const { file, perPair } = config.training.hardNegatives;
  const mined = file === null ? undefined : await readHardNegatives(file);
  const sampler = mined && hardNegativeSampler(trained, mined, { perPair, seed: config.seed });
  const negativesOf = (pairs: readonly number[], epoch: number): Int32Array[] =>
    (sampler as NonNullable<typeof sampler>)(pairs, epoch).map((i) => tokensOf(trained[i] as SplitPaper).abstract);
  const store = folder ? await openStore(folder, options, trained, mined?.contentHash) : undefined;
  const earlier = store?.resume?.state;
  const isFinished = earlier !== undefined && earlier.step === earlier.totalSteps;
  const events =
    folder && !isFinished
      ? openEventWriter(join(folder, 'tensorboard'), {
          resumeStep: earlier ? earlier.step + 1 : undefined,
        })
      : undefined;
  try {
    const result = await train({
      ...options,
      pairs: trained.map((paper) => ({ query: tokensOf(paper).title, document: tokensOf(paper).abstract })),
      batchesOf,
      ...(sampler ? { negativesOf } : {}),
      validate: validation.queries > 0 ? validate : undefined,
      store,
      onStep(step) {
        events?.scalars(step.step, {
          'train/loss': step.loss,
          'train/learning_rate': step.learningRate,
          'train/gradient_norm': step.gradientNorm,
          'train/tokens_per_second': step.tokensPerSecond,
        });
        options.onStep?.(step);
      },
      onValidation(point) {
        events?.scalars(point.step, { 'validation/mrr@10': point.mrr });
        events?.flush();
        options.onValidation?.(point);
      },
    });
    return { ...result, trained };
  } finally {
    events?.close();
  }
}

/** Batches of an epoch as `training.batches` wants them. */
export function batchesOfEpoch(trained: SplitPaper[], config: Config, epoch: number): number[][] {
  const { pairs, shares } = config.batches;
  const plan = scheduleBatches(trained, { pairs, shares, seed: config.seed, epoch });
  if (config.training.batches === 'all') return plan.batches;
  if (plan.batchesOnTarget === 0) {
    throw new UserError(
      `no batch of ${pairs} pairs can have every role at its share: lower batches.pairs, change batches.shares, or set training.batches=all`,
    );
  }
  return plan.batches.slice(0, plan.batchesOnTarget);
}

async function openStore(
  folder: string,
  { config, encoder, resume }: TrainPapersOptions,
  trained: SplitPaper[],
  negatives: string | undefined,
): Promise<TrainingStore> {
  const { adapter, trained: parameters, base } = encoder;
  if (!parameters) throw new UserError('nothing to train: the encoder has no adapter (encoder.lora)');
  const trainedFolder = runTrainedFolder(folder, config);
  const { seed, tokens, batches, training, encoder: encoderConfig } = config;
  const fingerprint = fingerprintOf({
    seed,
    tokens,
    batches,
    training,
    encoder: encoderConfig,
    model: encoder.base.fingerprint,
    papers: trained.map((paper) => paper.id),
    ...(negatives === undefined ? {} : { negatives }),
  });
  return {
    configFingerprint: fingerprint,
    resume:
      resume && (await hasCheckpoint(folder))
        ? await loadCheckpoint(folder, { configFingerprint: fingerprint, parameters })
        : undefined,
    saveCheckpoint: (checkpoint) => saveCheckpoint(folder, checkpoint),
    saveBest: (tensors) =>
      adapter
        ? writeAdapter(trainedFolder, { config: adapter.config, tensors, baseModel: config.encoder.model })
        : writeFullModel(trainedFolder, base, tensors),
    loadBest: async () =>
      adapter ? (await readAdapter(trainedFolder, base.config)).tensors : readFullModel(trainedFolder, base.config),
  };
}
