/**
 * InfoNCE with in-batch negatives (van den Oord et al., 2018, arXiv:1807.03748; for retrieval Karpukhin et al., 2020,
 * arXiv:2004.04906): each query must find its own document among all documents of the batch.
 *
 *   scores = cosine(query, document) / temperature              [Q, M]
 *   loss   = -mean over queries of log softmax(scores)[query, its document]
 *
 * The symmetric form averages it with the same over the queries of each document, as CLIP does (arXiv:2103.00020).
 * Query i belongs to document i; documents after the first Q are negatives for all. What the batch knows to be relevant to a
 * query is no negative of it. With `onlyHard` the softmax of a query is over its own document and its list of negatives,
 * whatever its length: the mean is over the queries that have any, and there is no other direction.
 */
import * as tf from '@tensorflow/tfjs';
import type { Engine, InputSpec } from '../engine/types.js';
import { candidateMask, EXCLUDED } from './candidate-mask.js';
import { compileLoss, countTexts, type LossTensors, ownDocuments } from './compiled-loss.js';
import type { Loss, LossFactory } from './loss.js';
import { cosine } from './similarity.js';

export interface InfoNceSettings {
  temperature: number;
  symmetric: boolean;
  /** Leaves out negatives whose cosine exceeds the positive's by more than this; null keeps all. */
  falseNegativeMargin: number | null;
  /** Takes only a query's own hard negatives, and none from the batch; absent: all. */
  onlyHard?: boolean;
}

export interface InfoNceOptions extends InfoNceSettings {
  /** Width of the embeddings. */
  dimensions: number;
}

/** InfoNCE for `train({ loss })`. */
export function infoNceLoss({
  temperature,
  symmetric,
  falseNegativeMargin,
  onlyHard = false,
}: InfoNceSettings): LossFactory {
  const settings = { temperature, symmetric, falseNegativeMargin, ...(onlyHard ? { onlyHard } : {}) };
  return {
    name: 'InfoNCE',
    settings,
    create: (engine, dimensions) => createInfoNceLoss(engine, { ...settings, dimensions }),
  };
}

/** @returns a loss whose value may be infinite or NaN where the embeddings are: training decides what to do then */
export async function createInfoNceLoss(engine: Engine, options: InfoNceOptions): Promise<Loss> {
  const { dimensions, falseNegativeMargin, onlyHard = false } = options;
  const settings = { ...options, symmetric: options.symmetric && !onlyHard };
  const program = await compileLoss<'targets' | 'excluded'>(
    engine,
    'InfoNCE',
    dimensions,
    { targets: ['queries', 'documents'], excluded: ['queries', 'documents'] },
    (tensors) => infoNce(tensors, settings),
  );
  const similarity =
    falseNegativeMargin === null
      ? undefined
      : await engine.compile(
          'cosine',
          (inputs) => ({ cosine: cosine(inputs.queries as tf.Tensor, inputs.documents as tf.Tensor) }),
          { queries: rows('queries', dimensions), documents: rows('documents', dimensions) },
        );

  return {
    async compute(queryRows, documentRows, batch) {
      const { count, total } = countTexts('InfoNCE', queryRows, documentRows, dimensions);
      // the mean over queries is in the targets, so that the graph knows no batch size
      const mask = candidateMask(count, total, batch, onlyHard);
      const targets = ownDocuments(count, total, mask.shares);
      const { excluded } = mask;
      const chance = mask.chance(settings.symmetric);
      let masked = mask.relevant;
      if (similarity && falseNegativeMargin !== null) {
        const { data } = await similarity.run({
          queries: { dtype: 'float32', shape: [count, dimensions], data: queryRows },
          documents: { dtype: 'float32', shape: [total, dimensions], data: documentRows },
        });
        masked += excludeFalseNegatives(excluded, data.cosine?.data as Float32Array, count, total, falseNegativeMargin);
      }
      const values = await program.run(queryRows, documentRows, { targets, excluded });
      return { ...values, chance, masked };
    },
    async dispose() {
      await program.dispose();
      await similarity?.dispose();
    },
  };
}

const rows = (symbol: string, dimensions: number): InputSpec => ({ dtype: 'float32', shape: [symbol, dimensions] });

function infoNce(
  { queries, documents, targets, excluded }: LossTensors<'targets' | 'excluded'>,
  options: InfoNceOptions,
): tf.Scalar {
  const scores = tf.add(tf.mul(cosine(queries, documents), 1 / options.temperature), excluded);
  const crossEntropy = (logits: tf.Tensor, wanted: tf.Tensor): tf.Scalar =>
    tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), wanted))) as tf.Scalar;
  const forward = crossEntropy(scores, targets);
  if (!options.symmetric) return forward;
  // rows of documents that are only negatives have no target, and so no share in the other direction
  const backward = crossEntropy(tf.transpose(scores), tf.transpose(targets));
  return tf.mul(tf.add(forward, backward), 0.5) as tf.Scalar;
}

/** Sets the mask where a negative is more similar than the positive plus the margin; returns how many. */
function excludeFalseNegatives(
  excluded: Float32Array,
  cosines: Float32Array,
  count: number,
  total: number,
  margin: number,
): number {
  let masked = 0;
  for (let i = 0; i < count; i++) {
    const limit = (cosines[i * total + i] as number) + margin;
    for (let j = 0; j < total; j++) {
      const isCandidate = j !== i && excluded[i * total + j] === 0;
      if (isCandidate && (cosines[i * total + j] as number) > limit) {
        excluded[i * total + j] = EXCLUDED;
        masked++;
      }
    }
  }
  return masked;
}
