/**
 * Any sentence-embedding model that @huggingface/transformers runs, with its own pooling, prompts and length limit.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AutoModel, AutoTokenizer, mean_pooling, type Tensor } from '@huggingface/transformers';
import { throwIfAborted, UserError, WorkError } from '../../core/errors.js';
import { POOLINGS, type PoolingName } from '../../models/pooling.js';
import { readSentenceConfig, type SentenceConfig } from '../../models/sentence/sentence-config.js';
import { tokenizerTimeLimit } from '../../tokens/tokenizer.js';
import type { EmbeddingModel, TextKind } from './embedding-model.js';
import { type FindOnnxModelOptions, findOnnxModel } from './onnx-model-files.js';

// Texts come sorted by length from the cache: batches of this size pad little, and fit anywhere.
const TEXTS_AT_ONCE = 32;

export interface TransformersModelOptions extends FindOnnxModelOptions {
  /** As in the report; the model's name unless told otherwise. */
  name?: string;
}

/** An embedding model that holds a session; dispose of it when it is no longer needed. */
export interface TransformersModel extends EmbeddingModel {
  /** How the model wants to be used. */
  readonly sentence: SentenceConfig;
  dispose(): Promise<void>;
}

/**
 * Loads a model.
 *
 * @param model a folder with config.json, tokenizer.json and onnx/model.onnx, or a hub id
 * @throws UserError if there is no such model or it needs a step that is not supported; WorkError if it does not load
 */
export async function transformersModel(
  model: string,
  options: TransformersModelOptions = {},
): Promise<TransformersModel> {
  const { folder, dtype, files } = await findOnnxModel(model, options);
  const sentence = await readSentenceConfig(folder);
  refuseSteps(folder, sentence);
  const inTime = await tokenizerTimeLimit(folder);
  const [tokenizer, encoder] = await Promise.all([
    AutoTokenizer.from_pretrained(folder, { local_files_only: true }),
    AutoModel.from_pretrained(folder, { local_files_only: true, dtype }),
  ]).catch((error) => {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new WorkError(`transformers.js cannot load ${model}: ${said}`);
  });
  const name = options.name ?? model;
  const limit = sentence.maxTokens === null ? {} : { max_length: sentence.maxTokens };
  let dimensions: number | null = null;

  async function embedBatch(texts: string[], kind: TextKind): Promise<Float32Array> {
    const prompt = sentence.prompts[kind];
    const prompted = texts.map((text) => prompt + (sentence.lowerCase ? text.toLowerCase() : text));
    const characters = prompted.reduce((sum, text) => sum + text.length, 0);
    const inputs = inTime(characters, () => tokenizer(prompted, { padding: true, truncation: true, ...limit }));
    const outputs: Record<string, Tensor> = await encoder(inputs);
    // Exports of sentence-transformers models may do the pooling themselves.
    if (outputs.sentence_embedding) return outputs.sentence_embedding.data as Float32Array;
    const states = outputs.last_hidden_state ?? outputs.token_embeddings;
    if (!states) throw new WorkError(`${name} gives ${Object.keys(outputs).join(', ')}: expected last_hidden_state`);
    return pool(states, inputs.attention_mask as Tensor, sentence.pooling);
  }

  return {
    name,
    kind: 'transformers',
    sentence,
    fingerprint: JSON.stringify(['transformers', dtype, sentence, contentHash(folder, files)]),
    get dimensions() {
      return dimensions;
    },
    async embed(texts, kind, { onProgress, signal } = {}) {
      const parts: Float32Array[] = [];
      for (let first = 0; first < texts.length; first += TEXTS_AT_ONCE) {
        throwIfAborted(signal, 'the embeddings made so far are kept');
        const vectors = await embedBatch(texts.slice(first, first + TEXTS_AT_ONCE), kind);
        const done = Math.min(first + TEXTS_AT_ONCE, texts.length);
        dimensions = vectors.length / (done - first);
        parts.push(vectors);
        onProgress?.({ task: `embedding with ${name}`, done, total: texts.length, unit: 'texts' });
      }
      return concatenate(parts);
    },
    async dispose() {
      await encoder.dispose();
    },
  };
}

/** What only the export could do. */
function refuseSteps(folder: string, { dense, pooling, includePrompt, prompts }: SentenceConfig): void {
  const refuse = (what: string): never => {
    throw new UserError(`${folder}: ${what} is not supported; export it into the ONNX model`);
  };
  if (dense.length > 0) refuse('the step "Dense" of its modules.json');
  if (pooling === 'max') refuse('pooling max');
  if (!includePrompt && (prompts.query !== '' || prompts.document !== '')) refuse('include_prompt = false');
}

/** [batch, length, d] and mask [batch, length] to [batch, d]. */
function pool(states: Tensor, mask: Tensor, pooling: PoolingName): Float32Array {
  if (pooling === 'mean') return mean_pooling(states, mask).data as Float32Array;
  const [batch = 0, length = 0, d = 0] = states.dims;
  const source = states.data as Float32Array;
  const attended = mask.data as BigInt64Array;
  const pooled = new Float32Array(batch * d);
  for (let row = 0; row < batch; row++) {
    // the tokens that are no padding, on whichever side the padding is
    const tokens = Array.from({ length }, (_, token) => token).filter((token) => attended[row * length + token] === 1n);
    const weights = POOLINGS[pooling].weights(tokens.length);
    tokens.forEach((token, i) => {
      const at = (row * length + token) * d;
      for (let j = 0; j < d; j++) pooled[row * d + j]! += (weights[i] as number) * (source[at + j] as number);
    });
  }
  return pooled;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Hash of the files that decide the vectors, read piece by piece. */
function contentHash(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(2 ** 22);
  for (const name of files) {
    hash.update(`${name}\n`);
    const descriptor = fs.openSync(path.join(folder, name), 'r');
    try {
      for (let size = fs.readSync(descriptor, piece); size > 0; size = fs.readSync(descriptor, piece)) {
        hash.update(piece.subarray(0, size));
      }
    } finally {
      fs.closeSync(descriptor);
    }
  }
  return hash.digest('hex');
}
