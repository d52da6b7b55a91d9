/** The teacher that a configuration names, as a training on its papers asks it. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { type Dataset, trainingPapers } from '../datasets/dataset.js';
import { trainingDocuments } from '../datasets/pairs/documents.js';
import type { SplitPaper } from '../datasets/paper.js';
import { matmulTransposed, type RowProducts } from '../engine/matmul.js';
import { checkLoss, checkScores, checkTeaches, configuredLoss } from '../losses/configured-loss.js';
import type { LossFactory } from '../losses/loss.js';
import type { Teacher } from '../losses/teacher.js';
import { checkSystemNames } from '../retrieval/systems/system-registry.js';
import { systemTeacher } from '../retrieval/teacher.js';
import type { LoadedModel } from './steps/model.js';
import { type ConfirmCost, withSystems } from './systems.js';

/** The steps that a teacher is made from. */
interface EarlierSteps {
  dataset(config: Config, reporting?: Reporting): Promise<Dataset>;
  model(config: Config, reporting?: Reporting): Promise<LoadedModel>;
}

/** A teacher once made. */
interface TeacherResults extends Pick<EarlierSteps, 'dataset'> {
  teacher(config: Config, reporting?: Reporting): Promise<Teacher | undefined>;
}

/**
 * Checks loss and teacher of a training, before any work.
 *
 * @throws UserError for a loss and a teacher that do not fit together, or a teacher that is no system
 */
export function checkTeacher({ training }: Pick<Config, 'training'>, own?: LossFactory): void {
  checkLoss(training, own);
  if (training.teacher !== null) checkSystemNames([training.teacher]);
}

/**
 * Makes the teacher: a system with vectors embeds all titles and abstracts of the training split here, once, through the
 * cache, and its model is freed again.
 *
 * @returns undefined where `training.teacher` names none
 * @throws UserError for a system that does not exist, cannot take part, or cannot teach
 */
export async function configuredTeacher(
  results: EarlierSteps,
  config: Config,
  reporting: Reporting & { confirmCost?: ConfirmCost } = {},
): Promise<Teacher | undefined> {
  const name = config.training.teacher;
  if (name === null) return undefined;
  const dataset = await results.dataset(config, reporting);
  const trained = trainingPapers(dataset.papers, config);
  const others = trainingDocuments(dataset, config.training.hardNegatives.file !== null);
  const texts = {
    queries: trained.map(({ title }) => title),
    documents: [
      ...trainingPapers(dataset.papers, config, true).map(({ abstract }) => abstract),
      ...others.map(({ text }) => text),
    ],
  };
  const asked: Config = { ...config, evaluation: { ...config.evaluation, systems: [name] } };
  const sources = {
    model: () => results.model(config, reporting),
    trained: config.encoder.adapter,
    fromCache: true,
    ...(reporting.confirmCost ? { confirmCost: reporting.confirmCost } : {}),
  };
  return withSystems(asked, sources, reporting, async ({ systems, skipped }) => {
    const [system] = systems;
    if (!system) throw new UserError(`training.teacher = "${name}" cannot teach: ${skipped[0]?.reason}`);
    return systemTeacher(system, texts, { ...reporting, matmul: productsOf(results, config) });
  });
}

/** Of the engine that trains, which is there as long as a training is; the engine of the systems may be gone by then. */
function productsOf(results: EarlierSteps, config: Config): RowProducts {
  let products: RowProducts | undefined;
  return async (a, b, width) => {
    products ??= matmulTransposed((await results.model(config)).engine);
    return products(a, b, width);
  };
}

/** Whom the loss learns from, where it does. @throws UserError for data or a teacher that lack what the loss wants of them */
export async function teacherFor(
  results: TeacherResults,
  config: Config,
  options: Reporting & { loss?: LossFactory },
): Promise<{ teacher?: Teacher }> {
  const { papers } = await results.dataset(config, options);
  checkScores(options.loss ?? configuredLoss(config.training), papers.some(hasScore));
  const teacher = await results.teacher(config, options);
  checkTeaches(config.training, teacher, options.loss);
  return teacher ? { teacher } : {};
}

/** Papers have no scores; pairs may. */
function hasScore({ pair }: SplitPaper & { pair?: { score: number | null } }): boolean {
  return typeof pair?.score === 'number';
}
