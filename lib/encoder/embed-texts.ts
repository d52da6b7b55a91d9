/** Texts to embeddings: all are tokenized, in other threads where that pays off, and texts of like length encoded together. */
import type { Reporting } from '../events.js';
import { tokenizeTexts } from '../tokens/tokenize.js';
import type { Encoder } from './encoder.js';

export interface EmbedTextsOptions extends Reporting {
  /** Longer texts are truncated. */
  maxLength: number;
  tokenBudget?: number;
  /** Put before every text. */
  prompt?: string;
  /** Scales every embedding to length 1. */
  normalize?: boolean;
  task?: string;
}

/** Embeddings [texts, D] in the order of the texts. */
export async function embedTexts(encoder: Encoder, texts: string[], options: EmbedTextsOptions): Promise<Float32Array> {
  const { maxLength, prompt = '', normalize = false, task = 'encoding', ...rest } = options;
  const prompted = prompt ? texts.map((text) => prompt + text) : texts;
  const ids = await tokenizeTexts(encoder.base.folder, prompted, maxLength, { signal: rest.signal });
  const embeddings = await encoder.embed(ids, { ...rest, task });
  return normalize ? normalizeRows(embeddings, encoder.dimensions) : embeddings;
}

/** Scales every row of [n, width] to length 1, in place; a zero row stays zero. */
export function normalizeRows(rows: Float32Array, width: number): Float32Array {
  for (let start = 0; start < rows.length; start += width) {
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += (rows[i] as number) ** 2;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = start; i < start + width; i++) rows[i] = (rows[i] as number) * scale;
  }
  return rows;
}
