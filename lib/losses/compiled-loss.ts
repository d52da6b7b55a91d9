/**
 * A loss as one compiled graph with its gradient: what the losses of this folder have in common. The graph knows no batch
 * size. What depends on one (means, masks, which document is whose) is an input, made on the caller's side.
 *
 * Shapes: Q queries, M documents (the first Q are the queries' own), D dimensions.
 */

import * as tf from '@tensorflow/tfjs';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import type { Dimension, Engine, InputSpec, TensorData } from '../engine/types.js';

export type LossTensors<Constant extends string> = Record<'queries' | 'documents' | Constant, tf.Tensor2D>;

export interface LossValues {
  loss: number;
  queryGradient: Float32Array;
  documentGradient: Float32Array;
}

export interface CompiledLoss<Constant extends string> {
  /**
   * @param constants without gradient; their shapes are those that were declared
   * @param sizes of names in these shapes that are neither queries nor documents
   */
  run(
    queries: Float32Array,
    documents: Float32Array,
    constants: Record<Constant, Float32Array>,
    sizes?: Record<string, number>,
  ): Promise<LossValues>;
  dispose(): Promise<void>;
}

/**
 * @param constants shapes of the inputs beside the embeddings, of 'queries', 'documents', numbers, and other names
 * @param value one number, differentiable by both embeddings
 */
export async function compileLoss<Constant extends string>(
  engine: Engine,
  name: string,
  dimensions: number,
  constants: Record<Constant, [Dimension, Dimension]>,
  value: (tensors: LossTensors<Constant>) => tf.Scalar,
): Promise<CompiledLoss<Constant>> {
  const rows = (symbol: string): InputSpec => ({ dtype: 'float32', shape: [symbol, dimensions] });
  const shapes = Object.entries(constants) as [Constant, [Dimension, Dimension]][];
  const program = await engine.compile(
    name,
    (inputs) => {
      const tensors = inputs as LossTensors<Constant>;
      const result = tf.valueAndGrads((queries, documents) =>
        value({ ...tensors, queries: queries as tf.Tensor2D, documents: documents as tf.Tensor2D }),
      )([tensors.queries, tensors.documents]);
      const [queryGradient, documentGradient] = result.grads as [tf.Tensor, tf.Tensor];
      return { loss: result.value, queryGradient, documentGradient };
    },
    {
      queries: rows('queries'),
      documents: rows('documents'),
      ...Object.fromEntries(shapes.map(([constant, shape]) => [constant, { dtype: 'float32' as const, shape }])),
    },
  );
  return {
    async run(queries, documents, given, named = {}) {
      const sizes: Record<string, number> = {
        ...named,
        queries: queries.length / dimensions,
        documents: documents.length / dimensions,
      };
      const tensor = (shape: readonly Dimension[], data: Float32Array): TensorData => ({
        dtype: 'float32',
        shape: shape.map((size) => (typeof size === 'number' ? size : (sizes[size] as number))),
        data,
      });
      const { data } = await program.run({
        queries: tensor(['queries', dimensions], queries),
        documents: tensor(['documents', dimensions], documents),
        ...Object.fromEntries(shapes.map(([constant, shape]) => [constant, tensor(shape, given[constant])])),
      });
      return {
        loss: data.loss?.data[0] as number,
        queryGradient: data.queryGradient?.data as Float32Array,
        documentGradient: data.documentGradient?.data as Float32Array,
      };
    },
    dispose: () => program.dispose(),
  };
}

/** @throws UserError unless every query has its own document */
export function countTexts(
  loss: string,
  queries: Float32Array,
  documents: Float32Array,
  dimensions: number,
): { count: number; total: number } {
  const count = queries.length / dimensions;
  const total = documents.length / dimensions;
  if (!Number.isInteger(count) || !Number.isInteger(total) || total < count || count < 1) {
    throw new UserError(
      `${loss} needs at least as many documents as queries: got ${quantity(count, 'queries')} and ${quantity(total, 'documents')} of ${quantity(dimensions, 'dimensions')}`,
    );
  }
  return { count, total };
}

/** [Q, M]: 1, or the query's share, where a document is the query's own; 0 elsewhere. */
export function ownDocuments(count: number, total: number, shares?: Float32Array): Float32Array {
  const own = new Float32Array(count * total);
  for (let i = 0; i < count; i++) own[i * total + i] = shares?.[i] ?? 1;
  return own;
}
