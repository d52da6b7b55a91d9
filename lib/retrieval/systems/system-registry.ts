/**
 * Systems by the names that the configuration writes. To add one, write a {@link SystemDefinition} beside its code and
 * list it below; from elsewhere, hand it to {@link registerSystem}.
 */
import { didYouMean } from '../../core/did-you-mean.js';
import { UserError } from '../../core/errors.js';
import { bm25Definition } from './bm25.js';
import { tunedDefinition, untunedDefinition } from './encoder-model.js';
import { hybridDefinition } from './hybrid.js';
import { openaiDefinition } from './openai-definition.js';
import type { SystemDefinition } from './system-definition.js';
import { transformersDefinition } from './transformers-definition.js';

/** In this order a name is looked for; the last two match names that they have not heard of. */
const BUILT_IN: readonly SystemDefinition[] = [
  untunedDefinition,
  tunedDefinition,
  bm25Definition,
  openaiDefinition,
  hybridDefinition,
  transformersDefinition,
];

const registered = new Map<string, SystemDefinition>();

/**
 * Makes a system known to configuration, evaluation and report of this process. Registering a usage again replaces the
 * earlier one, so that a notebook cell can be run twice.
 *
 * @throws UserError for the usage of a system that comes with the library
 */
export function registerSystem(definition: SystemDefinition): void {
  const { usage } = definition;
  if (usage.trim() === '') throw new UserError('a system needs a usage, such as "my-system": it is empty');
  if (BUILT_IN.some((known) => known.usage === usage)) {
    throw new UserError(`system "${usage}" comes with the library: give yours another name`);
  }
  registered.set(usage, definition);
}

/** All systems there are, those of others first: their names are more specific than a hub id. */
export function systemDefinitions(): SystemDefinition[] {
  return [...registered.values(), ...BUILT_IN];
}

/**
 * The definition that a name belongs to.
 *
 * @throws UserError naming the systems there are, and the nearest of them
 */
export function findSystemDefinition(name: string): SystemDefinition {
  const all = systemDefinitions();
  const found = all.find(({ usage, matches }) => (matches ? matches(name) : name === usage));
  if (found) return found;
  const simple = systemUsages()
    .split(', ')
    .filter((usage) => /^[\w-]+$/.test(usage));
  throw new UserError(`unknown system "${name}": expected ${systemUsages()}${didYouMean(name, simple)}`);
}

/**
 * Checks names without loading anything, so that a misspelt one ends a run before its training and not after it.
 *
 * @throws UserError for a name that is no system, no folder and no hub id
 */
export function checkSystemNames(names: readonly string[]): void {
  for (const name of names) findSystemDefinition(name).check?.(name, (other) => checkSystemNames([other]));
}

/** "untuned, tuned, bm25, …", for the help of an option. */
export function systemUsages(): string {
  return [...BUILT_IN, ...registered.values()].map(({ usage }) => usage).join(', ');
}

/** One line per system, for help texts. */
export function systemHelp(): string {
  const all = [...BUILT_IN, ...registered.values()];
  const width = Math.max(...all.map(({ usage }) => usage.length));
  return all.map(({ usage, description }) => `${usage.padEnd(width)}  ${description}`).join('\n');
}
