/**
 * Two losses for pairs with scores: of two pairs, the one with the higher score shall be the more similar.
 *
 *   loss = log(1 + sum over pairs a, b with score(a) > score(b) of exp(scale · (s(b) - s(a))))
 *
 * CoSENT (Su, 2022, https://kexue.fm/archives/8847; Huang et al., 2024, doi 10.1109/TASLP.2024.3402087): s is the cosine.
 * AnglE (Li and Li, 2024, arXiv:2309.12871): s compares the embeddings as complex numbers, the first half of the dimensions
 * the real parts, so that the gradient does not vanish where the cosine is near 1:
 *
 *   s(x, y) = |sum over k of Re + Im of x_k conj(y_k)|   of unit vectors; of an odd length the last number has no partner
 *
 * As `CoSENTLoss` and `AnglELoss` of sentence-transformers. A pair is query i with document i; hard negatives of a query
 * are pairs too, with one minus its score. Q queries, M documents.
 */

import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { Engine } from '../engine/types.js';
import { EXCLUDED } from './candidate-mask.js';
import { compileLoss, countTexts } from './compiled-loss.js';
import type { Loss, LossBatch, LossFactory } from './loss.js';
import { cosine, unit } from './similarity.js';

/** Options of CoSENT and AnglE. */
export interface ScoredPairsSettings {
  /** The inverse of a temperature. */
  scale: number;
}

type Similarity = (queries: tf.Tensor2D, documents: tf.Tensor2D) => tf.Tensor2D;

/** CoSENT. */
export function cosentLoss(settings: ScoredPairsSettings): LossFactory {
  return scoredPairsLoss('CoSENT', settings, cosine);
}

/** AnglE. */
export function angleLoss(settings: ScoredPairsSettings): LossFactory {
  return scoredPairsLoss('AnglE', settings, angleSimilarity);
}

function scoredPairsLoss(name: string, settings: ScoredPairsSettings, similarity: Similarity): LossFactory {
  return {
    name,
    settings,
    needs: 'scores',
    scored: true,
    create: (engine, dimensions) => createScoredPairsLoss(name, engine, dimensions, settings.scale, similarity),
  };
}

async function createScoredPairsLoss(
  name: string,
  engine: Engine,
  dimensions: number,
  scale: number,
  similarity: Similarity,
): Promise<Loss> {
  // pairs are named by a symbol of their own: there are as many as the batch has, hard negatives among them
  const program = await compileLoss<'ofQuery' | 'ofDocument' | 'excluded'>(
    engine,
    name,
    dimensions,
    { ofQuery: ['pairs', 'queries'], ofDocument: ['pairs', 'documents'], excluded: ['pairs', 'pairs'] },
    ({ queries, documents, ofQuery, ofDocument, excluded }) => {
      // rows of [pairs, M] of the pair's query, and of these the number of its document
      const rows = tf.matMul(ofQuery, similarity(queries, documents));
      const scores = tf.mul(tf.sum(tf.mul(rows, ofDocument), 1, true), scale);
      // [higher a, lower b]: s(b) - s(a)
      return tf.logSumExp(tf.add(tf.sub(tf.transpose(scores), scores), excluded)) as tf.Scalar;
    },
  );
  return {
    async compute(queries, documents, batch) {
      const { count, total } = countTexts(name, queries, documents, dimensions);
      const pairs = scoredPairs(name, count, batch);
      const n = pairs.length;
      const ofQuery = new Float32Array(n * count);
      const ofDocument = new Float32Array(n * total);
      const excluded = new Float32Array(n * n).fill(EXCLUDED);
      pairs.forEach(({ query, document, score }, a) => {
        ofQuery[a * count + query] = 1;
        ofDocument[a * total + document] = 1;
        pairs.forEach((other, b) => {
          if (score > other.score) excluded[a * n + b] = 0;
        });
      });
      // a pair beside itself is exp(0): the 1 in the logarithm
      excluded[0] = 0;
      return program.run(queries, documents, { ofQuery, ofDocument, excluded }, { pairs: n });
    },
    dispose: () => program.dispose(),
  };
}

interface ScoredPair {
  query: number;
  document: number;
  score: number;
}

/** The pairs of a batch that have scores. @throws UserError where none has */
function scoredPairs(name: string, count: number, batch: LossBatch | undefined): ScoredPair[] {
  const { scores, negatives } = batch ?? {};
  const pairs = Array.from({ length: count }, (_, i) => i).flatMap((query): ScoredPair[] => {
    const score = scores?.[query] ?? Number.NaN;
    if (Number.isNaN(score)) return [];
    const against = (negatives?.[query] ?? []).map((document) => ({ query, document, score: 1 - score }));
    return [{ query, document: query, score }, ...against];
  });
  if (pairs.length > 0) return pairs;
  throw new UserError(
    `${name} learns from the scores of pairs, and none of the ${quantity(count, 'pairs')} of a batch has one: expected data with scores; without them take training.loss=infonce, gist or a distillation`,
  );
}

/** |Re + Im| of the products of embeddings as complex vectors, of every query with every document [Q, M]. */
function angleSimilarity(queries: tf.Tensor2D, documents: tf.Tensor2D): tf.Tensor2D {
  const width = queries.shape[1];
  const half = Math.ceil(width / 2);
  const parts = (rows: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D] => {
    const scaled = unit(rows) as tf.Tensor2D;
    const imaginary = tf.slice(scaled, [0, half], [-1, width - half]);
    return [
      scaled,
      tf.slice(scaled, [0, 0], [-1, half]),
      width % 2 === 0
        ? imaginary
        : tf.pad(imaginary, [
            [0, 0],
            [0, 1],
          ]),
    ];
  };
  const [x, realX, imaginaryX] = parts(queries);
  const [y, realY, imaginaryY] = parts(documents);
  const product = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul(a, b, false, true);
  const sines = tf.sub(product(imaginaryX, realY), product(realX, imaginaryY));
  return tf.abs(tf.add(product(x, y), sines)) as tf.Tensor2D;
}
