/**
 * Token dropout: while training, each token of a text is left out with some probability, anew every epoch (as in
 * Iyyer et al., 2015, "Deep unordered composition rivals syntactic methods", section 3.1). With few pairs an encoder soon
 * knows each abstract by a handful of its words; left with a random part of them, it has to learn what the others mean.
 */
import type { Random } from '../core/random.js';

/**
 * The tokens that stay, in order; at least one, so that no text becomes empty.
 *
 * @param ids token ids of a text
 * @param probability that a token is left out, in [0, 1)
 * @param special id of the token that the tokenizer itself puts around texts, which always stays; null: there is none
 */
export function dropTokens(ids: Int32Array, probability: number, random: Random, special: number | null): Int32Array {
  if (probability === 0) return ids;
  const spared = random.integer(ids.length);
  return ids.filter((id, i) => random.uniform() >= probability || i === spared || id === special);
}
