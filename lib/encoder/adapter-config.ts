/**
 * `adapter_config.json` of a LoRA adapter, as PEFT writes it. An option that would change the result and that the encoder
 * does not compute is refused by name.
 */
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { readJsonFile } from '../files/json-file.js';
import type { ModelConfig } from '../models/architecture.js';
import { layerPrefix, linearModules } from '../models/parameters.js';
import { type AdaptedModule, adaptedModules } from './adapter-matching.js';

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
  base_model_name_or_path: z.string().nullish(),
  target_modules: z.union([z.array(z.string()), z.string()]),
  exclude_modules: z.union([z.array(z.string()), z.string()]).nullish(),
  layers_to_transform: z.union([z.array(z.number().int()), z.number().int()]).nullish(),
  layers_pattern: z.union([z.array(z.string()), z.string()]).nullish(),
  rank_pattern: z.record(z.string(), z.number().int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
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
  'modules_to_save',
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
  'revision',
  'inference_mode',
  'auto_mapping',
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

/** An adapter as its file describes it. */
export interface DescribedAdapter {
  /** Of an adapter of one rank and strength on all layers that computes the same: see uniform-adapter.ts. */
  config: AdapterConfig;
  /** The adapted modules by full name. */
  modules: Map<string, AdaptedModule>;
  /** Hub id or folder of the model that it was trained on, where the file says it. */
  baseModel: string | null;
}

/** @throws UserError for a file that is missing, broken, of another model, or asks for something unsupported */
export async function readAdapterConfig(path: string, model: ModelConfig): Promise<DescribedAdapter> {
  const file = await readJsonFile(path, fileSchema, 'save the adapter again with PEFT');
  refuseUnsupported(path, file);
  const modules = adaptedModules(path, file, model);
  const isAdapted = (modulePath: string): boolean =>
    Array.from({ length: model.layers }, (_, layer) => `${layerPrefix(model, layer)}${modulePath}`).some((name) =>
      modules.has(name),
    );
  const config: AdapterConfig = {
    rank: Math.max(...[...modules.values()].map(({ rank }) => rank)),
    alpha: file.lora_alpha,
    dropout: file.lora_dropout,
    targetModules: linearModules(model).flatMap((module) => (isAdapted(module.path) ? [module.name] : [])),
    rankStabilized: file.use_rslora,
  };
  return { config, modules, baseModel: file.base_model_name_or_path || null };
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
 * The fields that PEFT reads, in its alphabetical order; those it knows beyond these keep their defaults.
 *
 * @param paths of the adapted modules inside a layer
 */
export function adapterConfigFile(
  config: AdapterConfig,
  baseModel: string,
  paths: readonly string[],
): Record<string, unknown> {
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
    target_modules: targetModules(config.targetModules, paths),
    task_type: 'FEATURE_EXTRACTION',
    use_dora: false,
    use_rslora: config.rankStabilized,
  };
}

/**
 * The names, which PEFT takes for ends of paths. One that is a whole path, such as BERT's "output.dense", may be the end
 * of others that are not adapted: a regular expression then says which are meant.
 */
function targetModules(names: readonly string[], paths: readonly string[]): string[] | string {
  if (names.every((name) => !name.includes('.'))) return [...names].sort();
  const escaped = paths.map((path) => path.replaceAll('.', '\\.'));
  return `.*\\.\\d+\\.(?:${escaped.join('|')})`;
}
