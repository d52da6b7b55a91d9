/**
 * The architecture of an encoder, from the `config.json` of its folder: Qwen2 (also Qwen2.5 and models made from it) and
 * Qwen3 (Qwen3-Embedding). Both generations of transformers' files are read: `rope_theta` and `rope_scaling` beside each
 * other (4), `rope_parameters` with both (5). What the encoder would compute wrongly is refused here, by name.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { readJsonFile } from '../files/json-file.js';

/** The supported values of `model_type`, with the models that have them. */
export const SUPPORTED_MODEL_TYPES = {
  qwen2: 'Qwen2, Qwen2.5, and embedding models made from them',
  qwen3: 'Qwen3, Qwen3-Embedding',
} as const;

export interface ModelConfig {
  modelType: 'qwen2' | 'qwen3';
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Width inside the SwiGLU block. */
  intermediateSize: number;
  layers: number;
  /** Query heads. */
  attentionHeads: number;
  /** Heads of keys and values; each serves attentionHeads / keyValueHeads query heads. */
  keyValueHeads: number;
  headDimension: number;
  vocabularySize: number;
  rmsNormEpsilon: number;
  /** Base of the wavelengths of the rotary embedding. */
  ropeTheta: number;
  /** Whether the projections to queries, keys and values add a bias (Qwen2). */
  attentionBias: boolean;
  /** Whether queries and keys pass an RMSNorm over the head dimension before the rotation (Qwen3). */
  queryKeyNorm: boolean;
  /** Whether a token sees only itself and what precedes it; false for encoders trained without the causal mask. */
  causal: boolean;
  /** Longest sequence the model was made for, in tokens. */
  maxPositions: number;
  padTokenId: number | null;
}

const size = () => z.number().int().min(1);

const ropeSchema = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
  partial_rotary_factor: z.number().optional(),
});

const fileSchema = z.looseObject({
  model_type: z.string(),
  hidden_size: size(),
  intermediate_size: size(),
  num_hidden_layers: size(),
  num_attention_heads: size(),
  num_key_value_heads: size().nullish(),
  head_dim: size().nullish(),
  vocab_size: size(),
  rms_norm_eps: z.number().positive(),
  hidden_act: z.string().default('silu'),
  rope_theta: z.number().positive().optional(),
  rope_scaling: ropeSchema.nullish(),
  rope_parameters: ropeSchema.nullish(),
  attention_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().nullish(),
  sliding_window: z.number().nullish(),
  max_window_layers: z.number().default(28),
  layer_types: z.array(z.string()).nullish(),
  is_causal: z.boolean().default(true),
  max_position_embeddings: size().default(32768),
  pad_token_id: z.number().int().nullish(),
  quantization_config: z.unknown().optional(),
});
type ConfigFile = z.infer<typeof fileSchema>;

/**
 * @param folder of a model, as transformers saves it
 * @throws UserError where config.json is missing, broken, or describes a model that the encoder can't compute
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new UserError(
      `${folder} is not a folder: expected a model folder with config.json, model.safetensors and tokenizer.json`,
    );
  }
  const path = join(folder, 'config.json');
  // The type comes first: of another architecture's file, "not supported" helps more than "hidden_size is missing".
  const { model_type: modelType } = await readJsonFile(
    path,
    z.looseObject({ model_type: z.string() }),
    'expected the config.json of a transformers model',
  );
  if (modelType !== 'qwen2' && modelType !== 'qwen3') {
    const supported = Object.entries(SUPPORTED_MODEL_TYPES).map(([type, models]) => `${type} (${models})`);
    throw new UserError(`${path}: model_type = "${modelType}" is not supported: expected ${supported.join(' or ')}`);
  }
  const file = await readJsonFile(path, fileSchema, 'download the model again');
  refuseUnsupported(path, file);

  const attentionHeads = file.num_attention_heads;
  // Where the file is silent, transformers gives Qwen3 heads of 128, whatever the hidden size.
  const headDimension = file.head_dim ?? (modelType === 'qwen3' ? 128 : file.hidden_size / attentionHeads);
  const keyValueHeads = file.num_key_value_heads ?? attentionHeads;
  if (!Number.isInteger(headDimension) || headDimension % 2 !== 0) {
    throw new UserError(
      `${path}: heads of dimension ${headDimension} (hidden_size ${file.hidden_size}, num_attention_heads ${attentionHeads}): expected an even integer, for rotary embeddings turn pairs`,
    );
  }
  if (attentionHeads % keyValueHeads !== 0) {
    throw new UserError(
      `${path}: num_attention_heads = ${attentionHeads} is not a multiple of num_key_value_heads = ${keyValueHeads}`,
    );
  }
  return {
    modelType,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    attentionHeads,
    keyValueHeads,
    headDimension,
    vocabularySize: file.vocab_size,
    rmsNormEpsilon: file.rms_norm_eps,
    ropeTheta: readRopeTheta(path, file),
    attentionBias: modelType === 'qwen2',
    queryKeyNorm: modelType === 'qwen3',
    causal: file.is_causal,
    maxPositions: file.max_position_embeddings,
    padTokenId: file.pad_token_id ?? null,
  };
}

function readRopeTheta(path: string, file: ConfigFile): number {
  const theta = file.rope_parameters?.rope_theta ?? file.rope_theta;
  if (theta === undefined) {
    throw new UserError(
      `${path}: neither rope_theta nor rope_parameters.rope_theta: add the base that the model was trained with`,
    );
  }
  return theta;
}

function refuseUnsupported(path: string, file: ConfigFile): void {
  const refuse = (what: string, expected: string): never => {
    throw new UserError(`${path}: ${what} is not supported: expected ${expected}`);
  };
  if (file.hidden_act !== 'silu') refuse(`hidden_act = "${file.hidden_act}"`, '"silu"');
  for (const key of ['rope_parameters', 'rope_scaling'] as const) {
    const rope = file[key];
    const type = rope?.rope_type ?? rope?.type ?? 'default';
    if (type !== 'default') refuse(`${key} of type "${type}"`, 'plain rotary embeddings (type "default")');
    const factor = rope?.partial_rotary_factor ?? 1;
    if (factor !== 1) refuse(`${key}.partial_rotary_factor = ${factor}`, '1, rotation of the whole head');
  }
  if (slidesSomewhere(file)) refuse('use_sliding_window = true', 'a model whose layers attend to the whole sequence');
  if (file.model_type === 'qwen3' && file.attention_bias) refuse('attention_bias = true', 'false for qwen3');
  if (file.quantization_config != null) refuse('quantization_config', 'the checkpoint in bf16, f16 or f32');
}

/** As transformers decides it: the first `max_window_layers` layers never slide, unless `layer_types` says otherwise. */
function slidesSomewhere(file: ConfigFile): boolean {
  if (!file.use_sliding_window || file.sliding_window == null) return false;
  return file.layer_types?.includes('sliding_attention') ?? file.max_window_layers < file.num_hidden_layers;
}
