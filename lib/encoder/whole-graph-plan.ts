/** One graph for the whole encoder: the fastest plan while all activations fit in memory. */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, TensorData } from '../engine/types.js';
import type { ExecutionPlan } from './execution-plan.js';
import { graphPlan } from './graph-plan.js';
import { encoderSpecs, type Model, runEncoder } from './model.js';

export function wholeGraphPlan(model: Model): ExecutionPlan {
  return graphPlan(model, {
    name: 'whole-graph',
    title: 'encoder',
    trainable: [...model.trainable, ...(model.trainsEmbeddings ? ['hidden'] : [])],
    specs: (training) => encoderSpecs(model, training),
    encode: (inputs) => runEncoder(inputs.hidden as Tensor, inputs, model),
    feeds(batch, rows, extra) {
      const { poolWeights } = batch;
      const values: Record<string, TensorData | DeviceTensor> = { ...batch.inputs, poolWeights, ...extra };
      values.hidden = { dtype: 'float32', shape: [batch.batch * batch.sequence, model.config.hiddenSize], data: rows };
      for (const [name, tensor] of model.parameters) values[name] = tensor;
      return values;
    },
  });
}
