/**
 * Step 5 for papers: from the papers of the training split and their token ids to a trained adapter, with checkpoints,
 * TensorBoard and the best adapter in a run folder.
 */
import { join } from 'node:path';
import { planEpoch } from '../batches/plan.js';
import { prepareTextKeys } from '../batches/text-keys.js';
import type { Config } from '../config/config.js';
import { Interrupted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { trainingPapers } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { type Communicator, ONE_PROCESS } from '../distributed/communicator.js';
import type { Encoder } from '../encoder/encoder.js';
import type { LossFactory } from '../losses/loss.js';
import type { Teacher } from '../losses/teacher.js';
import type { PaperTokens } from '../tokens/paper-tokens.js';
import type { TokenizedPaper } from '../tokens/token-statistics.js';
import { describeStrength } from './adapter-strength.js';
import { DivergedError } from './divergence.js';
import type { StepDetails, TrainingHistory, TrainingStep, ValidationPoint } from './history.js';
import type { KnownDocument } from './pair-negatives.js';
import { pairValidation } from './pair-validation.js';
import { checkSameTraining, sharedStore } from './shared-store.js';
import type { Hyperparameters } from './tensorboard-summaries.js';
import { train } from './trainer.js';
import { hyperparametersOf, openTrainingEvents } from './training-events.js';
import { openTrainingStore, type TrainingFolders, trainingFingerprint } from './training-folder.js';
import type { KeepBest, TrainingResult } from './training-options.js';
import { trainingTexts } from './training-texts.js';
import { reciprocalRanks, validationSet } from './validation.js';

export interface TrainPapersOptions extends Reporting {
  config: Config;
  papers: SplitPaper[];
  /** Token ids by paper id, limits applied. */
  tokens: PaperTokens;
  /** Of pairs: the documents that are of none, by document id. */
  documents?: ReadonlyMap<string, KnownDocument>;
  /** With an adapter to train. */
  encoder: Encoder;
  /** What is minimized, such as {@link lossFromFunction}; by default InfoNCE as the settings describe it. */
  loss?: LossFactory;
  /** Whom the loss learns from or is guided by; it knows all texts that the training may see. */
  teacher?: Teacher;
  /** Where results are written; absent: nowhere. */
  folders?: TrainingFolders;
  /** Names everything that the training depends on, where its caller knows more than is told here. */
  identity?: string;
  /** What TensorBoard compares runs by, where its caller knows better; absent: the settings of the training. */
  hyperparameters?: Hyperparameters;
  keepBest?: KeepBest;
  /** See `TrainingOptions`; `folders` are given to rank 0 alone. */
  communicator?: Communicator;
  /** true: continue from the folder's training state, which must be there; 'if-present': or start anew without one. */
  resume?: boolean | 'if-present';
  onStart?(start: { totalSteps: number; step: number; history: TrainingHistory }): void;
  onStep?(step: TrainingStep, details: StepDetails): void;
  onValidation?(point: ValidationPoint): void;
}

export interface TrainPapersResult extends TrainingResult {
  /** Papers trained on, in the order that batches index. */
  trained: SplitPaper[];
  /** Where the best parameters went instead, with the reason, because the run folder could not be written. */
  fallback?: { folder: string; reason: string };
  /** Why the last state is not saved; absent where it is. */
  unsaved?: string;
}

/** Trains the encoder's adapter on the papers of the training split. See {@link train} for what it throws. */
export async function trainPapers(options: TrainPapersOptions): Promise<TrainPapersResult> {
  const { config, papers, tokens, documents, encoder, folders, loss, teacher, identity: name } = options;
  const trained = trainingPapers(papers, config, loss?.scored);
  if (trained.length < 2) {
    throw new UserError(
      `the training split has ${quantity(trained.length, 'papers')}: expected at least 2; read more papers (datasets.maxPerCategory) or lower datasets.testShare`,
    );
  }
  await prepareTextKeys(trained, options);
  const { negativesHash, ...texts } = await trainingTexts(
    { papers, trained, tokens, documents, teacher },
    config,
    options,
  );
  const made = { config, encoder, trained, negatives: negativesHash, loss, teacher: teacher?.fingerprint, name };
  const own = folders
    ? await openTrainingStore(folders, made, options.resume ?? false, options.onMessage, options.keepBest)
    : undefined;
  const { communicator = ONE_PROCESS } = options;
  await checkSameTraining(communicator, trainingFingerprint(made));
  const store = await sharedStore(communicator, own, encoder.trained ?? new Map());
  const earlier = store?.resume?.state;
  const isFinished = earlier !== undefined && earlier.step === earlier.totalSteps;
  const events =
    folders && !isFinished
      ? openTrainingEvents(
          join(folders.run, 'tensorboard'),
          options.hyperparameters ?? hyperparametersOf(config),
          earlier ? earlier.step + 1 : undefined,
          options.onMessage,
        )
      : undefined;
  let ending: 'success' | 'failure' | undefined;
  try {
    const result = await train({
      ...options,
      ...texts,
      batchesOf: (epoch) => batchesOfEpoch(trained, config, epoch),
      validate: validationOf(options),
      store,
      onStep(step, details) {
        events?.step(step, details);
        options.onStep?.(step, details);
      },
      onValidation(point) {
        events?.validation(point);
        options.onValidation?.(point);
      },
    });
    ending = 'success';
    const { strength } = result.history;
    if (strength) {
      const level = strength.strength === 0 ? 'warning' : 'info';
      options.onMessage?.({ level, text: describeStrength(strength) });
    }
    const fallback = (await store?.finish()) ?? null;
    const reason = store?.unsaved() ?? null;
    return {
      ...result,
      trained,
      ...(fallback === null ? {} : { fallback: { folder: fallback, reason: reason ?? '' } }),
      ...(reason === null ? {} : { unsaved: reason }),
    };
  } catch (error) {
    if (error instanceof DivergedError) ending = 'failure';
    const fallback = error instanceof Interrupted ? ((await store?.finish()) ?? null) : null;
    if (fallback !== null) throw new Interrupted(`${(error as Error).message}; the best so far is in ${fallback}`);
    throw error;
  } finally {
    events?.close(ending);
  }
}

/** Absent where the validation split has no query. */
function validationOf({
  papers,
  config,
  tokens,
  encoder,
  signal,
  communicator = ONE_PROCESS,
}: TrainPapersOptions): (() => Promise<Float64Array>) | undefined {
  const tokensOf = (paper: SplitPaper): TokenizedPaper => tokens.get(paper.id) as TokenizedPaper;
  // a rank that left a validation would leave the others waiting in it
  const options = { tokenBudget: config.batches.tokenBudget, communicator, ...(communicator.size === 1 && { signal }) };
  if (papers.some(({ pair }) => pair)) {
    const { queries, documents, relevant } = pairValidation(papers, config);
    if (queries.length === 0) return undefined;
    const asked = queries.map((paper) => tokensOf(paper).title);
    const searched = documents.map((paper) => tokensOf(paper).abstract);
    return () => reciprocalRanks(encoder, asked, searched, { ...options, relevant });
  }
  const validation = validationSet(papers, config);
  if (validation.queries === 0) return undefined;
  const queries = validation.papers.slice(0, validation.queries).map((paper) => tokensOf(paper).title);
  const documents = validation.papers.map((paper) => tokensOf(paper).abstract);
  return () => reciprocalRanks(encoder, queries, documents, options);
}

/** Batches of an epoch as `training.batches` wants them. */
export function batchesOfEpoch(trained: SplitPaper[], config: Config, epoch: number): number[][] {
  const plan = planEpoch(trained, config, epoch);
  if (config.training.batches === 'all') return plan.batches;
  if (plan.batchesOnTarget === 0) {
    throw new UserError(
      `no batch of ${quantity(config.batches.pairs, 'pairs')} can have every role at its share: lower batches.pairs, change batches.shares, or set training.batches=all`,
    );
  }
  return plan.batches.slice(0, plan.batchesOnTarget);
}
