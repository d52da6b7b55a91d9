/**
 * One graph for the whole encoder, forward, and one for forward and backward. The fastest plan while all activations fit
 * in memory: they live from the forward to the backward half of the second graph.
 */
import * as tf from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, Gradients } from './execution-plan.js';
import { batchSpecs, embeddingSpec, hiddenSpec, type Model, parameterSpecs, poolSpec, runEncoder } from './model.js';

export function wholeGraphPlan(model: Model): ExecutionPlan {
  const { config, engine } = model;
  const trainable = [...model.trainable, ...(model.trainsEmbeddings ? ['hidden'] : [])];
  const specs = (training: boolean) => ({
    hidden: hiddenSpec(config),
    poolWeights: poolSpec,
    ...batchSpecs(config),
    ...parameterSpecs(model, '', training),
  });

  let forwardProgram: Promise<Program> | undefined;
  let trainingForwardProgram: Promise<Program> | undefined;
  let backwardProgram: Promise<Program> | undefined;
  const compileForward = (training: boolean) =>
    engine.compile(
      'encoder',
      (inputs) => ({ embeddings: runEncoder(inputs.hidden as tf.Tensor, inputs, model) }),
      specs(training),
    );
  const compileBackward = () =>
    engine.compile(
      'encoder gradients',
      (inputs) => {
        const encode = (...values: tf.Tensor[]) => {
          const replaced = Object.fromEntries(trainable.map((name, i) => [name, values[i] as tf.Tensor]));
          const all = { ...inputs, ...replaced };
          return runEncoder(all.hidden as tf.Tensor, all, model);
        };
        const gradients = tf.grads(encode)(
          trainable.map((name) => inputs[name] as tf.Tensor),
          inputs.embeddingGradient,
        );
        return Object.fromEntries(trainable.map((name, i) => [`gradient.${name}`, gradients[i] as tf.Tensor]));
      },
      { ...specs(true), embeddingGradient: embeddingSpec(config) },
    );

  const feeds = (batch: PaddedBatch, hidden: Float32Array, extra: Record<string, TensorData>) => {
    const values: Record<string, TensorData | DeviceTensor> = { ...batch.inputs, ...extra };
    values.hidden = { dtype: 'float32', shape: [batch.batch * batch.sequence, config.hiddenSize], data: hidden };
    for (const [name, tensor] of model.parameters) values[name] = tensor;
    return values;
  };

  return {
    name: 'whole-graph',
    async forward(batch, hidden, extra) {
      const masked = Object.keys(extra).length > 0;
      if (masked) trainingForwardProgram ??= compileForward(true);
      else forwardProgram ??= compileForward(false);
      const program = await (masked ? trainingForwardProgram : forwardProgram);
      const { data } = await (program as Program).run(feeds(batch, hidden, extra));
      return { embeddings: data.embeddings as TensorData };
    },
    async backward(batch, hidden, extra, gradient): Promise<Gradients> {
      backwardProgram ??= compileBackward();
      const embeddingGradient: TensorData = {
        dtype: 'float32',
        shape: [batch.batch, config.hiddenSize],
        data: gradient,
      };
      const { data } = await (await backwardProgram).run({ ...feeds(batch, hidden, extra), embeddingGradient });
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
