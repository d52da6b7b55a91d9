/**
 * What the configuration says of step 6, checked against the registries of systems and metrics before any work: a
 * misspelt name ends a run before its training and not after it.
 */
import type { Config } from '../config/config.js';
import { checkSystemNames } from '../retrieval/systems/system-registry.js';
import { parseMetrics } from './metrics/registry.js';

/**
 * Checks the names of systems and metrics in the settings, before any work.
 *
 * @throws UserError for a system or a metric that does not exist, naming those that do and the nearest
 */
export function checkEvaluation({ evaluation }: Pick<Config, 'evaluation'>): void {
  checkSystemNames(evaluation.systems);
  parseMetrics(evaluation.metrics);
}
