/** A training over several ranks, on those that are not rank 0: the same steps, without a run folder. */
import { availableParallelism, cpus } from 'node:os';
import type { Config } from '../config/config.js';
import { Interrupted } from '../core/errors.js';
import type { Communicator } from '../distributed/communicator.js';
import { DivergedError } from '../training/divergence.js';
import type { TrainPapersOptions } from '../training/train-papers.js';
import type { StepResults } from './step-results.js';
import { encoderStep } from './steps/encoder.js';
import { trainingStep } from './steps/training.js';
import { teacherFor } from './teacher.js';

/** What a rank takes of the options of rank 0. */
export interface RankOptions extends Pick<TrainPapersOptions, 'loss' | 'signal'> {
  communicator: Communicator;
}

/**
 * Trains with rank 0, which calls `trainInFolder`, and ends where that ends: also where it was stopped or diverged, which
 * rank 0 reports.
 */
export async function trainOnRank(
  results: StepResults,
  given: Config,
  { communicator, loss, signal }: RankOptions,
): Promise<void> {
  const config = configOfRank(given, communicator);
  // rank 0 fills the caches first
  await communicator.barrier();
  const reporting = signal ? { signal } : {};
  const { papers } = await results.dataset(config, reporting);
  const tokenized = await results.tokens(config, reporting);
  const identity = await results.identity(config, reporting, loss);
  const teacher = await teacherFor(results, config, { ...reporting, ...(loss && { loss }) });
  const encoder = await encoderStep.run(config, await results.model(config, reporting));
  try {
    await trainingStep.run(
      config,
      { papers, tokenized, encoder },
      { ...reporting, ...teacher, ...(loss && { loss }), communicator, identity: identity.fingerprint },
    );
  } catch (error) {
    if (!(error instanceof Interrupted) && !(error instanceof DivergedError)) throw error;
  } finally {
    await encoder.dispose();
  }
}

/** Ranks on one machine share its cores, where nobody said how many threads there shall be. */
export function configOfRank(config: Config, { localSize }: Communicator): Config {
  if (config.threads > 0 || localSize === 1) return config;
  const share = Math.max(1, Math.floor(cpus().length / localSize));
  return { ...config, threads: Math.min(availableParallelism(), share) };
}
