/**
 * Training by the distinct tokens of texts, where the model has a {@link TokenForm}: forward and backward pass as one graph
 * each. Values of tokens are computed in it, not looked up, since an adapter on values and outputs changes them at each step.
 * The pass is so short that nothing is kept from the first to the second pass of GradCache.
 *
 *   B texts, U distinct tokens of the text that has most, D hidden size
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../../engine/types.js';
import type { ModelConfig } from '../../models/architecture.js';
import { poolingWeights } from '../../models/pooling.js';
import type { TokenForm } from '../../models/token-form.js';
import type { PaddedBatch } from '../batch-inputs.js';
import type { ExecutionPlan, Gradients } from '../execution-plan.js';
import {
  embeddingSpec,
  embeddingWidth,
  headParameters,
  layerParameters,
  type Model,
  parameterSpecs,
  type Specs,
} from '../model.js';
import { vectorJacobian } from '../vector-jacobian.js';
import { distinctBatch, distinctSpecs, embedDistinct } from './attention.js';
import { DistinctTokens } from './distinct-text.js';

export function bagPlan(model: Model, form: TokenForm<ModelConfig>): ExecutionPlan {
  const { config, engine, pooling } = model;
  const trainable = [...model.trainable];
  const parameters = [...layerParameters(model, 0), ...headParameters(model)];
  const texts = new DistinctTokens(config.vocabularySize, poolingWeights(pooling));
  const specs: Specs = {
    rows: { dtype: 'float32', shape: ['batch*distinct', config.hiddenSize] },
    ...distinctSpecs(),
    ...parameterSpecs(model, parameters),
  };
  const encode = (inputs: Record<string, Tensor>): Tensor => {
    const rows = inputs.rows as Tensor;
    return embedDistinct(rows, form.values(rows, inputs, config, model.options), inputs, model);
  };

  let forwardProgram: Promise<Program> | undefined;
  let backwardProgram: Promise<Program> | undefined;
  const compileForward = () =>
    engine.compile('encoder of distinct tokens', (inputs) => ({ embeddings: encode(inputs) }), specs);
  const compileBackward = () =>
    engine.compile(
      'encoder gradients by distinct tokens',
      (inputs) => vectorJacobian(encode, inputs, trainable, inputs.embeddingGradient as Tensor),
      { ...specs, embeddingGradient: embeddingSpec(model) },
    );

  const feeds = ({ tokenIds, lengths, sequence, batch }: PaddedBatch, rows: Float32Array) => {
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
  };

  return {
    name: 'distinct-tokens',
    async forward(batch, rows) {
      forwardProgram ??= compileForward();
      const { data } = await (await forwardProgram).run(feeds(batch, rows));
      return { embeddings: data.embeddings as TensorData };
    },
    async backward(batch, rows, _extra, gradient): Promise<Gradients> {
      backwardProgram ??= compileBackward();
      const embeddingGradient: TensorData = {
        dtype: 'float32',
        shape: [batch.batch, embeddingWidth(model)],
        data: gradient,
      };
      const { data } = await (await backwardProgram).run({ ...feeds(batch, rows), embeddingGradient });
      return new Map(trainable.map((name) => [name, data[`gradient.${name}`]?.data as Float32Array]));
    },
    savedBytes: () => ({ least: 0, most: 0 }),
    async dispose() {
      // a program that did not compile has nothing to free
      for (const program of [forwardProgram, backwardProgram]) {
        await (await program?.catch(() => undefined))?.dispose();
      }
    },
  };
}
