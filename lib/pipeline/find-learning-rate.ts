/** The learning-rate range test on the batches that a training with the same configuration would see. Nothing is written. */
import { prepareTextKeys } from '../batches/text-keys.js';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { trainingPapers } from '../datasets/dataset.js';
import { checkTeaches } from '../losses/configured-loss.js';
import type { LossFactory } from '../losses/loss.js';
import {
  checkRange,
  learningRateRangeTest,
  type RangeTest,
  type RangeTestOptions,
} from '../training/learning-rate-range.js';
import { scheduleSteps } from '../training/step-schedule.js';
import { batchesOfEpoch } from '../training/train-papers.js';
import { trainingTexts } from '../training/training-texts.js';
import type { StepResults } from './step-results.js';
import { encoderStep } from './steps/encoder.js';
import { checkTeacher } from './teacher.js';

/** Rates and steps of a learning-rate range test, and its loss. */
export interface FindLearningRateOptions extends Reporting, Partial<RangeTestOptions> {
  loss?: LossFactory;
}

/** From a millionth to one in 40 steps, unless told otherwise. */
export async function findLearningRate(
  results: StepResults,
  config: Config,
  { from = 1e-6, to = 1, steps = 40, ...options }: FindLearningRateOptions = {},
): Promise<RangeTest> {
  checkRange({ from, to, steps });
  checkTeacher(config, options.loss);
  const { papers: all } = await results.dataset(config, options);
  const papers = trainingPapers(all, config, options.loss?.scored);
  const { tokens, documents } = await results.tokens(config, options);
  await prepareTextKeys(papers, options);
  const batchesOf = (epoch: number): number[][] => batchesOfEpoch(papers, config, epoch);
  // as many epochs as the steps take; the schedule ends with the last step
  const training = { ...config.training, epochs: Math.max(steps, Math.ceil(config.training.epochs)), maxSteps: steps };
  const schedule = scheduleSteps(batchesOf, training, papers.length);
  const teacher = await results.teacher(config, options);
  checkTeaches(config.training, teacher, options.loss);
  const texts = await trainingTexts({ papers: all, trained: papers, tokens, documents, teacher }, config, options);
  const encoder = await encoderStep.run(config, await results.model(config, options));
  try {
    return await learningRateRangeTest(
      {
        ...options,
        config: { ...config, training },
        encoder,
        ...texts,
        batchesOf,
      },
      schedule,
      { from, to, steps },
    );
  } finally {
    await encoder.dispose();
  }
}
