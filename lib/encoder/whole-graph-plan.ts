/**
 * One graph for the whole encoder, forward, and one for forward and backward. The fastest plan while all activations fit
 * in memory: they live from the forward to the backward half of the second graph.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, Gradients } from './execution-plan.js';
import { embeddingSpec, embeddingWidth, encoderSpecs, type Model, runEncoder } from './model.js';
import { vectorJacobian } from './vector-jacobian.js';

export function wholeGraphPlan(model: Model): ExecutionPlan {
  const { config, engine } = model;
  const trainable = [...model.trainable, ...(model.trainsEmbeddings ? ['hidden'] : [])];
  const encode = (inputs: Record<string, Tensor>): Tensor => runEncoder(inputs.hidden as Tensor, inputs, model);

  let forwardProgram: Promise<Program> | undefined;
  let trainingForwardProgram: Promise<Program> | undefined;
  let backwardProgram: Promise<Program> | undefined;
  const compileForward = (training: boolean) =>
    engine.compile('encoder', (inputs) => ({ embeddings: encode(inputs) }), encoderSpecs(model, training));
  const compileBackward = () =>
    engine.compile(
      'encoder gradients',
      (inputs) => vectorJacobian(encode, inputs, trainable, inputs.embeddingGradient as Tensor),
      { ...encoderSpecs(model, true), embeddingGradient: embeddingSpec(model) },
    );

  const feeds = (batch: PaddedBatch, rows: Float32Array, extra: Record<string, TensorData>) => {
    const { poolWeights } = batch;
    const values: Record<string, TensorData | DeviceTensor> = { ...batch.inputs, poolWeights, ...extra };
    values.hidden = { dtype: 'float32', shape: [batch.batch * batch.sequence, config.hiddenSize], data: rows };
    for (const [name, tensor] of model.parameters) values[name] = tensor;
    return values;
  };

  return {
    name: 'whole-graph',
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
      return new Map(trainable.map((name) => [name, data[`gradient.${name}`]?.data as Float32Array]));
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
