/** Which linear modules get an adapter, from the setting or the list of names that PEFT's files hold. */

import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import type { ModelConfig } from '../models/architecture.js';
import { linearModules } from '../models/parameters.js';

/** Whether a name in a list of targets means a module: its path, or the end of it, as PEFT reads such lists. */
export function isTarget(path: string, target: string): boolean {
  return path === target || path.endsWith(`.${target}`);
}

/**
 * The modules that the setting `encoder.lora.targetModules` means for a model, by the names of the architecture's list
 * and in its order.
 *
 * @throws UserError for a name that is no linear module of the model
 */
export function resolveTargetModules(targets: 'all-linear' | readonly string[], model: ModelConfig): string[] {
  const modules = linearModules(model);
  const names = modules.map(({ name }) => name);
  if (targets === 'all-linear') return names;
  for (const target of targets) {
    if (modules.some(({ path }) => isTarget(path, target))) continue;
    throw new UserError(
      `encoder.lora.targetModules: "${target}" is no linear module of a ${model.modelType} encoder${didYouMean(target, names)}; expected "all-linear" or some of ${names.join(', ')}`,
    );
  }
  return modules.filter(({ path }) => targets.some((target) => isTarget(path, target))).map(({ name }) => name);
}
