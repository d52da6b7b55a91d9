/**
 * An execution plan of two programs: the encoder forward, and forward and backward as one graph, in which activations live
 * from one half to the other. Nothing is kept from a forward pass.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, Gradients } from './execution-plan.js';
import { embeddingSpec, embeddingWidth, type Model, type Specs } from './model.js';
import { vectorJacobian } from './vector-jacobian.js';

/** What is computed, and from what. */
export interface EncoderGraph {
  name: ExecutionPlan['name'];
  /** What its programs are called in errors. */
  title: string;
  /** Inputs that gradients are wanted for. */
  trainable: readonly string[];
  /** @param training whether there are inputs that only training has, such as dropout masks */
  specs(training: boolean): Specs;
  /** Embeddings [B, D], pooled, not normalized. */
  encode(inputs: Record<string, Tensor>): Tensor;
  /** Inputs of a batch; rows and extra as in {@link ExecutionPlan.forward}. */
  feeds(
    batch: PaddedBatch,
    rows: Float32Array,
    extra: Record<string, TensorData>,
  ): Record<string, TensorData | DeviceTensor>;
}

export function graphPlan(model: Model, { name, title, trainable, specs, encode, feeds }: EncoderGraph): ExecutionPlan {
  const { engine } = model;
  let forwardProgram: Promise<Program> | undefined;
  let trainingForwardProgram: Promise<Program> | undefined;
  let backwardProgram: Promise<Program> | undefined;
  const compileForward = (training: boolean) =>
    engine.compile(title, (inputs) => ({ embeddings: encode(inputs) }), specs(training));
  const compileBackward = () =>
    engine.compile(
      `${title} gradients`,
      (inputs) => vectorJacobian(encode, inputs, trainable, inputs.embeddingGradient as Tensor),
      { ...specs(true), embeddingGradient: embeddingSpec(model) },
    );

  return {
    name,
    async forward(batch, rows, extra) {
      const masked = Object.keys(extra).length > 0;
      if (masked) trainingForwardProgram ??= compileForward(true);
      else forwardProgram ??= compileForward(false);
      const program = await (masked ? trainingForwardProgram : forwardProgram);
      const { data } = await (program as Program).run(feeds(batch, rows, extra));
      return { embeddings: data.embeddings as TensorData };
    },
    async backward(batch, rows, extra, gradient): Promise<Gradients> {
      backwardProgram ??= compileBackward();
      const embeddingGradient: TensorData = {
        dtype: 'float32',
        shape: [batch.batch, embeddingWidth(model)],
        data: gradient,
      };
      const { data } = await (await backwardProgram).run({ ...feeds(batch, rows, extra), embeddingGradient });
      return new Map(trainable.map((of) => [of, data[`gradient.${of}`]?.data as Float32Array]));
    },
    savedBytes: () => ({ least: 0, most: 0 }),
    async dispose() {
      // a program that did not compile has nothing to free
      for (const program of [forwardProgram, trainingForwardProgram, backwardProgram]) {
        await (await program?.catch(() => undefined))?.dispose();
      }
    },
  };
}
