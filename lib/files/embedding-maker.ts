/** Which encoder made the embeddings of a file, in its metadata. */

/** An encoder, as a file of embeddings names it. */
export interface EmbeddingMaker {
  /** The folder of its model, for people. */
  model: string;
  /** SHA-256 of its weights. */
  weights: string;
}

/** Null for a file that does not say: of an older version, a plain .npy file, or of another program. */
export function makerIn({ model, weights }: Readonly<Record<string, string>>): EmbeddingMaker | null {
  return model === undefined || weights === undefined ? null : { model, weights };
}
