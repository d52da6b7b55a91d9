/**
 * Distillation of vectors (Reimers and Gurevych, 2020, arXiv:2004.09813): the embedding of a text shall be the teacher's.
 *
 *   loss = mean over the queries and documents of the batch of
 *          mse: mean over dimensions of (e - t)²      l2: |e - t|      cosine: 1 - cos(e, t)
 *
 * As `EmbedDistillLoss` and `MSELoss` of sentence-transformers, for queries and documents alike. The vectors must be of one
 * length; unless told otherwise both are scaled to length 1 first. Q queries, M documents, D dimensions.
 */

import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { Engine } from '../engine/types.js';
import { compileLoss, countTexts } from './compiled-loss.js';
import type { Loss, LossFactory } from './loss.js';
import { unit } from './similarity.js';
import { teacherOf, vectorsOf } from './teacher.js';

/** Options of the distillation of vectors. */
export interface DistillVectorsSettings {
  distance: 'mse' | 'l2' | 'cosine';
  /** Scales the embeddings to length 1 first; the teacher's vectors have it. */
  normalize: boolean;
}

/** Distance from the teacher's vectors. */
export function distillVectorsLoss(settings: DistillVectorsSettings): LossFactory {
  return {
    name: 'distillation of vectors',
    settings,
    needs: 'vectors',
    // the first numbers of a teacher's vectors are no vectors of a teacher
    wholeOnly: true,
    create: (engine, dimensions) => createDistillVectorsLoss(engine, dimensions, settings),
  };
}

async function createDistillVectorsLoss(
  engine: Engine,
  dimensions: number,
  { distance, normalize }: DistillVectorsSettings,
): Promise<Loss> {
  const distances = (rows: tf.Tensor, wanted: tf.Tensor): tf.Tensor => {
    const given = normalize || distance === 'cosine' ? unit(rows) : rows;
    if (distance === 'cosine') return tf.sub(1, tf.sum(tf.mul(given, wanted), 1));
    const squares = tf.sum(tf.square(tf.sub(given, wanted)), 1);
    return distance === 'mse' ? tf.div(squares, dimensions) : tf.sqrt(tf.maximum(squares, 1e-24));
  };
  const program = await compileLoss<'wantedQueries' | 'wantedDocuments' | 'share'>(
    engine,
    'distillation of vectors',
    dimensions,
    { wantedQueries: ['queries', dimensions], wantedDocuments: ['documents', dimensions], share: [1, 1] },
    ({ queries, documents, wantedQueries, wantedDocuments, share }) => {
      const sum = tf.add(tf.sum(distances(queries, wantedQueries)), tf.sum(distances(documents, wantedDocuments)));
      return tf.sum(tf.mul(sum, share)) as tf.Scalar;
    },
  );
  return {
    async compute(queries, documents, batch) {
      const { count, total } = countTexts('distillation of vectors', queries, documents, dimensions);
      const teacher = teacherOf('distillation of vectors', batch);
      const vectors = vectorsOf('distillation of vectors', teacher);
      if (vectors.dimensions !== dimensions) {
        throw new UserError(
          `the vectors of the teacher "${teacher.name}" have ${quantity(vectors.dimensions, 'dimensions')} and the embeddings ${dimensions}: expected the same; take training.loss=distill-scores`,
        );
      }
      return program.run(queries, documents, {
        wantedQueries: vectors.queries,
        wantedDocuments: vectors.documents,
        share: Float32Array.of(1 / (count + total)),
      });
    },
    dispose: () => program.dispose(),
  };
}
