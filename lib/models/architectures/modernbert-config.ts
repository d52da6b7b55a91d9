/** `config.json` of ModernBERT, in the forms of transformers 4 (`global_rope_theta`, `local_rope_theta`) and 5 (`rope_parameters`). */

import { z } from 'zod';
import { quantity } from '../../core/quantity.js';
import type { ModelConfig } from '../architecture.js';
import type { ConfigFile } from '../config-file.js';
import { type ActivationName, readActivation } from '../layers/activation.js';

export interface ModernBertConfig extends ModelConfig {
  activation: ActivationName;
  normEpsilon: number;
  /** Whether norms add a bias; and the linear modules of attention and of the feed-forward block. */
  normBias: boolean;
  attentionBias: boolean;
  mlpBias: boolean;
  /** Bases of the wavelengths of the rotary embedding, in layers that attend to the whole text and in the others. */
  globalTheta: number;
  localTheta: number;
  /** Tokens on either side that a token of the other layers attends to. */
  reach: number;
  /** Whether a layer attends to the whole text. */
  isGlobal: readonly boolean[];
}

const size = () => z.number().int().min(1);
const ropeSchema = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
});

const fileSchema = z.looseObject({
  hidden_size: size().default(768),
  intermediate_size: size().default(1152),
  num_hidden_layers: size().default(22),
  num_attention_heads: size().default(12),
  vocab_size: size().default(50368),
  max_position_embeddings: size().default(8192),
  norm_eps: z.number().positive().default(1e-5),
  norm_bias: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  hidden_activation: z.string().default('gelu'),
  global_attn_every_n_layers: size().default(3),
  layer_types: z.array(z.enum(['full_attention', 'sliding_attention'])).nullish(),
  global_rope_theta: z.number().positive().nullish(),
  local_rope_theta: z.number().positive().nullish(),
  rope_parameters: z
    .looseObject({ full_attention: ropeSchema.nullish(), sliding_attention: ropeSchema.nullish() })
    .nullish(),
  local_attention: size().default(128),
  pad_token_id: z.number().int().nullish(),
  quantization_config: z.unknown().optional(),
});

export function parseModernBertConfig(configFile: ConfigFile, modelType: string): ModernBertConfig {
  const file = configFile.read(fileSchema);
  const { hidden_size: hiddenSize, num_attention_heads: heads, num_hidden_layers: layers } = file;
  const headDimension = hiddenSize / heads;
  if (!Number.isInteger(headDimension) || headDimension % 2 !== 0) {
    configFile.fail(
      `heads of dimension ${headDimension} (hidden_size ${hiddenSize}, num_attention_heads ${heads}): expected an even integer, for rotary embeddings turn pairs`,
    );
  }
  const { full_attention: full, sliding_attention: sliding } = file.rope_parameters ?? {};
  for (const [name, rope] of Object.entries({ full_attention: full, sliding_attention: sliding })) {
    const type = rope?.rope_type ?? 'default';
    if (type !== 'default') {
      configFile.refuse(`rope_parameters.${name} of type "${type}"`, 'plain rotary embeddings (type "default")');
    }
  }
  if (file.quantization_config != null) {
    configFile.refuse('quantization_config', 'the checkpoint in bf16, f16 or f32');
  }
  if (file.layer_types && file.layer_types.length !== layers) {
    configFile.fail(
      `layer_types has ${quantity(file.layer_types.length, 'entries')} for ${quantity(layers, 'layers')}: expected one a layer`,
    );
  }
  return {
    modelType,
    hiddenSize,
    intermediateSize: file.intermediate_size,
    layers,
    attentionHeads: heads,
    keyValueHeads: heads,
    headDimension,
    vocabularySize: file.vocab_size,
    activation: readActivation(configFile, 'hidden_activation', file.hidden_activation),
    normEpsilon: file.norm_eps,
    normBias: file.norm_bias,
    attentionBias: file.attention_bias,
    mlpBias: file.mlp_bias,
    globalTheta: full?.rope_theta ?? file.global_rope_theta ?? 160_000,
    localTheta: sliding?.rope_theta ?? file.local_rope_theta ?? 10_000,
    reach: Math.floor(file.local_attention / 2),
    isGlobal: Array.from({ length: layers }, (_, layer) =>
      file.layer_types ? file.layer_types[layer] === 'full_attention' : layer % file.global_attn_every_n_layers === 0,
    ),
    causal: false,
    maxPositions: file.max_position_embeddings,
    padTokenId: file.pad_token_id ?? null,
  };
}
