/**
 * Every hyperparameter of the experiment: default, unit, bounds, and where the default comes from. Each section has its
 * file in config/. `resolveConfig` merges preset, file and `path.to.key=value` settings and validates;
 * an unknown key names the nearest known one.
 */
import { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import { batchesSchema } from './batches.js';
import { datasetsSchema } from './datasets.js';
import { encoderSchema } from './encoder.js';
import { evaluationSchema } from './evaluation.js';
import { miningSchema } from './mining.js';
import { pretrainingSchema } from './pretraining.js';
import { tokensSchema } from './tokens.js';
import { trainingSchema } from './training.js';

export { LINEAR_MODULES, type LinearModule, ROLES, type Role } from './names.js';

export const configSchema = z.strictObject({
  seed: z.number().int().min(0).max(0xffffffff).default(42),
  engine: z.enum(['auto', 'onnx', 'tensorflow', 'wasm']).default('auto'),
  precision: z
    .enum(['auto', 'float32', 'bfloat16', 'float16'])
    .default('auto')
    .describe(
      'bfloat16: activations and frozen weights, engine tensorflow; float16: products with frozen weights, engine onnx with another provider than cpu; auto: bfloat16 on a GPU of the engine tensorflow, else float32',
    ),
  provider: z
    .enum(['cpu', 'cuda', 'webgpu'])
    .default('cpu')
    .describe('execution provider of the engine onnx; the others leave to the CPU what they cannot run'),
  threads: z.number().int().min(0).default(0).describe('threads of the engine; 0: as many as the machine has cores'),
  cache: z
    .string()
    .min(1)
    .default('data/cache')
    .describe('folder of embeddings, downloads and token ids; safe to delete'),
  datasets: datasetsSchema.prefault({}),
  tokens: tokensSchema.prefault({}),
  batches: batchesSchema.prefault({}),
  encoder: encoderSchema.prefault({}),
  training: trainingSchema.prefault({}),
  mining: miningSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  pretraining: pretrainingSchema.prefault({}),
});

/** The complete, validated configuration of a run. */
export interface Config extends z.infer<typeof configSchema> {}
/** What a user writes: any part of {@link Config}. */
export interface ConfigInput extends z.input<typeof configSchema> {}

/** Named starting points; settings on top of them win. */
export const PRESETS: Record<string, ConfigInput> = {
  // The embedded corpus, and of the embedded encoders the one that has not learned to retrieve, so that there is something
  // to see: about two minutes on two cores. All titles are queries, since the main topic alone has too few to tell.
  sample: {
    encoder: { model: 'sample-base' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 256 },
    // four epochs of the embedded corpus; of a larger one as many pairs, which is where the small encoders have learned most
    training: { epochs: 4, maxSteps: 72, learningRate: 2e-3 },
    evaluation: { queries: 'all' },
  },
  // What tuning adds to an encoder that finds abstracts already: the embedded one that saw no gr-qc, on real records. A
  // linear map of what the layer gives, learned from many negatives a pair; with all modules it got worse. Half a minute.
  'sample-general': {
    encoder: { model: 'sample-general', lora: { rank: 256, alpha: 512, targetModules: ['o_proj'] } },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    batches: { pairs: 256 },
    training: {
      epochs: 8,
      maxSteps: 20,
      batches: 'on-target',
      learningRate: 1e-3,
      temperature: 0.03,
      validateEvery: null,
      tokenDropout: { title: 0.4, abstract: 0.7 },
    },
  },
  // The reference experiment: LoRA on Qwen2.5-0.5B-Instruct, made for a GPU or a patient CPU.
  'qwen2.5-0.5b': {
    encoder: { model: 'Qwen/Qwen2.5-0.5B-Instruct' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    batches: { pairs: 256 },
    // 2 GB of activations are kept for a tenth more of speed, and cost 0.6 GB
    training: { learningRate: 1e-4, warmupShare: 0.1, validateEvery: 25, memoryBudget: 1 },
  },
};

/**
 * Builds the configuration of a run from a preset, a partial configuration and single settings, in rising priority.
 *
 * @param settings `path.to.key=value` strings; the value is read as JSON, and as a plain string where it isn't JSON
 * @throws UserError naming the key, the value, what was expected, and the nearest known key of a misspelt one
 */
export function resolveConfig(options: { preset?: string; input?: unknown; settings?: string[] } = {}): Config {
  const preset = options.preset ?? 'sample';
  const base = PRESETS[preset];
  if (!base) {
    throw new UserError(
      `unknown preset "${preset}": expected ${Object.keys(PRESETS).join(' or ')}${didYouMean(preset, Object.keys(PRESETS))}`,
    );
  }
  if (options.input !== undefined && !isRecord(options.input)) {
    throw new UserError(`the configuration must be a JSON object, got ${JSON.stringify(options.input)}`);
  }
  const merged = mergeSettings(mergeSettings({}, base), options.input ?? {});
  for (const setting of options.settings ?? []) applySetting(merged, setting);
  const result = configSchema.safeParse(merged);
  if (!result.success) throw new UserError(explain(result.error, merged));
  return result.data;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep merge; arrays and the table of categories are replaced whole, since half of a list has no meaning. */
export function mergeSettings(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = out[key];
    out[key] = isRecord(value) && isRecord(old) && key !== 'categories' ? mergeSettings(old, value) : value;
  }
  return out;
}

function applySetting(target: Record<string, unknown>, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UserError(`--set "${setting}": expected path.to.key=value, such as training.epochs=2`);
  const path = setting.slice(0, equals).trim().split('.');
  const text = setting.slice(equals + 1).trim();
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // not JSON: a number such as .05, or the text itself, so that --set datasets.source=sample needs no quotes
    if (/^[+-]?\.\d+(e[+-]?\d+)?$/i.test(text)) value = Number(text);
  }
  let node = target;
  for (const key of path.slice(0, -1)) {
    const next = node[key];
    node[key] = isRecord(next) ? { ...next } : {};
    node = node[key] as Record<string, unknown>;
  }
  node[path.at(-1) as string] = value;
}

/** One line for the first problem: where, what was there, what was expected. */
function explain(error: z.ZodError, input: unknown): string {
  const issue = error.issues[0];
  if (!issue) return error.message;
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = keysAt(path);
    return `unknown setting "${[...path, key].join('.')}"${didYouMean(key, known)}; known here: ${known.join(', ')}`;
  }
  let value = input;
  for (const key of path)
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return `${path.join('.') || 'configuration'} = ${JSON.stringify(value)}: ${issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '')}`;
}

function keysAt(path: string[]): string[] {
  let node: unknown = configSchema.parse({});
  for (const key of path) node = isRecord(node) ? node[key] : undefined;
  return isRecord(node) ? Object.keys(node) : [];
}
