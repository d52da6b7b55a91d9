/** What a training is given, where it keeps its state, and what it gives back. */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { Communicator } from '../distributed/communicator.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import type { Encoder } from '../encoder/encoder.js';
import type { LossFactory } from '../losses/loss.js';
import type { TeacherBatch } from '../losses/teacher.js';
import type { StrengthChoice } from './adapter-strength.js';
import type { Checkpoint } from './checkpoint.js';
import type { SkippedStep, StepDetails, TrainingHistory, TrainingStep, ValidationPoint } from './history.js';
import type { TrainingProfile } from './profile.js';
import type { RankReport } from './rank-gradients.js';

/** A title and its abstract as token ids. */
export interface TrainingPair {
  query: Int32Array;
  document: Int32Array;
  /** What the data say of it; absent where they say nothing. */
  score?: number;
}

/** What joins the documents of a batch behind those of its pairs, and what is known of all of them. */
export interface BatchDocuments {
  documents: Int32Array[];
  /** See `LossBatch`. */
  negatives?: number[][];
  /** See `LossBatch`. */
  alsoRelevant?: number[][];
}

/** What a training could not continue from, for study. */
export interface Divergence {
  /** The last step tried. */
  step: number;
  epoch: number;
  reason: string;
  skipped: SkippedStep[];
  /** The batches of that step, as indices into the pairs. */
  batches: number[][];
}

/** Writes the best parameters, with what its caller wants to keep beside them. */
export type KeepBest = (write: () => Promise<void>, at: { step: number; strength?: StrengthChoice }) => Promise<void>;

/** Where training reads its past from and writes its results to; without it everything lives in memory. */
export interface TrainingStore {
  /** What must not change between two sittings, see train-papers.ts. */
  configFingerprint: string;
  resume?: Checkpoint;
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * Called whenever a validation beats all before, and at the end where nothing was validated, or less than all of what
   * was trained is kept.
   */
  saveBest(adapter: ParameterMap, step: number, strength?: StrengthChoice): Promise<void>;
  /** The best of earlier sittings. */
  loadBest(validation: { step: number; digest: string }): Promise<ParameterMap>;
  saveDivergence?(divergence: Divergence): Promise<void>;
  /** Why the last save failed, where the store bears that; null where all is saved. */
  unsaved?(): string | null;
}

export interface TrainingOptions extends Reporting {
  encoder: Encoder;
  pairs: TrainingPair[];
  /** Batches of an epoch (from 0) as indices into `pairs`; a pure function of the epoch. */
  batchesOf(epoch: number): number[][];
  /** Documents that join those of a batch as negatives of all its queries; a pure function of batch and epoch. */
  negativesOf?(pairs: readonly number[], epoch: number): BatchDocuments;
  /** What a teacher says of the texts of a batch, those of `negativesOf` among its documents; a pure function of the two. */
  teacherOf?(pairs: readonly number[], epoch: number): Promise<TeacherBatch>;
  config: Pick<Config, 'seed' | 'batches' | 'training'>;
  /** What is minimized; by default InfoNCE as the settings describe it. */
  loss?: LossFactory;
  /** Reciprocal ranks of the validation queries, at least one, by the encoder as it is; absent: nothing is validated. */
  validate?(): Promise<Float64Array>;
  store?: TrainingStore;
  /**
   * Who shares the batches: every rank trains with the same options, and ends with the same parameters. A signal on any rank
   * stops all of them after the step under way.
   */
  communicator?: Communicator;
  /** Called once, before the first step of this sitting, with what earlier sittings did. */
  onStart?(start: { totalSteps: number; step: number; history: TrainingHistory }): void;
  onStep?(step: TrainingStep, details: StepDetails): void;
  onValidation?(point: ValidationPoint): void;
}

export interface TrainingResult {
  /**
   * The adapter with the best validation score, at the strength that was chosen; the last where nothing was validated. It
   * is also set on the encoder.
   */
  best: ParameterMap;
  /** MRR@10 of the best validation after a step; that of what is kept is among the candidates of `history.strength`. */
  bestScore: number | null;
  history: TrainingHistory;
  /** Steps whose loss or gradient was not finite; they changed nothing. */
  skipped: SkippedStep[];
  /** Steps taken, fewer than planned where `training.patience` ended it. */
  totalSteps: number;
  stoppedEarly: boolean;
  /** The batches of all steps, in order, as indices into the pairs. */
  batches: number[][];
  /** Where the time of this sitting went. */
  profile: TrainingProfile;
  /** How this sitting was divided among ranks; null in one process, and where no step was taken. */
  ranks: RankReport | null;
}
