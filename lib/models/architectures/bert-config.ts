/** `config.json` of BERT and its descendants: the fields that they share, and what is refused for all of them. */
import { z } from 'zod';
import type { ConfigFile } from '../config-file.js';
import { readActivation } from '../layers/activation.js';
import type { PostNormConfig } from './post-norm.js';

export interface BertConfig extends PostNormConfig {
  /** Rows of the table of positions. */
  positionRows: number;
  /** Row of the first position. */
  positionOffset: number;
  /** Rows of the table of token types; 0 where there is none. */
  tokenTypes: number;
}

const size = () => z.number().int().min(1);

const fileSchema = z.looseObject({
  hidden_size: size().default(768),
  intermediate_size: size().default(3072),
  num_hidden_layers: size().default(12),
  num_attention_heads: size().default(12),
  vocab_size: size(),
  type_vocab_size: z.number().int().min(0).optional(),
  max_position_embeddings: size().default(512),
  layer_norm_eps: z.number().positive().optional(),
  hidden_act: z.string().default('gelu'),
  position_embedding_type: z.string().nullish(),
  is_decoder: z.boolean().nullish(),
  embedding_size: size().nullish(),
  pad_token_id: z.number().int().nullish(),
  quantization_config: z.unknown().optional(),
});

/** What the descendants do not share. */
export interface BertKind {
  /** Whether the rows of the positions begin behind that of padding, as in RoBERTa. */
  positionsBehindPadding: boolean;
  /** Where the file is silent. */
  defaults: { tokenTypes: number; layerNormEpsilon: number; padTokenId: number };
}

export function parseBertConfig(configFile: ConfigFile, modelType: string, kind: BertKind): BertConfig {
  const file = configFile.read(fileSchema);
  const { hidden_size: hiddenSize, num_attention_heads: attentionHeads } = file;
  const positions = file.position_embedding_type ?? 'absolute';
  if (positions !== 'absolute') configFile.refuse(`position_embedding_type = "${positions}"`, '"absolute"');
  if (file.is_decoder) configFile.refuse('is_decoder = true', 'an encoder');
  if (file.embedding_size != null && file.embedding_size !== hiddenSize) {
    configFile.refuse(`embedding_size = ${file.embedding_size}`, `that of the hidden states, ${hiddenSize}`);
  }
  if (file.quantization_config != null) {
    configFile.refuse('quantization_config', 'the checkpoint in bf16, f16 or f32');
  }
  if (hiddenSize % attentionHeads !== 0) {
    configFile.fail(`hidden_size = ${hiddenSize} is not a multiple of num_attention_heads = ${attentionHeads}`);
  }
  const padTokenId = file.pad_token_id ?? kind.defaults.padTokenId;
  const positionRows = file.max_position_embeddings;
  const positionOffset = kind.positionsBehindPadding ? padTokenId + 1 : 0;
  if (positionOffset >= positionRows) {
    configFile.fail(
      `max_position_embeddings = ${positionRows} leaves no position behind pad_token_id = ${padTokenId}: expected more`,
    );
  }
  return {
    modelType,
    hiddenSize,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    attentionHeads,
    keyValueHeads: attentionHeads,
    headDimension: hiddenSize / attentionHeads,
    vocabularySize: file.vocab_size,
    activation: readActivation(configFile, 'hidden_act', file.hidden_act),
    layerNormEpsilon: file.layer_norm_eps ?? kind.defaults.layerNormEpsilon,
    positionRows,
    positionOffset,
    tokenTypes: file.type_vocab_size ?? kind.defaults.tokenTypes,
    causal: false,
    maxPositions: positionRows - positionOffset,
    padTokenId,
  };
}
