/**
 * Distillation of a teacher's scores (Hinton et al., 2015, arXiv:1503.02531): over the documents of the batch, the
 * encoder's distribution for a query shall be the teacher's.
 *
 *   p = softmax(teacher's scores / T')      q = softmax(encoder's scores / T)      over the candidates of a query
 *   loss = T² · mean over queries of sum of p (log p - log q)
 *
 * As `DistillKLDivLoss` of sentence-transformers, where the candidates are all documents of the batch, or the query's own
 * and its hard negatives. Q queries, M documents.
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import type { Engine } from '../engine/types.js';
import { candidateMask } from './candidate-mask.js';
import { compileLoss, countTexts } from './compiled-loss.js';
import type { Loss, LossFactory } from './loss.js';
import { type SimilarityName, similarity } from './similarity.js';
import { teacherOf } from './teacher.js';

/** Options of the distillation of scores. */
export interface DistillScoresSettings {
  /** Of the encoder. */
  similarity: SimilarityName;
  /** T */
  temperature: number;
  /** T'; null: T. */
  teacherTemperature: number | null;
  /** Takes only a query's own hard negatives, and none from the batch; absent: all. */
  onlyHard?: boolean;
}

/** Divergence from the teacher's distribution over the documents of a batch. */
export function distillScoresLoss(settings: DistillScoresSettings): LossFactory {
  return {
    name: 'distillation of scores',
    settings,
    needs: 'teacher',
    create: (engine, dimensions) => createDistillScoresLoss(engine, dimensions, settings),
  };
}

async function createDistillScoresLoss(
  engine: Engine,
  dimensions: number,
  settings: DistillScoresSettings,
): Promise<Loss> {
  const { temperature, teacherTemperature } = settings;
  const program = await compileLoss<'excluded' | 'probabilities' | 'logProbabilities' | 'share'>(
    engine,
    'distillation of scores',
    dimensions,
    {
      excluded: ['queries', 'documents'],
      probabilities: ['queries', 'documents'],
      logProbabilities: ['queries', 'documents'],
      share: ['queries', 1],
    },
    ({ queries, documents, excluded, probabilities, logProbabilities, share }) => {
      const scores = tf.mul(similarity(settings.similarity, queries, documents), 1 / temperature);
      const encoder = tf.logSoftmax(tf.add(scores, excluded));
      const divergence = tf.sum(tf.mul(probabilities, tf.sub(logProbabilities, encoder)), 1, true);
      return tf.mul(tf.sum(tf.mul(divergence, share)), temperature ** 2) as tf.Scalar;
    },
  );
  return {
    async compute(queries, documents, batch) {
      const { count, total } = countTexts('distillation of scores', queries, documents, dimensions);
      if (total < 2) {
        throw new UserError('distillation of scores compares documents: expected a batch of at least 2, got 1');
      }
      const mask = candidateMask(count, total, batch, settings.onlyHard ?? false);
      const { scores } = teacherOf('distillation of scores', batch);
      const teacher = softmaxRows(scores, mask.excluded, total, teacherTemperature ?? temperature);
      const values = await program.run(queries, documents, { excluded: mask.excluded, ...teacher, share: mask.shares });
      return { ...values, masked: mask.relevant };
    },
    dispose: () => program.dispose(),
  };
}

/** Softmax of each row over what is not excluded, in double precision; log 0 is a number that 0 times is 0. */
function softmaxRows(
  scores: Float32Array,
  excluded: Float32Array,
  width: number,
  temperature: number,
): Record<'probabilities' | 'logProbabilities', Float32Array> {
  const probabilities = new Float32Array(scores.length);
  const logProbabilities = new Float32Array(scores.length);
  for (let start = 0; start < scores.length; start += width) {
    const row = Array.from(scores.subarray(start, start + width), (score, j) =>
      excluded[start + j] === 0 ? score / temperature : Number.NEGATIVE_INFINITY,
    );
    const highest = row.reduce((a, b) => Math.max(a, b));
    const logSum = highest + Math.log(row.reduce((sum, score) => sum + Math.exp(score - highest), 0));
    row.forEach((score, j) => {
      const log = Math.max(score - logSum, -1e4);
      probabilities[start + j] = Math.exp(log);
      logProbabilities[start + j] = log;
    });
  }
  return { probabilities, logProbabilities };
}
