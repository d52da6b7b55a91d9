/**
 * Encoding texts by their distinct tokens, where the model has a {@link TokenForm}: what a token asks, offers and adds is
 * looked up, and one attention over the distinct tokens of a text, each with its count, gives what the layer gives.
 *
 *   B texts, U distinct tokens of the text that has most, T tokens in the tables, D hidden size, E width of a query
 */
import * as tf from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../../engine/types.js';
import type { ModelConfig } from '../../models/architecture.js';
import { poolingWeights } from '../../models/pooling.js';
import type { TokenForm } from '../../models/token-form.js';
import { checkTexts } from '../batch-inputs.js';
import type { EncodingPlan } from '../encoding-plan.js';
import { headParameters, type Model, parameterSpecs, type Specs } from '../model.js';
import { distinctBatch, distinctSpecs, embedDistinct } from './attention.js';
import { type DistinctText, DistinctTokens } from './distinct-text.js';
import { TABLE_NAMES, type TableName, TokenTables } from './token-tables.js';

export interface BagEncoding extends EncodingPlan {
  /** To be called when parameters were replaced. */
  parametersChanged(): void;
  dispose(): Promise<void>;
}

/** @param table of token embeddings, as it is at the time  @param maxBytes of the tables of token values */
export function bagEncoding(
  model: Model,
  form: TokenForm<ModelConfig>,
  table: ConstructorParameters<typeof TokenTables>[2],
  maxBytes?: number,
): BagEncoding {
  const { config, engine, pooling } = model;
  const tables = new TokenTables(model, form, table, maxBytes);
  const distinct = new DistinctTokens(config.vocabularySize, poolingWeights(pooling));
  let program: Promise<Program> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: the tables change while they grow. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  return {
    name: 'distinct-tokens',
    rowsOf: (text) => distinct.countOf(text),
    async prepare(texts) {
      const tokens = new Set<number>();
      for (const text of texts) for (const id of text) tokens.add(id);
      // else the tables begin anew now and then
      if (tables.holds(tokens.size)) await inTurn(() => tables.include(tokens));
    },
    encode: (texts) => {
      checkTexts(texts, config);
      return inTurn(async () => {
        const members = texts.map((text) => distinct.of(text));
        await tables.include(new Set(members.flatMap(({ ids }) => [...ids])));
        program ??= engine.compile(
          'encoder of distinct tokens',
          (inputs) => attend(inputs, model),
          specsOf(model, form),
        );
        const { data } = await (await program).run(feeds(model, tables, members));
        return data.embeddings?.data as Float32Array;
      });
    },
    parametersChanged: () => tables.clear(),
    async dispose() {
      await tables.dispose();
      await (await program?.catch(() => undefined))?.dispose();
    },
  };
}

function specsOf(model: Model, form: TokenForm<ModelConfig>): Specs {
  const [wide, narrow] = [model.config.hiddenSize, form.queryWidth(model.config)];
  return {
    places: { dtype: 'int32', shape: ['batch*distinct'] },
    ...distinctSpecs(),
    row: { dtype: 'float32', shape: ['tokens', wide] },
    query: { dtype: 'float32', shape: ['tokens', narrow] },
    key: { dtype: 'float32', shape: ['tokens', narrow] },
    added: { dtype: 'float32', shape: ['tokens', wide] },
    ...parameterSpecs(model, headParameters(model)),
  };
}

function attend(inputs: Record<string, tf.Tensor>, model: Model): Record<string, tf.Tensor> {
  const lookUp = (name: TableName): tf.Tensor => tf.gather(inputs[name] as tf.Tensor, inputs.places as tf.Tensor1D);
  const values = { query: lookUp('query'), key: lookUp('key'), added: lookUp('added') };
  return { embeddings: embedDistinct(lookUp('row'), values, inputs, model) };
}

function feeds(
  model: Model,
  tables: TokenTables,
  texts: readonly DistinctText[],
): Record<string, TensorData | DeviceTensor> {
  const { distinct, inputs } = distinctBatch(texts);
  const places = new Int32Array(texts.length * distinct);
  texts.forEach(({ ids }, text) => {
    for (let i = 0; i < ids.length; i++) places[text * distinct + i] = tables.place(ids[i] as number);
  });
  const values: Record<string, TensorData | DeviceTensor> = { ...inputs };
  values.places = { dtype: 'int32', shape: [places.length], data: places };
  for (const name of TABLE_NAMES) values[name] = tables.tensors[name];
  for (const name of headParameters(model)) values[name] = model.parameters.get(name) as DeviceTensor;
  return values;
}
