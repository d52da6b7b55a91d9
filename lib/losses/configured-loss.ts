/** The loss that the settings of a training describe, taken of truncated embeddings too where asked for. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { LossFactory } from './loss.js';
import { matryoshkaLoss } from './matryoshka.js';
import { LOSSES, type LossConfig } from './registry.js';
import { type Teacher, withoutVectors } from './teacher.js';

export function configuredLoss(
  training: LossConfig & Pick<Config['training'], 'loss' | 'matryoshkaDimensions'>,
): LossFactory {
  return matryoshkaLoss(LOSSES[training.loss](training), training.matryoshkaDimensions);
}

/**
 * Checks that loss and teacher fit together, before any work.
 *
 * @param own the caller's own loss, in place of the configured one
 * @throws UserError for a loss without its teacher, a teacher that nothing would listen to, or a loss that is not taken of
 *   truncated embeddings
 */
export function checkLoss(training: Config['training'], own?: LossFactory): void {
  const { needs } = own ?? configuredLoss(training);
  const { loss, teacher } = training;
  const learns = needs === 'teacher' || needs === 'vectors';
  if (learns && teacher === null) {
    throw new UserError(
      `training.loss = "${loss}" learns from a teacher: set training.teacher to a system, such as a hub id, a folder or bm25`,
    );
  }
  if (teacher !== null && !learns && !own) {
    throw new UserError(
      `training.teacher = "${teacher}": the loss "${loss}" has no use for a teacher; set training.loss to gist, margin-mse, distill-scores or distill-vectors`,
    );
  }
}

/** Checks that a teacher has what the loss wants of it. @throws UserError for a teacher without vectors */
export function checkTeaches(training: Config['training'], teacher: Teacher | undefined, own?: LossFactory): void {
  const { needs, name } = own ?? configuredLoss(training);
  if (needs === 'vectors' && teacher?.dimensions === null) throw withoutVectors(name, teacher.name);
}

/** Checks that the data have what a loss of scores learns from. @throws UserError where no pair has a score */
export function checkScores({ needs, name }: LossFactory, hasScores: boolean): void {
  if (needs !== 'scores' || hasScores) return;
  throw new UserError(
    `the loss "${name}" learns from the scores of pairs, and the data have none: expected pairs with scores, or another loss such as training.loss=infonce`,
  );
}
