/**
 * Every hyperparameter of the experiment. Each section has its file in config/; schema.ts puts them together, presets.ts has
 * named starting points, merge.ts layers settings. `resolveConfig` merges and validates; an unknown key names the nearest
 * known one.
 */
import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import { isRecord, mergeSettings, withoutField, withSetting } from './merge.js';
import { PRESETS } from './presets.js';
import { type Config, configSchema } from './schema.js';

export { FIELD_NAMES, FIELDS, type Field, type FieldName, fieldOf } from './fields.js';
export { ROLES, type Role } from './names.js';
export { PRESETS, presetFor } from './presets.js';
export { type Config, type ConfigInput, configSchema } from './schema.js';

/** What a configuration is made of, in rising priority. */
export interface ConfigSources {
  preset?: string;
  /** Settings of an existing run. */
  base?: unknown;
  /** Any part of a configuration. */
  input?: unknown;
  /** `path.to.key=value` strings; see {@link withSetting}. */
  settings?: string[];
}

/**
 * Builds the configuration of a run: preset, then settings of an existing run, then `input`, then `key=value` settings.
 *
 * @throws UserError naming the key, the value, what was expected, and the nearest known key of a misspelt one
 */
export function resolveConfig(options: ConfigSources = {}): Config {
  const preset = options.preset ?? 'sample';
  const base = PRESETS[preset];
  if (!base) {
    throw new UserError(
      `unknown preset "${preset}": expected ${Object.keys(PRESETS).join(' or ')}${didYouMean(preset, Object.keys(PRESETS))}`,
    );
  }
  let merged = mergeSettings({}, { ...base });
  for (const layer of [options.base ?? {}, options.input ?? {}]) {
    if (!isRecord(layer)) throw new UserError(`the configuration must be a JSON object, got ${JSON.stringify(layer)}`);
    merged = mergeSettings(merged, withoutField(layer));
  }
  for (const setting of options.settings ?? []) merged = withSetting(merged, setting);
  const result = configSchema.safeParse(merged);
  if (!result.success) throw new UserError(explain(result.error, merged));
  return result.data;
}

/** One line for the first problem: where, what was there, what was expected. */
function explain(error: z.ZodError, input: unknown): string {
  const issue = error.issues[0];
  if (!issue) return error.message;
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = keysAt(path);
    return `unknown setting "${[...path, key].join('.')}"${didYouMean(key, known) || `; known here: ${known.join(', ')}`}`;
  }
  let value = input;
  for (const key of path)
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  const nearest =
    issue.code === 'invalid_value' && typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : '';
  return `${path.join('.') || 'configuration'} = ${typeof value === 'number' ? value : JSON.stringify(value)}: ${issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '')}${nearest}`;
}

function keysAt(path: string[]): string[] {
  let node: unknown = configSchema.parse({});
  for (const key of path) node = isRecord(node) ? node[key] : undefined;
  const known = isRecord(node) ? Object.keys(node) : [];
  return path.join('.') === 'datasets' ? ['field', ...known] : known;
}
