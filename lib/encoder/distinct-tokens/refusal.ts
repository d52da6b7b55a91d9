/** Which encoders can be run by the distinct tokens of their texts. */
import type { ModelConfig } from '../../models/architecture.js';
import type { BaseModel } from '../../models/base-model.js';
import { layerPrefix } from '../../models/parameters.js';
import { POOLINGS, type Pooling } from '../../models/pooling.js';
import { architectureOf } from '../../models/registry.js';
import type { TokenForm } from '../../models/token-form.js';
import type { Model } from '../model.js';

/** Of the weights of a base model, which do not change: null where they allow it. */
const checked = new WeakMap<BaseModel, Promise<string | null>>();

/**
 * The token form of an encoder, or why it has none: "its attention is causal". What an adapter is on decides, not its
 * values, so that training it changes nothing.
 */
export async function tokenFormOf(
  base: BaseModel,
  model: Pick<Model, 'config' | 'pooling' | 'trainable' | 'trainsEmbeddings'>,
  causal: boolean,
): Promise<TokenForm<ModelConfig> | string> {
  const { config, pooling, trainable, trainsEmbeddings } = model;
  const { precision } = base.engine;
  const { tokenForm } = architectureOf(config);
  if (!tokenForm) return `an encoder of type ${config.modelType} has no such form`;
  if (precision !== undefined && precision !== 'float32') return `the engine computes in ${precision}`;
  if (causal) return 'its attention is causal';
  const kind: Pooling = POOLINGS[pooling];
  if (kind.pool) return `pooling "${pooling}" is no weighted sum of tokens`;
  if (trainsEmbeddings) return 'all of its weights are trained';
  const prefix = layerPrefix(config, 0);
  const isAdaptable = (name: string): boolean =>
    tokenForm.adaptable.some((path) => name.startsWith(`${prefix}${path}.`));
  const other = [...trainable].find((name) => !isAdaptable(name));
  if (other !== undefined) return `its adapter is on ${other.slice(0, other.lastIndexOf('.'))}`;
  let refusal = checked.get(base);
  if (!refusal) {
    refusal = tokenForm.refusal(config, { table: base.table, read: (name) => readWeight(base, name) });
    checked.set(base, refusal);
  }
  return (await refusal) ?? tokenForm;
}

async function readWeight({ engine, weights }: BaseModel, name: string): Promise<Float32Array> {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`the model has no parameter ${name}`);
  return (await engine.download(tensor)).data as Float32Array;
}
