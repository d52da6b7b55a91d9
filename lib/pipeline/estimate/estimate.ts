/** `estimate`: this machine is measured on the configured model and texts, and what a corpus of any size takes follows from it. */
import type { Config } from '../../config/config.js';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { trainingPapers } from '../../datasets/dataset.js';
import type { StepResults } from '../step-results.js';
import { encoderStep, untunedEncoder } from '../steps/encoder.js';
import { type Estimate, type MachineRates, planWork, type Workload } from './plan.js';
import { meanLength, probeMachine } from './probe.js';

/** What is asked of {@link estimateWork}. */
export interface EstimateOptions extends Reporting {
  /** Abstracts of the corpus; absent: as many as the configured data have. */
  texts?: number;
  /** Machines like this one; 1 unless told otherwise. */
  machines?: number;
  /** Of an hour of one machine, in any currency. */
  price?: number;
  /** How long to measure; 10 unless told otherwise. */
  seconds?: number;
}

/** What was measured, what there is to do, and what that comes to. */
export interface WorkEstimate {
  rates: MachineRates;
  work: Workload;
  estimate: Estimate;
}

/** Papers that are measured on. */
const SAMPLE = 2000;

/** @throws UserError for numbers that are none */
export async function estimateWork(
  results: StepResults,
  config: Config,
  { texts, machines = 1, price, seconds = 10, ...reporting }: EstimateOptions = {},
): Promise<WorkEstimate> {
  for (const [name, value] of Object.entries({ texts, machines })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new UserError(`${name} = ${value}: expected a whole number, 1 or more`);
    }
  }
  for (const [name, value] of Object.entries({ price, seconds })) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw new UserError(`${name} = ${value}: expected a number above 0`);
    }
  }
  const { papers } = await results.dataset(config, reporting);
  const { tokens } = await results.tokens(config, reporting);
  const model = await results.model(config, reporting);
  const step = Math.max(1, Math.floor(papers.length / SAMPLE));
  const sample = papers.filter((_, i) => i % step === 0).slice(0, SAMPLE);
  const idsOf = (kind: 'title' | 'abstract'): Int32Array[] =>
    sample.flatMap((paper) => tokens.get(paper.id)?.[kind] ?? []);
  const [titles, abstracts] = [idsOf('title'), idsOf('abstract')];
  const untuned = await untunedEncoder(config, model);
  const trainable = await encoderStep.run(config, model);
  try {
    const material = {
      untuned,
      trainable,
      titles,
      abstracts,
      texts: sample.map(({ abstract }) => abstract),
      folder: untuned.base.folder,
    };
    const rates = await probeMachine(material, config, seconds, reporting);
    const count = texts ?? papers.length;
    const trained = (trainingPapers(papers, config).length / papers.length) * count;
    const { pairs } = config.batches;
    const { epochs, maxSteps } = config.training;
    const work: Workload = {
      texts: count,
      meanTitleTokens: meanLength(titles),
      meanAbstractTokens: meanLength(abstracts),
      dimensions: untuned.dimensions,
      steps: Math.min(maxSteps ?? Number.POSITIVE_INFINITY, Math.ceil((epochs * trained) / pairs)),
      pairs,
      trainable: trainable.trainableCount,
      machines,
      price: price ?? null,
    };
    return { rates, work, estimate: planWork(rates, work) };
  } finally {
    await untuned.dispose();
    await trainable.dispose();
  }
}
