/** The architectures by the `model_type` of a model's config.json. To add one: its file, and its line here. */
import { UserError } from '../core/errors.js';
import type { Architecture, ModelConfig } from './architecture.js';
import { bert } from './architectures/bert.js';
import { modernBert } from './architectures/modernbert.js';
import { mpnet } from './architectures/mpnet.js';
import { qwen2 } from './architectures/qwen2.js';
import { qwen3 } from './architectures/qwen3.js';
import { roberta } from './architectures/roberta.js';

const BUILT_IN: readonly Architecture[] = [qwen2, qwen3, bert, roberta, mpnet, modernBert];

const architectures = new Map<string, Architecture>();
for (const architecture of BUILT_IN) {
  for (const modelType of Object.keys(architecture.modelTypes)) architectures.set(modelType, architecture);
}

/**
 * Adds an architecture from outside of the library, for this process. Registering the same types again replaces the
 * earlier one, so that a notebook's cell can be run twice.
 *
 * @throws UserError for a `model_type` that the library has itself
 */
export function registerArchitecture<Config extends ModelConfig>(architecture: Architecture<Config>): void {
  const modelTypes = Object.keys(architecture.modelTypes);
  for (const modelType of modelTypes) {
    const present = architectures.get(modelType);
    if (present && BUILT_IN.includes(present)) {
      throw new UserError(`model_type "${modelType}" is one of the library's own architectures: choose another name`);
    }
  }
  for (const modelType of modelTypes) architectures.set(modelType, architecture);
}

/** @throws UserError for a `model_type` that no architecture serves, with those that are served */
export function findArchitecture(modelType: string, where: string): Architecture {
  const architecture = architectures.get(modelType);
  if (architecture) return architecture;
  throw new UserError(`${where}: model_type = "${modelType}" is not supported: expected ${supportedArchitectures()}`);
}

/** Every `model_type` with the models that have it, for messages. */
export function supportedArchitectures(): string {
  return [...architectures].map(([type, { modelTypes }]) => `${type} (${modelTypes[type]})`).join(' or ');
}

export function architectureOf(config: ModelConfig): Architecture {
  return findArchitecture(config.modelType, 'the model');
}
