/** How alike embeddings are, in tfjs ops: Q queries, M documents, D dimensions. */
import * as tf from '@tensorflow/tfjs';

export type SimilarityName = 'cosine' | 'dot';

/** Similarity of every query with every document [Q, M]. */
export function similarity(name: SimilarityName, queries: tf.Tensor, documents: tf.Tensor): tf.Tensor2D {
  return name === 'cosine' ? cosine(queries, documents) : tf.matMul(queries, documents, false, true);
}

/** Cosine similarity of every row of a with every row of b. */
export function cosine(a: tf.Tensor, b: tf.Tensor): tf.Tensor2D {
  return tf.matMul(unit(a), unit(b), false, true);
}

/** Rows scaled to length 1; the bound keeps a zero row finite, as torch.nn.functional.normalize does. */
export function unit(rows: tf.Tensor): tf.Tensor {
  return tf.mul(rows, tf.rsqrt(tf.maximum(tf.sum(tf.square(rows), -1, true), 1e-24)));
}
