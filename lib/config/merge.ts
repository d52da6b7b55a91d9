/**
 * How settings are layered: the one merge of presets, files, existing runs and single settings, and how the text of a
 * `path.to.key=value` setting becomes a value.
 */
import type { z } from 'zod';
import { UserError } from '../core/errors.js';
import { parseJson, RepeatedKey } from '../files/json.js';
import { fieldCategories } from './fields.js';
import { configSchema } from './schema.js';

export type Settings = Record<string, unknown>;

/** What JavaScript itself keeps under these names must not be reached from a file. */
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

export function isRecord(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Deep merge, `over` winning; arrays and the table of categories are replaced whole, since half of a list has no meaning.
 *
 * @throws UserError for a key that no configuration has and JavaScript reserves
 */
export function mergeSettings(base: Settings, over: Settings): Settings {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    allowed(key);
    const old = out[key];
    if (isRecord(value)) out[key] = mergeSettings(isRecord(old) && key !== 'categories' ? old : {}, value);
    else out[key] = value;
  }
  return out;
}

/**
 * A layer of settings in which `datasets.field` has become the categories that it stands for. Roles that the layer itself
 * writes under `categories` stay as they are written.
 *
 * @throws UserError for a word that is no field
 */
export function withoutField(layer: Settings): Settings {
  const { datasets } = layer;
  if (!isRecord(datasets) || !Object.hasOwn(datasets, 'field')) return layer;
  const { field, ...others } = datasets;
  if (field === null || field === undefined) return { ...layer, datasets: others };
  const written = isRecord(others.categories) ? others.categories : {};
  return { ...layer, datasets: { ...others, categories: { ...fieldCategories(field), ...written } } };
}

/**
 * The settings with one more, such as `training.epochs=2`. The value is read as JSON, and as plain text where it isn't
 * JSON; where the configuration wants a list, commas separate its items.
 */
export function withSetting(settings: Settings, setting: string): Settings {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UserError(`--set "${setting}": expected path.to.key=value, such as training.epochs=2`);
  const path = setting.slice(0, equals).trim().split('.');
  for (const key of path) allowed(key);
  const value = parsedValue(setting.slice(equals + 1).trim(), wantsList(path));
  if (path.join('.') !== 'datasets.field') return withValue(settings, path, value);
  // in place of all categories so far; those of settings after this one are on top of it
  const layer = withoutField({ datasets: { field: value } });
  return mergeSettings(settings, layer);
}

function withValue(settings: Settings, [key = '', ...rest]: string[], value: unknown): Settings {
  const inner = settings[key];
  return { ...settings, [key]: rest.length === 0 ? value : withValue(isRecord(inner) ? inner : {}, rest, value) };
}

function parsedValue(text: string, asList: boolean): unknown {
  let value: unknown = text;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof RepeatedKey) throw new UserError(`${text}: ${error.message}; keep one of them`);
    // not JSON: a number such as .05, or the text itself, so that --set datasets.source=sample needs no quotes
    if (/^[+-]?\.\d+(e[+-]?\d+)?$/i.test(text)) value = Number(text);
  }
  if (!asList || value === null || typeof value === 'object') return value;
  return text === '' ? [] : text.split(',').map((item) => parsedValue(item.trim(), false));
}

function wantsList(path: readonly string[]): boolean {
  let schema: z.core.$ZodType | undefined = configSchema;
  for (const key of path) {
    const { def } = bare(schema);
    if (def.type === 'object') schema = Object.hasOwn(def.shape ?? {}, key) ? def.shape?.[key] : undefined;
    else schema = def.type === 'record' ? def.valueType : undefined;
    if (!schema) return false;
  }
  return bare(schema).def.type === 'array';
}

/** What is looked at of a schema: its kind and what it is made of. */
interface Definition {
  type: string;
  innerType?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  valueType?: z.core.$ZodType;
}

/** The schema without its default, or the permission to be null. */
function bare(schema: z.core.$ZodType): { def: Definition } {
  const def = schema._zod.def as Definition;
  return def.innerType ? bare(def.innerType) : { def };
}

function allowed(key: string): void {
  if (FORBIDDEN_KEYS.includes(key)) throw new UserError(`"${key}" is no setting: remove it from the configuration`);
}
