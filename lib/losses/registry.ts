/** The losses by the names that `training.loss` takes. To add one, write its file here beside the others, and its entry. */
import type { Config } from '../config/config.js';
import type { LossName } from '../config/losses.js';
import { angleLoss, cosentLoss } from './cosent.js';
import { distillScoresLoss } from './distill-scores.js';
import { distillVectorsLoss } from './distill-vectors.js';
import { gistLoss } from './gist.js';
import { infoNceLoss } from './info-nce.js';
import type { LossFactory } from './loss.js';
import { marginMseLoss } from './margin-mse.js';

/** The settings that losses are made from. */
export type LossConfig = Pick<
  Config['training'],
  | 'temperature'
  | 'symmetric'
  | 'falseNegativeMargin'
  | 'negatives'
  | 'gist'
  | 'marginMse'
  | 'distillScores'
  | 'distillVectors'
  | 'cosent'
  | 'angle'
>;

/** From the settings of a training to a loss. */
export const LOSSES: Readonly<Record<LossName, (training: LossConfig) => LossFactory>> = {
  infonce: ({ temperature, symmetric, falseNegativeMargin, ...rest }) =>
    infoNceLoss({ temperature, symmetric, falseNegativeMargin, ...negativesOf(rest) }),
  gist: ({ temperature, gist, ...rest }) => gistLoss({ temperature, ...gist, ...negativesOf(rest) }),
  'margin-mse': ({ marginMse, ...rest }) => marginMseLoss({ ...marginMse, ...negativesOf(rest) }),
  'distill-scores': ({ distillScores, ...rest }) => distillScoresLoss({ ...distillScores, ...negativesOf(rest) }),
  'distill-vectors': ({ distillVectors }) => distillVectorsLoss(distillVectors),
  cosent: ({ cosent }) => cosentLoss(cosent),
  angle: ({ angle }) => angleLoss(angle),
};

const negativesOf = ({ negatives }: Pick<LossConfig, 'negatives'>): { onlyHard: boolean } => ({
  onlyHard: negatives === 'hard',
});
