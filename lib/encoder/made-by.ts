/** Which encoder made embeddings, as their file says it: vectors of two encoders are not comparable, whatever their length. */
import { createHash } from 'node:crypto';
import type { EmbeddingMaker } from '../files/embedding-maker.js';
import type { Encoder } from './encoder.js';

/** The folder of the model, and the digest of all its weights with what was trained of them. */
export function makerOf({ base, trained }: Pick<Encoder, 'base' | 'trained'>): EmbeddingMaker {
  const hash = createHash('sha256').update(base.fingerprint);
  for (const [name, { data }] of trained ?? []) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return { model: base.folder, weights: hash.digest('hex') };
}
