/**
 * `config.json` of Qwen2 and Qwen3. Both generations of transformers' files are read: `rope_theta` and `rope_scaling`
 * beside each other (4), `rope_parameters` with both (5).
 */
import { z } from 'zod';
import type { ModelConfig } from '../architecture.js';
import type { ConfigFile } from '../config-file.js';

export interface QwenConfig extends ModelConfig {
  rmsNormEpsilon: number;
  /** Base of the wavelengths of the rotary embedding. */
  ropeTheta: number;
  /** Whether the projections to queries, keys and values add a bias (Qwen2). */
  attentionBias: boolean;
  /** Whether queries and keys pass an RMSNorm over the head dimension before the rotation (Qwen3). */
  queryKeyNorm: boolean;
}

/** Sizes of a model; the bound keeps a broken file from filling the memory with what it announces. */
const size = () =>
  z
    .number()
    .int()
    .min(1)
    .max(2 ** 24);
/** The deepest models have about a hundred. */
const MAX_LAYERS = 1024;

const ropeSchema = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
  partial_rotary_factor: z.number().optional(),
});

const fileSchema = z.looseObject({
  hidden_size: size(),
  intermediate_size: size(),
  num_hidden_layers: size().max(MAX_LAYERS),
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
type File = z.infer<typeof fileSchema>;

/** What the two architectures do not share. */
export interface QwenKind {
  modelType: string;
  attentionBias: boolean;
  queryKeyNorm: boolean;
  /** Where the file is silent; absent: the hidden size shared among the heads. */
  headDimension?: number;
}

export function parseQwenConfig(configFile: ConfigFile, kind: QwenKind): QwenConfig {
  const file = configFile.read(fileSchema);
  refuseUnsupported(configFile, file);
  const attentionHeads = file.num_attention_heads;
  const headDimension = file.head_dim ?? kind.headDimension ?? file.hidden_size / attentionHeads;
  const keyValueHeads = file.num_key_value_heads ?? attentionHeads;
  if (!Number.isInteger(headDimension) || headDimension % 2 !== 0) {
    configFile.fail(
      `heads of dimension ${headDimension} (hidden_size ${file.hidden_size}, num_attention_heads ${attentionHeads}): expected an even integer, for rotary embeddings turn pairs`,
    );
  }
  if (attentionHeads % keyValueHeads !== 0) {
    configFile.fail(
      `num_attention_heads = ${attentionHeads} is not a multiple of num_key_value_heads = ${keyValueHeads}`,
    );
  }
  return {
    modelType: kind.modelType,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    attentionHeads,
    keyValueHeads,
    headDimension,
    vocabularySize: file.vocab_size,
    rmsNormEpsilon: file.rms_norm_eps,
    ropeTheta: readRopeTheta(configFile, file),
    attentionBias: kind.attentionBias,
    queryKeyNorm: kind.queryKeyNorm,
    causal: file.is_causal,
    maxPositions: file.max_position_embeddings,
    padTokenId: file.pad_token_id ?? null,
  };
}

function readRopeTheta(configFile: ConfigFile, file: File): number {
  return (
    file.rope_parameters?.rope_theta ??
    file.rope_theta ??
    configFile.fail('neither rope_theta nor rope_parameters.rope_theta: add the base that the model was trained with')
  );
}

function refuseUnsupported(configFile: ConfigFile, file: File): void {
  if (file.hidden_act !== 'silu') configFile.refuse(`hidden_act = "${file.hidden_act}"`, '"silu"');
  for (const key of ['rope_parameters', 'rope_scaling'] as const) {
    const rope = file[key];
    const type = rope?.rope_type ?? rope?.type ?? 'default';
    if (type !== 'default') configFile.refuse(`${key} of type "${type}"`, 'plain rotary embeddings (type "default")');
    const factor = rope?.partial_rotary_factor ?? 1;
    if (factor !== 1) configFile.refuse(`${key}.partial_rotary_factor = ${factor}`, '1, rotation of the whole head');
  }
  if (slidesSomewhere(file)) {
    configFile.refuse('use_sliding_window = true', 'a model whose layers attend to the whole sequence');
  }
  if (file.quantization_config != null) {
    configFile.refuse('quantization_config', 'the checkpoint in bf16, f16 or f32');
  }
}

/** As transformers decides it: the first `max_window_layers` layers never slide, unless `layer_types` says otherwise. */
function slidesSomewhere(file: File): boolean {
  if (!file.use_sliding_window || file.sliding_window == null) return false;
  return file.layer_types?.includes('sliding_attention') ?? file.max_window_layers < file.num_hidden_layers;
}
