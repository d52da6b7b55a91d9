/**
 * How an encoder's forward and backward pass is cut into programs. A plan gives embeddings for a batch, and gradients of
 * the trainable parameters from the gradient of the embeddings; what lies between (the loss over many batches) is not
 * its business, which is what lets GradCache work with any plan.
 */
import type { DeviceTensor, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';

/** Activations of a forward pass kept for the backward pass; release them if it never comes. */
export interface SavedActivations {
  tensors: DeviceTensor[];
  bytes: number;
}

export interface ForwardResult {
  /** [B, D] pooled, not normalized. */
  embeddings: TensorData;
  /** Present where the caller asked for it and the plan has something worth keeping. */
  saved?: SavedActivations;
}

/**
 * Gradients by parameter name, each in the shape of its parameter; where the token table is trained, `hidden` [N, D] of
 * the rows that were looked up.
 */
export type Gradients = Map<string, Float32Array>;

export interface ExecutionPlan {
  readonly name: 'whole-graph' | 'layerwise' | 'distinct-tokens';
  /**
   * @param rows of the token table, one for each token of the batch [N, D]
   * @param extra further inputs by parameter name, such as dropout masks
   * @param activationBudget what may be kept for the backward pass of the same batch; see {@link savedBytes}
   */
  forward(
    batch: PaddedBatch,
    rows: Float32Array,
    extra: Record<string, TensorData>,
    activationBudget: number,
  ): Promise<ForwardResult>;
  /**
   * @param gradient of the embeddings [B, D]
   * @param saved from the forward pass of this batch, consumed here; without it the pass is computed again
   */
  backward(
    batch: PaddedBatch,
    rows: Float32Array,
    extra: Record<string, TensorData>,
    gradient: Float32Array,
    saved?: SavedActivations,
  ): Promise<Gradients>;
  /**
   * Bytes that {@link forward} can keep of a batch of so many tokens, padding included: with less than `least` it keeps
   * nothing, and the more up to `most` the less is computed again. Both are 0 where the plan keeps nothing.
   */
  savedBytes(tokens: number): { least: number; most: number };
  dispose(): Promise<void>;
}
