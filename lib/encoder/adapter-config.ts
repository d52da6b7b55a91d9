/**
 * `adapter_config.json` of a LoRA adapter, as PEFT writes it. An option that would change the result and that the encoder
 * does not compute is refused by name.
 */
import { createContext, Script } from 'node:vm';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { readJsonFile } from '../files/json-file.js';
import type { ModelConfig } from '../models/architecture.js';
import { layerPrefix, linearModules } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';
import { isTarget } from './target-modules.js';

export interface AdapterConfig {
  rank: number;
  alpha: number;
  /** Probability, while training. */
  dropout: number;
  /** Names of linear modules, as the architecture's list has them (models/parameters.ts). */
  targetModules: string[];
  /** Updates are scaled by alpha / sqrt(rank) instead of alpha / rank. */
  rankStabilized: boolean;
}

const fileSchema = z.looseObject({
  peft_type: z.string(),
  r: z.number().int().min(1),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(1).default(0),
  use_rslora: z.boolean().default(false),
  bias: z.string().default('none'),
  target_modules: z.union([z.array(z.string()), z.string()]),
  init_lora_weights: z.union([z.boolean(), z.string()]).default(true),
});
type AdapterFile = z.infer<typeof fileSchema>;

/**
 * Options that change what an adapter computes and that must be absent, null, false or empty.
 * https://huggingface.co/docs/peft/package_reference/lora
 */
const UNSUPPORTED_OPTIONS = [
  'use_dora',
  'use_qalora',
  'use_bdlora',
  'lora_bias',
  'fan_in_fan_out',
  'rank_pattern',
  'alpha_pattern',
  'modules_to_save',
  'exclude_modules',
  'layers_to_transform',
  'layer_replication',
  'target_parameters',
  'trainable_token_indices',
  'alora_invocation_tokens',
  'arrow_config',
  'kasa_config',
];

/** What PEFT writes beside these that changes no result: notes, defaults, and options of what is refused above. */
const HARMLESS_OPTIONS = [
  'task_type',
  'base_model_name_or_path',
  'revision',
  'inference_mode',
  'auto_mapping',
  'layers_pattern',
  'megatron_core',
  'qalora_group_size',
  'loftq_config',
  'eva_config',
  'corda_config',
  'lora_ga_config',
  'runtime_config',
  'ensure_weight_tying',
  'peft_version',
];

/** Initialisations that leave the base weights as they are; the others (PiSSA, OLoRA, CorDA, LoftQ) change them. */
const HARMLESS_INITIALISATIONS = ['gaussian', 'eva', 'orthogonal'];

/** @throws UserError for a file that is missing, broken, of another model, or asks for something unsupported */
export async function readAdapterConfig(path: string, model: ModelConfig): Promise<AdapterConfig> {
  const file = await readJsonFile(path, fileSchema, 'save the adapter again with PEFT');
  refuseUnsupported(path, file);
  return {
    rank: file.r,
    alpha: file.lora_alpha,
    dropout: file.lora_dropout,
    targetModules: targetModules(path, file.target_modules, model),
    rankStabilized: file.use_rslora,
  };
}

function refuseUnsupported(path: string, file: AdapterFile): void {
  if (file.peft_type !== 'LORA')
    throw new UserError(`${path}: peft_type = "${file.peft_type}" is not supported: expected LORA`);
  if (file.bias !== 'none') throw new UserError(`${path}: bias = "${file.bias}" is not supported: expected none`);
  const known = [...Object.keys(fileSchema.shape), ...HARMLESS_OPTIONS];
  for (const [option, value] of Object.entries(file)) {
    if (known.includes(option) || isUnset(value)) continue;
    // One that is not known may change the result as well.
    const what = UNSUPPORTED_OPTIONS.includes(option) ? 'is not supported' : 'is not known here';
    throw new UserError(
      `${path}: ${option} = ${JSON.stringify(value)} ${what}: merge the adapter into its model with PEFT, or train one without it`,
    );
  }
  const initialisation = file.init_lora_weights;
  if (typeof initialisation === 'string' && !HARMLESS_INITIALISATIONS.includes(initialisation)) {
    throw new UserError(
      `${path}: init_lora_weights = "${initialisation}" changes the base weights and is not supported: convert the adapter to plain LORA with PEFT`,
    );
  }
}

function isUnset(value: unknown): boolean {
  return (
    value == null || value === false || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/**
 * The adapted modules, from PEFT's three ways to name them: a list of suffixes of module paths, a regular expression
 * over whole paths, or "all-linear". Each module must be adapted in all layers or in none.
 */
function targetModules(path: string, targets: string[] | string, model: ModelConfig): string[] {
  const matches = targetMatcher(path, targets);
  const prefixes = ['', ...architectureOf(model).prefixes];
  const modules = linearModules(model);
  const found = modules.filter((module) => {
    const layers = Array.from({ length: model.layers }, (_, layer) => `${layerPrefix(model, layer)}${module.path}`);
    const adapted = layers.filter((name) => prefixes.some((prefix) => matches(`${prefix}${name}`))).length;
    if (adapted !== 0 && adapted !== model.layers) {
      throw new UserError(
        `${path}: target_modules = ${JSON.stringify(targets)} adapts ${module.name} in ${adapted} of ${model.layers} layers: expected all or none`,
      );
    }
    return adapted > 0;
  });
  if (found.length === 0) {
    throw new UserError(
      `${path}: target_modules = ${JSON.stringify(targets)} names no linear module of the model: expected some of ${modules.map(({ name }) => name).join(', ')}`,
    );
  }
  return found.map(({ name }) => name);
}

function targetMatcher(path: string, targets: string[] | string): (module: string) => boolean {
  if (targets === 'all-linear') return () => true;
  if (typeof targets !== 'string') {
    return (module) => targets.some((target) => isTarget(module, target));
  }
  const test = boundedPattern(`^(?:${targets})$`);
  return (module) => {
    try {
      return test(module);
    } catch (error) {
      const isSlow = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      const why = isSlow ? 'takes too long to match' : 'is a pattern that only Python reads';
      throw new UserError(
        `${path}: target_modules = "${targets.slice(0, 100)}" ${why}: write the list of module names instead`,
      );
    }
  };
}

/** Milliseconds that a pattern may take for one name; backtracking can take for ever. */
const PATTERN_TIMEOUT = 200;

/** A regular expression of a file, which is ended when it backtracks without end. */
function boundedPattern(pattern: string): (text: string) => boolean {
  const context = createContext(Object.assign(Object.create(null) as Record<string, unknown>, { pattern, text: '' }));
  const script = new Script('new RegExp(pattern).test(text)');
  return (text) => {
    context.text = text;
    return script.runInContext(context, { timeout: PATTERN_TIMEOUT }) as boolean;
  };
}

/** The fields that PEFT reads, in its alphabetical order; those it knows beyond these keep their defaults. */
export function adapterConfigFile(config: AdapterConfig, baseModel: string): Record<string, unknown> {
  return {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: config.rank,
    rank_pattern: {},
    revision: null,
    target_modules: [...config.targetModules].sort(),
    task_type: 'FEATURE_EXTRACTION',
    use_dora: false,
    use_rslora: config.rankStabilized,
  };
}
