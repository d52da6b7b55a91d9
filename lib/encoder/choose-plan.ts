/** Which plans an encoder gets: one that trains, and one that encodes. */
import { UserError } from '../core/errors.js';
import { wholeForwardBytes, wholeGraphBytes } from '../models/activation-memory.js';
import type { ModelConfig } from '../models/architecture.js';
import type { BaseModel } from '../models/base-model.js';
import type { TokenForm } from '../models/token-form.js';
import { cachedTokens } from './cached-tokens.js';
import { bagPlan } from './distinct-tokens/bag-plan.js';
import { tokenFormOf } from './distinct-tokens/refusal.js';
import type { ExecutionPlan } from './execution-plan.js';
import { layerwisePlan } from './layerwise-plan.js';
import type { Model } from './model.js';
import { wholeGraphPlan } from './whole-graph-plan.js';

export interface PlanOptions {
  /**
   * Bytes of activations; above it the layerwise plan is taken, which keeps linear outputs in half of it for the
   * time of a backward pass. The other half is for what GradCache keeps between its passes.
   */
  memoryBudget?: number;
  /** Tokens of the largest micro-batch, by which the memory of a plan is judged. */
  tokenBudget?: number;
  /**
   * auto: by distinct tokens where the model allows it, else by what the memory has room for. `distinct-tokens` insists;
   * with dropout, whose masks are of every token, it encodes by them and trains by another plan.
   */
  plan?: PlanName;
}

export const PLAN_NAMES = ['auto', 'whole-graph', 'layerwise', 'distinct-tokens'] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

export const DEFAULT_TOKEN_BUDGET = 4096;
const DEFAULT_MEMORY_BUDGET = 2e9;

/** @param form of {@link chooseTokenForm} */
export function choosePlan(model: Model, options: PlanOptions, form?: TokenForm<ModelConfig>): ExecutionPlan {
  if (form && model.dropout.size === 0) return bagPlan(model, form);
  const { plan = 'auto', memoryBudget = DEFAULT_MEMORY_BUDGET } = options;
  const tokenBudget = largestBatch(model, options);
  // an eager engine frees nothing before a program ends: it gets small programs, a layer each
  const fits = !model.engine.eager && wholeGraphBytes(model.config, tokenBudget) <= memoryBudget;
  const name = plan === 'auto' || plan === 'distinct-tokens' ? (fits ? 'whole-graph' : 'layerwise') : plan;
  return name === 'whole-graph' ? wholeGraphPlan(model) : layerwisePlan(model, memoryBudget / 2);
}

/** Tokens that pass at once at most: a text passes alone though the cache has no room for it. */
function largestBatch({ engine, config }: Model, { tokenBudget = DEFAULT_TOKEN_BUDGET }: PlanOptions): number {
  return Math.min(tokenBudget, Math.max(cachedTokens(engine, config), config.maxPositions));
}

/** Deeper models take longer to trace as one graph than a whole graph wins on what is usually encoded. */
const MOST_LAYERS_IN_A_GRAPH = 12;

/**
 * The plan that encodes where no gradient is wanted: that of training, or the whole graph where its forward pass fits
 * though training does not. It is a tenth faster than layer by layer.
 */
export function chooseEncodingPlan(model: Model, options: PlanOptions, training: ExecutionPlan): ExecutionPlan {
  const { plan = 'auto', memoryBudget = DEFAULT_MEMORY_BUDGET, tokenBudget = DEFAULT_TOKEN_BUDGET } = options;
  const { engine, config } = model;
  // weights in 8 bits would be there twice, as inputs of one plan and constants of the other
  if (plan !== 'auto' || training.name !== 'layerwise' || engine.eager || engine.uploadQuantized) return training;
  const fits = config.layers <= MOST_LAYERS_IN_A_GRAPH && wholeForwardBytes(config, tokenBudget) <= memoryBudget;
  return fits ? wholeGraphPlan(model) : training;
}

/**
 * The form by which an encoder computes distinct tokens; undefined where it computes all.
 *
 * @throws UserError where distinct tokens were asked for, and the encoder does not allow them
 */
export async function chooseTokenForm(
  base: BaseModel,
  model: Model,
  { plan = 'auto', causal }: PlanOptions & { causal: boolean },
): Promise<TokenForm<ModelConfig> | undefined> {
  if (plan !== 'auto' && plan !== 'distinct-tokens') return undefined;
  const form = await tokenFormOf(base, model, causal);
  if (typeof form !== 'string') return form;
  if (plan === 'auto') return undefined;
  throw new UserError(`encoder.plan = "distinct-tokens" does not suit this encoder: ${form}; use encoder.plan=auto`);
}
