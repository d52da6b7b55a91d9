/** The options that every command takes, and what they make of the configuration. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type Config,
  type EncoderSettings,
  FIELD_NAMES,
  PRESETS,
  presetFor,
  readConfigFile,
  resolveConfig,
  SAMPLE_ENCODERS,
  sourceHelp,
  UserError,
} from '../lib/index.js';

export interface CommonOptions {
  config?: string;
  preset?: string;
  set: string[];
  seed?: string;
  engine?: string;
  json?: boolean;
  /** Where a command has them: shorthands for settings. */
  data?: string;
  field?: string;
  model?: string;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--config <file.json>', 'settings to start from, any part of a configuration')
    .option('--preset <name>', `${Object.keys(PRESETS).join(', ')} (default: what suits the model)`)
    .option('--set <path.to.key=value>', 'one setting; repeat for more', repeated, [])
    .option('--seed <n>', 'seed of everything random (default: 42)')
    .option('--engine <name>', 'auto, onnx, tensorflow or wasm (default: auto)')
    .option('--json', 'print the result alone, as JSON, on standard output', false);
}

/** Collects the values of an option that may be given more than once. */
export function repeated(value: string, all: string[]): string[] {
  return [...all, value];
}

/** Of an option whose last value would silently be the only one. */
export function onlyOnce(name: string): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined) return value;
    throw new UserError(`${name} is given twice, ${before} and ${value}: give one of them`);
  };
}

export function addDataOption(command: Command): Command {
  return addFieldOption(command.option('--data <source>', sourceHelp()));
}

export function addFieldOption(command: Command): Command {
  return command.option(
    '--field <name>',
    `categories of arXiv in one word: ${FIELD_NAMES.join(', ')} (default: gr-qc)`,
  );
}

export function addModelOption(command: Command): Command {
  return command.option('--model <model>', `${Object.keys(SAMPLE_ENCODERS).join(', ')}, a hub id, or a model folder`);
}

/**
 * The configuration that the options ask for. Later wins: preset, file, --field, --set, the other shorthands.
 *
 * @param base settings of an existing run, below everything but the preset
 */
export async function configOf(options: CommonOptions, base?: unknown): Promise<Config> {
  const config = await settingsOf(options, base);
  // the current folder may vanish while a long command runs, and a relative path would then lead nowhere
  return { ...config, cache: resolve(config.cache) };
}

/** The settings that the options name, for whoever knows what lies below them. */
export async function givenSettings(options: CommonOptions): Promise<EncoderSettings> {
  const input = options.config ? await readConfigFile(options.config) : {};
  return { ...(options.preset !== undefined && { preset: options.preset }), input, settings: settingsWith(options) };
}

function settingsWith(options: CommonOptions): string[] {
  const shorthands: [string, string | undefined][] = [
    ['seed', options.seed],
    ['engine', options.engine && JSON.stringify(options.engine)],
    ['datasets.source', options.data && JSON.stringify(options.data)],
    // the data sets of a configuration file or a run would be read in its place
    ['datasets.sets', options.data && '[]'],
    ['encoder.model', options.model && JSON.stringify(options.model)],
  ];
  const given = shorthands.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const field = options.field === undefined ? [] : [`datasets.field=${JSON.stringify(options.field)}`];
  return [...field, ...options.set, ...given.map(([key, value]) => `${key}=${value}`)];
}

async function settingsOf(options: CommonOptions, base?: unknown): Promise<Config> {
  const input = options.config ? await readConfigFile(options.config) : {};
  const settings = settingsWith(options);
  if (base !== undefined) return resolveConfig({ base, input, settings });
  const { encoder } = resolveConfig({ input, settings });
  const preset = options.preset ?? presetFor(encoder.model);
  return resolveConfig({ preset, input, settings });
}
