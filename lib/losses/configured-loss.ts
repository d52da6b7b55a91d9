/** The loss that the settings of a training describe: InfoNCE, taken of truncated embeddings too where asked for. */
import type { Config } from '../config/config.js';
import { infoNceLoss } from './info-nce.js';
import type { LossFactory } from './loss.js';
import { matryoshkaLoss } from './matryoshka.js';

type LossConfig = Pick<
  Config['training'],
  'temperature' | 'symmetric' | 'falseNegativeMargin' | 'matryoshkaDimensions' | 'negatives'
>;

export function configuredLoss(training: LossConfig): LossFactory {
  const { temperature, symmetric, falseNegativeMargin, negatives } = training;
  const infoNce = infoNceLoss({ temperature, symmetric, falseNegativeMargin, onlyHard: negatives === 'hard' });
  return matryoshkaLoss(infoNce, training.matryoshkaDimensions);
}
