/** Which execution plan an encoder gets. */
import { wholeGraphBytes } from '../models/activation-memory.js';
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
  plan?: 'auto' | ExecutionPlan['name'];
}

export const DEFAULT_TOKEN_BUDGET = 4096;
const DEFAULT_MEMORY_BUDGET = 2e9;

export function choosePlan(model: Model, options: PlanOptions): ExecutionPlan {
  const { plan = 'auto', memoryBudget = DEFAULT_MEMORY_BUDGET, tokenBudget = DEFAULT_TOKEN_BUDGET } = options;
  // an eager engine frees nothing before a program ends: it gets small programs, a layer each
  const fits = !model.engine.eager && wholeGraphBytes(model.config, tokenBudget) <= memoryBudget;
  const name = plan === 'auto' ? (fits ? 'whole-graph' : 'layerwise') : plan;
  return name === 'whole-graph' ? wholeGraphPlan(model) : layerwisePlan(model, memoryBudget / 2);
}
