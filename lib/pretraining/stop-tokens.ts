/** The tokens by which the saturation layer measures how long a text is. */

export interface StopTokens {
  /** Ids of the most frequent tokens. */
  tokens: readonly number[];
  /** Their share of all tokens of texts. */
  share: number;
}

/**
 * The tokens that occur in most texts, and their share of all tokens.
 *
 * @param texts token ids
 */
export function mostFrequentTokens(texts: readonly Uint16Array[], vocabularySize: number, count: number): StopTokens {
  const occurrences = new Float64Array(vocabularySize);
  const documents = new Float64Array(vocabularySize);
  for (const text of texts) {
    for (const id of text) occurrences[id]!++;
    for (const id of new Set(text)) documents[id]!++;
  }
  const order = Array.from(documents.keys()).sort((a, b) => documents[b]! - documents[a]! || a - b);
  const tokens = order.slice(0, count);
  const total = occurrences.reduce((sum, n) => sum + n, 0);
  return { tokens, share: tokens.reduce((sum, id) => sum + occurrences[id]!, 0) / total };
}
