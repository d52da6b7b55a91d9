/**
 * Step 6: all systems of the configuration on one task, and what each found. What was encoded before is not encoded again,
 * see the caches of retrieval/systems.
 */
import type { Reporting } from '../../core/events.js';
import { describeEnvironment } from '../../evaluation/environment.js';
import { type Evaluation, evaluate } from '../../evaluation/evaluate.js';
import type { EmbeddingModel } from '../../retrieval/systems/embedding-model.js';
import type { Step } from '../step.js';
import { type SystemSources, withSystems } from '../systems.js';
import type { EvaluationTask } from '../task.js';

/** What the evaluation is made of. */
export interface EvaluationSources extends SystemSources {
  /** Called with the project's own encoders after they were evaluated, while they are open. */
  whileOpen?(models: readonly EmbeddingModel[]): Promise<void>;
}

export const evaluationStep: Step<[EvaluationTask, EvaluationSources, Reporting?], Evaluation> = {
  name: 'evaluation',
  reads: [
    'evaluation',
    // whose prompts data sets may set
    'datasets.sets',
    'seed',
    'encoder',
    'tokens',
    'batches.tokenBudget',
    'training.memoryBudget',
    'engine',
    'precision',
    'provider',
  ],
  ignores: ['cache', 'threads', 'evaluation.openaiCostLimit'],
  run: (config, task, sources, reporting = {}) =>
    withSystems(config, sources, reporting, async ({ systems, skipped }, engine, models) => {
      const evaluation = await evaluate({ config, ...task, systems, skipped, ...reporting });
      // known only now: without a system that embeds, no engine is started
      evaluation.report.environment = describeEnvironment(engine() ?? 'none');
      await sources.whileOpen?.(models);
      return evaluation;
    }),
};
