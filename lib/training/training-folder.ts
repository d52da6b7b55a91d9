/** The store of a training on papers: its state, its best adapter or model, and the batch that it could not get past. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import type { SplitPaper } from '../datasets/paper.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import { readAdapter, writeAdapter } from '../encoder/adapter-files.js';
import type { Encoder } from '../encoder/encoder.js';
import { readFullModel, writeFullModel } from '../encoder/full-parameters.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { isThere } from '../files/is-there.js';
import type { LossFactory } from '../losses/loss.js';
import { hasCheckpoint, loadBest, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { type PatientStore, patientStore } from './patient-store.js';
import type { KeepBest, TrainingStore } from './training-options.js';

const DIVERGENCE_FILE = 'diverged.json';
const ADAPTER_WEIGHTS = 'adapter_model.safetensors';
const MODEL_WEIGHTS = 'model.safetensors';

/** Folders that a training writes. */
export interface TrainingFolders {
  /** The run folder, for training-state/, tensorboard/ and diverged.json. */
  run: string;
  /** Where the best adapter goes, or the best model where all weights are trained. */
  best: string;
}

/** What a training is made from: another of any of it would be another training. */
export interface TrainingIdentity {
  config: Config;
  encoder: Encoder;
  /** Papers trained on. */
  trained: readonly SplitPaper[];
  /** Hash of the file of hard negatives, wherever it lies. */
  negatives?: string;
  /** Where it is not the one that the settings describe. */
  loss?: LossFactory;
  /** Fingerprint of the teacher, where there is one. */
  teacher?: string;
  /** Of all this and more, where the caller has one: see pipeline/run-identity.ts. */
  name?: string;
}

/** Names a training by what its result depends on; how often its state is saved is not among that. */
export function trainingFingerprint({
  config,
  encoder,
  trained,
  negatives,
  loss,
  teacher,
  name,
}: TrainingIdentity): string {
  if (name !== undefined) return fingerprintOf([name, negatives ?? null]);
  const { checkpoints: _, hardNegatives, ...training } = config.training;
  const { file: __, ...sampling } = hardNegatives;
  return fingerprintOf({
    seed: config.seed,
    tokens: config.tokens,
    batches: config.batches,
    training: { ...training, hardNegatives: sampling },
    encoder: config.encoder,
    model: encoder.base.fingerprint,
    papers: trained.map((paper) => paper.id),
    ...(negatives === undefined ? {} : { negatives }),
    ...(teacher === undefined ? {} : { teacher }),
    ...(loss ? { loss: { name: loss.name, settings: loss.settings } } : {}),
  });
}

/**
 * @param resume true: the state must be there; 'if-present': the training starts anew without one
 * @throws UserError for a state that is missing, damaged, or of other settings
 */
export async function openTrainingStore(
  { run, best }: TrainingFolders,
  identity: TrainingIdentity,
  resume: boolean | 'if-present',
  onMessage?: Reporting['onMessage'],
  keepBest: KeepBest = (write) => write(),
): Promise<PatientStore> {
  const { config, encoder, trained } = identity;
  const { adapter, trained: parameters, base } = encoder;
  if (!parameters) throw new UserError('nothing to train: the encoder has no adapter (encoder.lora)');
  const configFingerprint = trainingFingerprint(identity);
  const isResumed = resume === true || (resume === 'if-present' && (await hasCheckpoint(run)));
  const expected = {
    configFingerprint,
    parameters,
    readBest: async () => (adapter ? (await readAdapter(best, base.config)).tensors : readFullModel(best, base.config)),
  };
  const checkpoint = isResumed ? await loadCheckpoint(run, expected, onMessage) : undefined;
  await rm(join(run, DIVERGENCE_FILE), { force: true });
  const writeTo = (folder: string, tensors: ParameterMap): Promise<void> =>
    adapter
      ? writeAdapter(folder, { config: adapter.config, tensors, baseModel: config.encoder.model })
      : writeFullModel(folder, base, tensors);
  const store: TrainingStore = {
    configFingerprint,
    resume: checkpoint,
    saveCheckpoint: (state) => saveCheckpoint(run, state, config.training.checkpoints),
    saveBest: (tensors, step, strength) =>
      keepBest(() => writeTo(best, tensors), { step, ...(strength && { strength }) }),
    loadBest: (validation) => loadBest(run, validation, expected),
    async saveDivergence({ batches, ...divergence }) {
      const papers = batches.map((batch) => batch.map((place) => trained[place]?.id));
      const json = JSON.stringify({ ...divergence, batches: papers }, null, 1);
      await writeFileAtomic(join(run, DIVERGENCE_FILE), `${json}\n`);
    },
  };
  const weights = join(best, adapter ? ADAPTER_WEIGHTS : MODEL_WEIGHTS);
  return patientStore(store, { run, writeTo, onMessage, bestIsThere: () => isThere(weights) });
}
