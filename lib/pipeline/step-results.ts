/**
 * The results of the steps before the training, each made once and found again until a setting that it depends on changes:
 * in memory (the latest of each, since a model takes gigabytes), and on disk where they say so. Keys are computed from the
 * settings that the steps read, see step.ts.
 */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import type { Dataset } from '../datasets/dataset.js';
import { trainingDocuments } from '../datasets/pairs/documents.js';
import type { Encoder } from '../encoder/encoder.js';
import type { LossFactory } from '../losses/loss.js';
import type { Teacher } from '../losses/teacher.js';
import { readHardNegatives } from '../training/hard-negatives.js';
import { Latest } from './latest.js';
import { papersFingerprint } from './papers-fingerprint.js';
import { weightsDigest } from './provenance.js';
import { type RunIdentity, runIdentity } from './run-identity.js';
import { stepKey } from './step.js';
import { batchesStep, type EpochSchedule } from './steps/batches.js';
import { dataFiles, datasetKey, datasetsStep } from './steps/datasets.js';
import { encoderStep } from './steps/encoder.js';
import { type LoadedModel, modelStep } from './steps/model.js';
import { documentsFingerprint, type TokenizedDataset, tokensStep } from './steps/tokens.js';
import { configuredTeacher } from './teacher.js';

export interface StepResults {
  /** Step 1; kept in <cache>/datasets too. */
  dataset(config: Config, reporting?: Reporting): Promise<Dataset>;
  /** Step 2; token ids are kept in <cache>/tokens too, before limits are applied. */
  tokens(config: Config, reporting?: Reporting): Promise<TokenizedDataset>;
  /** Step 3. @param epoch from 0 */
  batches(config: Config, epoch: number, reporting?: Reporting): Promise<EpochSchedule>;
  /** Step 4: the engine with the base model on it. */
  model(config: Config, reporting?: Reporting): Promise<LoadedModel>;
  /** Step 4: the base model with a new adapter. It lasts until another is asked for. */
  encoder(config: Config, reporting?: Reporting): Promise<Encoder>;
  /** Whom a training with this configuration learns from; undefined without one. It lasts until another is asked for. */
  teacher(config: Config, reporting?: Reporting): Promise<Teacher | undefined>;
  /** What a training with this configuration would be made of. */
  identity(config: Config, reporting?: Reporting, loss?: LossFactory): Promise<RunIdentity>;
  /** Frees engine and models. */
  close(): Promise<void>;
}

/** Texts that a model in 8 bits is tried on. */
const CALIBRATION_TEXTS = 16;

/** Abstracts that are trained on, or any where there are none, spread over the corpus. */
function calibrationTexts({ papers }: Dataset): string[] {
  const trained = papers.filter(({ split }) => split === 'train');
  const from = trained.length > 0 ? trained : papers;
  const step = Math.max(1, Math.floor(from.length / CALIBRATION_TEXTS));
  return from
    .filter((_, i) => i % step === 0)
    .slice(0, CALIBRATION_TEXTS)
    .map(({ abstract }) => abstract);
}

export function openStepResults(): StepResults {
  const datasets = new Latest<Dataset>();
  const tokenized = new Latest<TokenizedDataset>();
  const teachers = new Latest<Teacher | undefined>();
  const encoders = new Latest<Encoder>((encoder) => encoder.dispose());
  const models = new Latest<LoadedModel>(async (model) => {
    await encoders.clear();
    await teachers.clear();
    await model.engine.close();
  });

  const results: StepResults = {
    dataset: async (config, reporting) =>
      datasets.get(`${await datasetKey(config)} ${config.cache}`, () => datasetsStep.run(config, reporting)),

    async tokens(config, reporting) {
      const dataset = await results.dataset(config, reporting);
      const documents = trainingDocuments(dataset, config.training.hardNegatives.file !== null);
      const key = stepKey(tokensStep, config, [papersFingerprint(dataset.papers), documentsFingerprint(documents)]);
      return tokenized.get(key, () => tokensStep.run(config, dataset.papers, reporting, documents));
    },

    async batches(config, epoch, reporting) {
      const { papers } = await results.dataset(config, reporting);
      return batchesStep.run(config, papers, await results.tokens(config, reporting), epoch);
    },

    async model(config, reporting) {
      // weights in 8 bits depend on texts of the run
      const texts = config.precision === 'int8' ? await datasetKey(config) : null;
      return models.get(`${stepKey(modelStep, config, texts)} ${config.threads}`, () =>
        modelStep.run(config, reporting, async () => calibrationTexts(await results.dataset(config, reporting))),
      );
    },

    async encoder(config, reporting) {
      const model = await results.model(config, reporting);
      return encoders.get(stepKey(encoderStep, config, [model.base.fingerprint, model.engine.description]), () =>
        encoderStep.run(config, model),
      );
    },

    teacher: (config, reporting) =>
      teachers.get(fingerprintOf(config), () => configuredTeacher(results, config, reporting)),

    async identity(config, reporting, loss) {
      const { papers } = await results.dataset(config, reporting);
      const { engine, base } = await results.model(config, reporting);
      const { file } = config.training.hardNegatives;
      const { adapter } = config.encoder;
      const teacher = await results.teacher(config, reporting);
      const files = await dataFiles(config);
      return runIdentity(config, {
        dataset: papersFingerprint(papers),
        ...(files === null ? {} : { files }),
        model: base.fingerprint,
        engine: [engine.name, engine.precision ?? 'float32', config.provider].join(' '),
        ...(loss ? { loss: `${loss.name} ${fingerprintOf(loss.settings)}` } : {}),
        ...(teacher ? { teacher: teacher.fingerprint } : {}),
        ...(adapter === null ? {} : { adapter: await weightsDigest(adapter) }),
        ...(file === null ? {} : { negatives: (await readHardNegatives(file)).contentHash }),
      });
    },

    close: () => models.clear(),
  };
  return results;
}
