/**
 * Writes an encoder as a model folder: config.json, model.safetensors (bf16, or matrices in float8), tokenizer.json,
 * tokenizer_config.json. transformers reads either as what `torch_dtype` says.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-file.js';
import { float32ToBfloat16 } from '../files/float-formats.js';
import { float32ToFloat8E5M2 } from '../files/float8.js';
import { type SafetensorsTensor, writeSafetensors } from '../files/safetensors.js';
import type { TrainedTokenizer } from './corpus.js';
import { tokenizerConfig, tokenizerJson } from './tokenizer-files.js';

/** A weight by rows, as PyTorch lays it out: [out, in] for a linear layer. */
export interface Weight {
  shape: number[];
  data: Float32Array;
}

/** The numbers of a Qwen2 architecture that an encoder of our own chooses. */
export interface Qwen2Shape {
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  attentionHeads: number;
  keyValueHeads: number;
  ropeTheta: number;
  maxPositions: number;
  /** Whether a token sees only what precedes it; false for attention both ways. */
  causal: boolean;
  /** Whether the tokenizer puts `<|endoftext|>` before every text. */
  startToken: boolean;
}

/** The content of `config.json` as transformers reads it. */
export function modelConfig(shape: Qwen2Shape): Record<string, unknown> {
  return {
    architectures: ['Qwen2Model'],
    model_type: 'qwen2',
    vocab_size: shape.vocabularySize,
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.intermediateSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.attentionHeads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.hiddenSize / shape.attentionHeads,
    hidden_act: 'silu',
    max_position_embeddings: shape.maxPositions,
    rms_norm_eps: 1e-6,
    rope_theta: shape.ropeTheta,
    tie_word_embeddings: true,
    use_sliding_window: false,
    attention_dropout: 0,
    initializer_range: 0.02,
    use_cache: false,
    // read by transformers (5.23 and later) and by this project
    ...(shape.causal ? {} : { is_causal: false }),
    torch_dtype: 'bfloat16',
    bos_token_id: null,
    eos_token_id: 0,
    pad_token_id: 0,
  };
}

/** @param weights by their names in transformers' Qwen2Model: "embed_tokens.weight", "layers.0.…", "norm.weight" */
export async function writeModelFolder(
  folder: string,
  model: {
    shape: Qwen2Shape;
    weights: Record<string, Weight>;
    tokenizer: Pick<TrainedTokenizer, 'vocabulary' | 'merges' | 'split'>;
    /** Type of the matrices; vectors are in bf16. E5M2 is the type of 8 bits that transformers 4 widens too. */
    matrices?: 'BF16' | 'F8_E5M2';
  },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape, data }] of Object.entries(model.weights)) {
    tensors[name] =
      shape.length === 2 && model.matrices === 'F8_E5M2'
        ? { dtype: 'F8_E5M2', shape, data: float32ToFloat8E5M2(data) }
        : { dtype: 'BF16', shape, data: float32ToBfloat16(data) };
  }
  const writeJson = (name: string, content: unknown): Promise<void> =>
    writeFileAtomic(join(folder, name), `${JSON.stringify(content, null, 1)}\n`);
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
  await writeJson('config.json', modelConfig(model.shape));
  await writeJson('tokenizer.json', tokenizerJson(model.tokenizer, model.shape.startToken));
  await writeJson('tokenizer_config.json', tokenizerConfig(model.shape.maxPositions));
}
