/**
 * A loss from a function of two tensors, for whoever tries one in a notebook cell or a script:
 *
 *   // each query nearer to its own document than to the next pair's, by a margin (Schroff et al., 2015, arXiv:1503.03832)
 *   const triplet = lossFromFunction('triplet margin', (queries, documents, tf) => {
 *     const pairs = queries.shape[0];
 *     const own = documents.slice([0, 0], [pairs, -1]);
 *     const other = tf.concat([own.slice([1, 0]), own.slice([0, 0], [1, -1])]);
 *     const distance = (a, b) => tf.sum(tf.squaredDifference(a, b), 1);
 *     return tf.mean(tf.relu(tf.add(tf.sub(distance(queries, own), distance(queries, other)), 0.5)));
 *   });
 *   await trainPapers({ config, papers, tokens, encoder, loss: triplet });
 *
 * The gradient comes from `tf.valueAndGrads`. The function runs anew for every batch, op by op and not as a compiled graph:
 * it may use every op of tfjs, look at shapes and numbers, and branch. Where the engine itself runs op by op it computes
 * the loss; beside the others tfjs' CPU backend does, whose matrix products are slow but small next to an encoder's.
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import { fingerprintOf } from '../core/fingerprint.js';
import { EagerEngine } from '../engine/eager-engine.js';
import type { Engine, InputSpec } from '../engine/types.js';
import type { Loss, LossBatch, LossFactory } from './loss.js';

/**
 * A loss as a function of embeddings in tfjs ops.
 *
 * @param queries [Q, D]  @param documents [M, D], both not normalized
 * @param ops tfjs, the copy that computes here
 * @returns one number, differentiable by both
 */
export type LossFunction = (
  queries: tf.Tensor2D,
  documents: tf.Tensor2D,
  ops: typeof tf,
  batch: LossBatch | undefined,
) => tf.Tensor;

/**
 * A loss from a function, with the gradient that `tf.valueAndGrads` gives; Q queries, M documents, D dimensions.
 *
 * @param settings numbers that the function takes from outside, such as a margin: a training is resumed only where name,
 *   settings and the text of the function are the same
 */
export function lossFromFunction(name: string, fn: LossFunction, settings: unknown = {}): LossFactory {
  return {
    name,
    settings: { ...asRecord(settings), source: fingerprintOf(fn.toString()) },
    create: (engine, dimensions) => createFunctionLoss(name, fn, engine, dimensions),
  };
}

async function createFunctionLoss(name: string, fn: LossFunction, engine: Engine, dimensions: number): Promise<Loss> {
  const own = engine instanceof EagerEngine ? null : cpuEngine();
  const rows: InputSpec = { dtype: 'float32', shape: ['rows', dimensions] };
  let batch: LossBatch | undefined;
  const program = await (own ?? engine).compile(
    name,
    (inputs) => valueAndGradients(name, fn, inputs as Embeddings, batch),
    { queries: rows, documents: rows },
  );
  const matrix = (data: Float32Array) => ({
    dtype: 'float32' as const,
    shape: [data.length / dimensions, dimensions],
    data,
  });
  return {
    async compute(queries, documents, current) {
      batch = current;
      const { data } = await program.run({ queries: matrix(queries), documents: matrix(documents) });
      return {
        loss: data.loss?.data[0] as number,
        queryGradient: data.queryGradient?.data as Float32Array,
        documentGradient: data.documentGradient?.data as Float32Array,
      };
    },
    async dispose() {
      await program.dispose();
      await own?.close();
    },
  };
}

/** tfjs on its CPU backend, without its advice at first use to install another. */
function cpuEngine(): EagerEngine {
  Object.assign(tf.findBackend('cpu'), { firstUse: false });
  return new EagerEngine('wasm', 'cpu', 'tfjs on the CPU, eager');
}

type Embeddings = Record<'queries' | 'documents', tf.Tensor2D>;

function valueAndGradients(
  name: string,
  fn: LossFunction,
  { queries, documents }: Embeddings,
  batch: LossBatch | undefined,
): Record<string, tf.Tensor> {
  const { value, grads } = tf.valueAndGrads((q, d) => {
    const loss = fn(q as tf.Tensor2D, d as tf.Tensor2D, tf, batch);
    if (!(loss instanceof tf.Tensor) || loss.size !== 1) {
      const got = loss instanceof tf.Tensor ? `a tensor of shape [${loss.shape}]` : typeof loss;
      throw new UserError(`the loss "${name}" returned ${got}: expected one number as a tensor, such as tf.mean(...)`);
    }
    // zero times the inputs, so that a loss of the queries alone has a gradient by the documents, of zeros
    const nothing = tf.mul(tf.add(tf.sum(q as tf.Tensor), tf.sum(d as tf.Tensor)), 0);
    return tf.add(tf.reshape(loss, []), nothing) as tf.Scalar;
  })([queries, documents]);
  return { loss: value, queryGradient: grads[0] as tf.Tensor, documentGradient: grads[1] as tf.Tensor };
}

function asRecord(settings: unknown): Record<string, unknown> {
  return typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : { settings };
}
