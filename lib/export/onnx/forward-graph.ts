/**
 * The whole encoder as one ONNX graph that others run: token ids and attention mask in, embeddings out. It is the graph
 * that the engine traces, with what the library computes outside of its own graphs put before it:
 *
 *   input_ids [B, S], attention_mask [B, S]                int64, padded on either side
 *   -> rows of the token table, positions, masks, weights of the pooling
 *   -> last_hidden_state [B, S, D]   and   sentence_embedding [B, E]: pooled, through dense layers, of length 1 if asked
 */
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import { batchInputs } from '../../encoder/batch-inputs.js';
import { type ModelStages, runPooling, runTransformer } from '../../encoder/model.js';
import type { Graph, OnnxNode } from '../../engine/tracing/graph.js';
import { traceGraph } from '../../engine/tracing/trace.js';
import type { InputSpec } from '../../engine/types.js';
import { tokenTableName } from '../../models/parameters.js';
import { POOLINGS } from '../../models/pooling.js';

export interface ForwardGraphOptions extends ModelStages {
  causal: boolean;
  /** Whether embeddings are scaled to length 1. */
  normalize: boolean;
  /** Shapes of all parameters but the token table, by their full names. */
  shapes: ReadonlyMap<string, readonly number[]>;
}

/** ONNX' number of float32. */
const FLOAT = 1;
/** sentence-transformers' guard against dividing by the length of a vector of zeros. */
const SHORTEST = 1e-12;

/**
 * The graph without weights: the token table and the parameters are values that nothing computes yet, see
 * stored-weights.ts. Besides the names of parameters it takes `rows`, what the token table gives for the ids in
 * `flat_ids` [B * S].
 *
 * @throws UserError for an architecture that does not say how its inputs are computed in a graph
 */
export function forwardGraph(options: ForwardGraphOptions): Graph {
  const { config, normalize } = options;
  const specs: Record<string, InputSpec> = {
    mask: { dtype: 'float32', shape: ['batch', 'sequence'] },
    positions: { dtype: 'float32', shape: ['sequence'] },
    rows: { dtype: 'float32', shape: ['batch*sequence', config.hiddenSize] },
  };
  for (const [name, shape] of options.shapes) specs[name] = { dtype: 'float32', shape: [...shape] };
  const graph = traceGraph(
    'encoder to export',
    (inputs) => {
      const { mask, rows } = inputs as { mask: tf.Tensor; rows: tf.Tensor };
      const [batch, sequence] = mask.shape as [number, number];
      const all = { ...inputs, ...describedBatch(inputs, options) };
      const last = runTransformer(rows, all, options);
      const embedding = runPooling(last, all, options);
      return {
        sentence_embedding: normalize ? ofLengthOne(embedding) : embedding,
        last_hidden_state: tf.reshape(last, [batch, sequence, config.hiddenSize]),
      };
    },
    specs,
  );
  addPrelude(graph);
  return graph;
}

/** What {@link batchInputs} and the pooling compute of a batch, from the mask and the positions. */
function describedBatch(
  { mask, positions }: Record<string, tf.Tensor>,
  { config, pooling, causal }: ForwardGraphOptions,
): Record<string, tf.Tensor> {
  const texts = { mask: mask as tf.Tensor, positions: positions as tf.Tensor, causal };
  const described = Object.entries(batchInputs(config)).map(([name, input]): [string, tf.Tensor] => {
    if (!input.inGraph) {
      throw new UserError(
        `the architecture of model_type "${config.modelType}" does not say how "${name}" is computed in a graph: give that input an inGraph (docs/export.md)`,
      );
    }
    return [name, input.inGraph(texts)];
  });
  const [batch, sequence] = texts.mask.shape as [number, number];
  const place = tf.reshape(texts.positions, [1, sequence]);
  // of the first token, wherever the padding is
  const first = tf.min(tf.add(tf.mul(tf.sub(1, texts.mask), 1e9), place), 1, true);
  const weights = POOLINGS[pooling].weightsInGraph({
    mask: texts.mask,
    place: tf.sub(place, first),
    length: tf.sum(texts.mask, 1, true),
  });
  return { ...Object.fromEntries(described), poolWeights: tf.reshape(weights, [batch, 1, sequence]) };
}

function ofLengthOne(rows: tf.Tensor): tf.Tensor {
  const length = tf.sqrt(tf.sum(tf.square(rows), 1, true));
  return tf.div(rows, tf.maximum(length, SHORTEST));
}

/** From what a tokenizer gives to what the traced graph takes; the inputs of the graph become those of a tokenizer. */
function addPrelude(graph: Graph): void {
  const nodes: OnnxNode[] = [];
  const add = (operator: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): string => {
    nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  };
  const scalar = (name: string, value: bigint): string => {
    graph.constants.push({ name, type: 'int64', shape: [], data: BigInt64Array.of(value) });
    return name;
  };
  graph.constants.push({ name: 'all', type: 'int64', shape: [1], data: BigInt64Array.of(-1n) });
  add('Reshape', ['input_ids', 'all'], 'flat_ids');
  add('Cast', ['attention_mask'], 'mask', { to: FLOAT });
  add('Shape', ['input_ids'], 'lengths', { start: 1, end: 2 });
  add('Squeeze', ['lengths'], 'sequence_length');
  add('Range', [scalar('zero', 0n), 'sequence_length', scalar('one', 1n)], 'places');
  add('Cast', ['places'], 'positions', { to: FLOAT });
  graph.nodes.unshift(...nodes);
  graph.inputs.splice(
    0,
    graph.inputs.length,
    ...['input_ids', 'attention_mask'].map((name) => ({ name, type: 'int64' as const, shape: ['batch', 'sequence'] })),
  );
}

/** Shapes of all that a graph takes as weights, the token table first. */
export function weightShapes(options: Pick<ForwardGraphOptions, 'config' | 'shapes'>): Map<string, number[]> {
  const { config, shapes } = options;
  const table: [string, number[]] = [tokenTableName(config), [config.vocabularySize, config.hiddenSize]];
  return new Map([table, ...[...shapes].map(([name, shape]): [string, number[]] => [name, [...shape]])]);
}
