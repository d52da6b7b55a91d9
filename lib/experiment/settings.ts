/**
 * The settings of a section as people read them: name, value, and what the configuration says about it.
 */
import { z } from 'zod';
import { type Config, type ConfigInput, configSchema, FIELD_NAMES, fieldOf } from '../config/config.js';
import { formatCount } from '../display/format.js';

/** The parts of the configuration that notebooks set, in the order of the steps. */
export const SECTIONS = ['datasets', 'tokens', 'batches', 'encoder', 'training', 'evaluation'] as const;
export type Section = (typeof SECTIONS)[number];

/** A value of any kind beside the one that is meant, so that a mistake reaches the check of the configuration. */
type AnyValue = (string & {}) | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

/**
 * The settings of a section as a cell writes them: names and values are completed, and a wrong one is left to the check of
 * the configuration, which says in one line what was expected and what was meant.
 */
export type SettingsOfCell<S extends Section> = {
  readonly [K in keyof NonNullable<ConfigInput[S]>]?: NonNullable<ConfigInput[S]>[K] | AnyValue;
} & { readonly [other: string]: unknown };

/** A setting as people read it. */
export interface Setting {
  /** Path inside the section: "learningRate", "lora.rank". */
  name: string;
  value: unknown;
  /** Unit, bounds and source, as the configuration has them; may be empty. */
  meaning: string;
}

interface JsonSchema {
  description?: string;
  properties?: Record<string, JsonSchema>;
}

/** All settings of a section, those of nested groups by their path. */
export function settingsOf(config: Config, section: Section): Setting[] {
  const schema = (z.toJSONSchema(configSchema) as JsonSchema).properties?.[section] ?? {};
  const settings = flatten(config[section], schema, '');
  return section === 'datasets' ? [fieldSetting(config), ...settings] : settings;
}

/** All settings of a configuration by their full path, each with what the configuration says about it. */
export function allSettings(config: Config): Setting[] {
  return flatten(config, z.toJSONSchema(configSchema) as JsonSchema, '');
}

/** One word for the categories that follow. */
function fieldSetting({ datasets }: Config): Setting {
  const meaning = `sets the categories: ${FIELD_NAMES.join(', ')}`;
  return { name: 'field', value: fieldOf(datasets.categories) ?? 'none of these', meaning };
}

/** @param group what the group says of all its settings, for those that say nothing themselves */
function flatten(value: unknown, { properties, description = '' }: JsonSchema, path: string, group = ''): Setting[] {
  const meaning = description || group;
  if (!properties) return [{ name: path, value, meaning }];
  return Object.entries(properties).flatMap(([key, schema]) =>
    flatten((value as Record<string, unknown> | undefined)?.[key], schema, path ? `${path}.${key}` : key, meaning),
  );
}

/** The settings in which a section differs from another of its kind, as a partial section. */
export function changedSettings<S extends object>(section: S, from: S): Partial<S> {
  const changed = Object.entries(section).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify((from as Record<string, unknown>)[key]),
  );
  return Object.fromEntries(changed) as Partial<S>;
}

/** A value of a setting on one line, as people read it. */
export function settingText(value: unknown): string {
  // the meaning of a setting says what null stands for
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return value === '' ? '""' : value;
  // commas separate the items, so that they have none of their own
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'number' ? String(one) : settingText(one))).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, of]) => `${key}: ${settingText(of)}`)
      .join('; ');
  }
  return Number.isInteger(value) ? formatCount(value as number).replace('-', '−') : String(value);
}

/** A value of a setting on one line, as `--set` takes it. */
export function typedSetting(value: unknown): string {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one !== 'object'))
    return value.join(', ');
  if (typeof value === 'string' && value !== '') return value;
  // with room to break long ones
  return JSON.stringify(value ?? null, null, 1)
    .replaceAll(/\n */g, ' ')
    .replaceAll('[ ]', '[]');
}
