/** How texts become embeddings where no gradient is wanted: through the plan that trains, or faster. */
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, ForwardResult } from './execution-plan.js';

export interface EncodingPlan {
  readonly name: ExecutionPlan['name'];
  /** Rows that a text takes in a micro-batch, where all texts take as many as the longest. */
  rowsOf(text: Int32Array): number;
  /** Is told of all texts of a call before the first of them is encoded. */
  prepare?(texts: readonly Int32Array[]): Promise<void>;
  /** A micro-batch: embeddings [texts, D], pooled, not normalized. */
  encode(texts: Int32Array[]): Promise<Float32Array>;
}

/** Padded batches through the forward pass of an execution plan. */
export function forwardEncoding(
  name: ExecutionPlan['name'],
  pad: (texts: Int32Array[]) => PaddedBatch,
  forward: (batch: PaddedBatch) => Promise<ForwardResult>,
): EncodingPlan {
  return {
    name,
    rowsOf: (text) => text.length,
    encode: async (texts) => (await forward(pad(texts))).embeddings.data as Float32Array,
  };
}
