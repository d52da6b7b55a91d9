/**
 * MarginMSE (Hofstätter et al., 2020, arXiv:2010.02666): the encoder learns by how much a teacher prefers the query's own
 * document to another one. The negatives are the other documents of the batch, as in TAS-B (Hofstätter et al., 2021,
 * arXiv:2104.06967), or the hard negatives of the query alone.
 *
 *   loss = mean over queries i and their negatives j of ((s(i, i) - s(i, j)) - (t(i, i) - t(i, j)))²
 *
 * s of the encoder, t of the teacher, times a scale. As `MarginMSELoss` of sentence-transformers with as many negatives a
 * query. Q queries, M documents.
 */

import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { Engine } from '../engine/types.js';
import { candidateMask } from './candidate-mask.js';
import { compileLoss, countTexts, ownDocuments } from './compiled-loss.js';
import type { Loss, LossFactory } from './loss.js';
import { type SimilarityName, similarity } from './similarity.js';
import { type TeacherBatch, teacherOf } from './teacher.js';

/** Options of MarginMSE. */
export interface MarginMseSettings {
  /** Of the encoder. */
  similarity: SimilarityName;
  /** The teacher's scores are multiplied by it. */
  teacherScale: number;
  /** Takes only a query's own hard negatives, and none from the batch; absent: all. */
  onlyHard?: boolean;
}

/** Margins of cosines, with some room for rounding. */
const LARGEST_COSINE_MARGIN = 2.001;

/** MarginMSE, with the teacher of the training. */
export function marginMseLoss(settings: MarginMseSettings): LossFactory {
  return {
    name: 'MarginMSE',
    settings,
    needs: 'teacher',
    create: (engine, dimensions) => createMarginMseLoss(engine, dimensions, settings),
  };
}

async function createMarginMseLoss(engine: Engine, dimensions: number, settings: MarginMseSettings): Promise<Loss> {
  const program = await compileLoss<'own' | 'margins' | 'weights'>(
    engine,
    'MarginMSE',
    dimensions,
    { own: ['queries', 'documents'], margins: ['queries', 'documents'], weights: ['queries', 'documents'] },
    ({ queries, documents, own, margins, weights }) => {
      const scores = similarity(settings.similarity, queries, documents);
      const wanted = tf.sum(tf.mul(scores, own), 1, true);
      return tf.sum(tf.mul(tf.square(tf.sub(tf.sub(wanted, scores), margins)), weights)) as tf.Scalar;
    },
  );
  return {
    async compute(queries, documents, batch) {
      const { count, total } = countTexts('MarginMSE', queries, documents, dimensions);
      const mask = candidateMask(count, total, batch, settings.onlyHard ?? false);
      const weights = mask.excluded.map((excluded, at) =>
        excluded === 0 && at % total !== Math.floor(at / total) ? 1 : 0,
      );
      const negatives = weights.reduce((sum, weight) => sum + weight, 0);
      // pairs without hard negatives teach nothing where these are all that is learned from
      if (negatives === 0 && !settings.onlyHard) {
        throw new UserError(
          `MarginMSE compares documents, and a batch of ${quantity(count, 'pairs')} has no negative: expected two pairs or more`,
        );
      }
      const margins = marginsOf(teacherOf('MarginMSE', batch), weights, total, settings);
      const share = weights.map((weight) => weight / Math.max(negatives, 1));
      const values = await program.run(queries, documents, {
        own: ownDocuments(count, total),
        margins,
        weights: share,
      });
      return { ...values, masked: mask.relevant };
    },
    dispose: () => program.dispose(),
  };
}

/** What the teacher's scores differ by [Q, M]. @throws UserError for margins that no cosines have */
function marginsOf(
  teacher: TeacherBatch,
  weights: Float32Array,
  total: number,
  { similarity: name, teacherScale }: MarginMseSettings,
): Float32Array {
  let largest = 0;
  const margins = teacher.scores.map((score, at) => {
    const row = Math.floor(at / total);
    const margin = ((teacher.scores[row * total + row] as number) - score) * teacherScale;
    if (weights[at] !== 0) largest = Math.max(largest, Math.abs(margin));
    return margin;
  });
  if (name === 'cosine' && largest > LARGEST_COSINE_MARGIN) {
    throw new UserError(
      `the teacher "${teacher.name}" has a margin of ${largest.toFixed(2)}, and cosines differ by 2 at most: set training.marginMse.teacherScale, such as ${(1 / largest).toPrecision(1)}, or training.marginMse.similarity=dot`,
    );
  }
  return margins;
}
