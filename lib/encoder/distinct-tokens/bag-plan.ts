/**
 * Training by the distinct tokens of texts, where the model has a {@link TokenForm}. Values of tokens are computed in the
 * graph, not looked up, since an adapter on values and outputs changes them at each step.
 *
 *   B texts, U distinct tokens of the text that has most, D hidden size
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, TensorData } from '../../engine/types.js';
import type { ModelConfig } from '../../models/architecture.js';
import { poolingWeights } from '../../models/pooling.js';
import type { TokenForm } from '../../models/token-form.js';
import type { ExecutionPlan } from '../execution-plan.js';
import { graphPlan } from '../graph-plan.js';
import { headParameters, layerParameters, type Model, parameterSpecs } from '../model.js';
import { distinctBatch, distinctSpecs, embedDistinct } from './attention.js';
import { DistinctTokens } from './distinct-text.js';

/** @param model without dropout, whose masks are of every token */
export function bagPlan(model: Model, form: TokenForm<ModelConfig>): ExecutionPlan {
  const { config, pooling } = model;
  const parameters = [...layerParameters(model, 0), ...headParameters(model)];
  const texts = new DistinctTokens(config.vocabularySize, poolingWeights(pooling));
  return graphPlan(model, {
    name: 'distinct-tokens',
    title: 'encoder by distinct tokens',
    trainable: [...model.trainable],
    specs: () => ({
      rows: { dtype: 'float32', shape: ['batch*distinct', config.hiddenSize] },
      ...distinctSpecs(),
      ...parameterSpecs(model, parameters),
    }),
    encode(inputs) {
      const rows = inputs.rows as Tensor;
      return embedDistinct(rows, form.values(rows, inputs, config, model.options), inputs, model);
    },
    feeds({ tokenIds, lengths, sequence, batch }, rows) {
      const members = lengths.map((length, i) => texts.of(tokenIds.subarray(i * sequence, i * sequence + length)));
      const { distinct, inputs } = distinctBatch(members);
      const width = config.hiddenSize;
      const ofDistinct = new Float32Array(batch * distinct * width);
      members.forEach(({ firsts }, text) => {
        firsts.forEach((position, i) => {
          const from = (text * sequence + position) * width;
          ofDistinct.set(rows.subarray(from, from + width), (text * distinct + i) * width);
        });
      });
      const values: Record<string, TensorData | DeviceTensor> = { ...inputs };
      values.rows = { dtype: 'float32', shape: [batch * distinct, width], data: ofDistinct };
      for (const name of parameters) values[name] = model.parameters.get(name) as DeviceTensor;
      return values;
    },
  });
}
