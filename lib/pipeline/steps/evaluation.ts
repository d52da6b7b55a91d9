/**
 * Step 6: all systems of the configuration on one task, and what each found. What was encoded before is not encoded again,
 * see the caches of retrieval/systems.
 */
import type { Reporting } from '../../core/events.js';
import { describeEnvironment } from '../../evaluation/environment.js';
import { type Evaluation, evaluate } from '../../evaluation/evaluate.js';
import type { EvaluationTask } from '../evaluation-task.js';
import type { Step } from '../step.js';
import { type SystemSources, withSystems } from '../systems.js';

export const evaluationStep: Step<[EvaluationTask, SystemSources, Reporting?], Evaluation> = {
  name: 'evaluation',
  reads: [
    'evaluation',
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
    withSystems(config, sources, reporting, async ({ systems, skipped }, engine) => {
      const evaluation = await evaluate({ config, ...task, systems, skipped, ...reporting });
      // known only now: without a system that embeds, no engine is started
      evaluation.report.environment = describeEnvironment(engine() ?? 'none');
      return evaluation;
    }),
};
