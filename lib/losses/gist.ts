/**
 * GISTEmbed (Solatorio, 2024, arXiv:2402.16829): InfoNCE where a guide, another embedding model, says which negatives are
 * false. A text that the guide finds more similar than query and document of the pair is left out for that query.
 *
 *   candidates of query i   the documents; the other queries; the other documents, as seen from document i
 *   scores                  cosine / temperature
 *   left out                guide(candidate) > guide(pair) - margin               absolute
 *                           guide(candidate) > guide(pair) - margin |guide(pair)|   relative
 *   loss = -mean over i of log softmax(scores of its candidates)[document i]
 *
 * As `GISTEmbedLoss` of sentence-transformers computes it, but that a text is never a negative of itself (there it is one where
 * the guide finds it no more similar than the pair, as with negative margins), nor is what the data know to be relevant.
 * Q queries, M documents.
 */
import * as tf from '@tensorflow/tfjs';
import type { Engine } from '../engine/types.js';
import { candidateMask, EXCLUDED } from './candidate-mask.js';
import { compileLoss, countTexts, ownDocuments } from './compiled-loss.js';
import type { Loss, LossFactory } from './loss.js';
import { cosine } from './similarity.js';
import { type TeacherBatch, teacherOf, vectorsOf } from './teacher.js';

/** Options of GISTEmbed. */
export interface GistSettings {
  temperature: number;
  marginStrategy: 'absolute' | 'relative';
  margin: number;
  /** Other queries are negatives too. Needs a guide with vectors. */
  contrastQueries: boolean;
  /** The own document is held apart from other documents too. Needs a guide with vectors. */
  contrastDocuments: boolean;
  /** Takes only a query's own hard negatives, and none from the batch; absent: all. */
  onlyHard?: boolean;
}

/** GISTEmbed; its guide is the teacher of the training. */
export function gistLoss(settings: GistSettings): LossFactory {
  return {
    name: 'GISTEmbed',
    settings,
    needs: contrastsQueries(settings) || contrastsDocuments(settings) ? 'vectors' : 'teacher',
    create: (engine, dimensions) => createGistLoss(engine, dimensions, settings),
  };
}

type Constant = 'own' | 'excludedDocuments' | 'excludedQueries' | 'excludedOwn' | 'share';

async function createGistLoss(engine: Engine, dimensions: number, settings: GistSettings): Promise<Loss> {
  const program = await compileLoss<Constant>(
    engine,
    'GISTEmbed',
    dimensions,
    {
      own: ['queries', 'documents'],
      excludedDocuments: ['queries', 'documents'],
      excludedQueries: ['queries', 'queries'],
      excludedOwn: ['queries', 'queries'],
      share: ['queries', 1],
    },
    (tensors) => {
      const { queries, documents, own, share } = tensors;
      const scaled = (scores: tf.Tensor): tf.Tensor => tf.mul(scores, 1 / settings.temperature);
      const scores = scaled(cosine(queries, documents));
      const groups = [tf.add(scores, tensors.excludedDocuments)];
      if (contrastsQueries(settings)) {
        groups.push(tf.add(scaled(cosine(queries, queries)), tensors.excludedQueries));
      }
      if (contrastsDocuments(settings)) {
        // the first Q documents by a product, whose gradient needs no size that only a run knows
        const ownRows = tf.matMul(own, documents);
        groups.push(tf.add(scaled(cosine(ownRows, ownRows)), tensors.excludedOwn));
      }
      const wanted = tf.sum(tf.mul(scores, own), 1, true);
      return tf.sum(tf.mul(tf.sub(logSumExpOf(groups), wanted), share)) as tf.Scalar;
    },
  );
  return {
    async compute(queries, documents, batch) {
      const { count, total } = countTexts('GISTEmbed', queries, documents, dimensions);
      const mask = candidateMask(count, total, batch, settings.onlyHard ?? false);
      const guide = await excludedByGuide(teacherOf('GISTEmbed', batch), count, total, settings);
      for (let at = 0; at < mask.excluded.length; at++) {
        if (guide.documents[at] === EXCLUDED) mask.excluded[at] = EXCLUDED;
      }
      const values = await program.run(queries, documents, {
        own: ownDocuments(count, total),
        excludedDocuments: mask.excluded,
        excludedQueries: guide.queries,
        excludedOwn: guide.own,
        share: mask.shares,
      });
      return { ...values, masked: guide.masked + mask.relevant };
    },
    dispose: () => program.dispose(),
  };
}

const contrastsQueries = ({ contrastQueries, onlyHard }: GistSettings): boolean => contrastQueries && !onlyHard;
const contrastsDocuments = ({ contrastDocuments, onlyHard }: GistSettings): boolean => contrastDocuments && !onlyHard;

/** Log of the sum of the exponentials of each row over matrices of Q rows [Q, 1], without overflow. */
function logSumExpOf(groups: tf.Tensor[]): tf.Tensor {
  const highest = groups.map((group) => tf.max(group, 1, true)).reduce((a, b) => tf.maximum(a, b));
  const sums = groups.map((group) => tf.sum(tf.exp(tf.sub(group, highest)), 1, true));
  return tf.add(tf.log(sums.reduce((a, b) => tf.add(a, b))), highest);
}

/** Additive masks of what the guide finds too similar, and how many negatives they take. */
async function excludedByGuide(
  guide: TeacherBatch,
  count: number,
  total: number,
  settings: GistSettings,
): Promise<Record<'documents' | 'queries' | 'own', Float32Array> & { masked: number }> {
  const { marginStrategy, margin } = settings;
  const limits = Array.from({ length: count }, (_, i) => {
    const own = guide.scores[i * total + i] as number;
    return own - margin * (marginStrategy === 'absolute' ? 1 : Math.abs(own));
  });
  let masked = 0;
  const exclude = (scores: Float32Array, width: number): Float32Array => {
    const excluded = new Float32Array(count * width);
    for (let at = 0; at < excluded.length; at++) {
      const i = Math.floor(at / width);
      if (at % width === i || (scores[at] as number) <= (limits[i] as number)) continue;
      excluded[at] = EXCLUDED;
      masked++;
    }
    return excluded;
  };
  /** Among the texts of one kind, each itself is no candidate. */
  const among = async (rows: 'queries' | 'documents'): Promise<Float32Array> => {
    const vectors = vectorsOf('GISTEmbed', guide);
    const kept = vectors[rows].subarray(0, count * vectors.dimensions);
    const excluded = exclude(await vectors.products(kept, kept), count);
    for (let i = 0; i < count; i++) excluded[i * count + i] = EXCLUDED;
    return excluded;
  };
  const nothing = new Float32Array(count * count);
  return {
    documents: exclude(guide.scores, total),
    queries: contrastsQueries(settings) ? await among('queries') : nothing,
    own: contrastsDocuments(settings) ? await among('documents') : nothing,
    get masked() {
      return masked;
    },
  };
}
