/**
 * What one step of pre-training sees of the papers: pairs of texts that belong together, made harder at random.
 *
 * - title and abstract, both without some of their tokens (token dropout), so that no single shared word decides
 * - a sentence-long piece of an abstract and the rest of it (inverse cloze task; Lee et al., 2019, arXiv:1906.00300)
 */
import type { Random } from '../core/random.js';

/** Token ids of a paper. */
export interface PaperTokens {
  title: Uint16Array;
  abstract: Uint16Array;
}

/** The text without a random share of its tokens. The first stays, so that none becomes empty. */
export function dropBagTokens(ids: Uint16Array, share: number, random: Random): Uint16Array {
  return share === 0 ? ids : ids.filter((_, i) => i === 0 || random.uniform() >= share);
}

/** Tokens of the shortest and the longest piece that stands for a sentence; never more than a third of the text. */
const PIECE = { shortest: 8, longest: 24 };

/** A random piece of the text, and the text without it. */
export function clozePair(ids: Uint16Array, random: Random): { piece: Uint16Array; rest: Uint16Array } {
  const wanted = PIECE.shortest + random.integer(PIECE.longest - PIECE.shortest + 1);
  const length = Math.min(wanted, Math.max(1, Math.floor(ids.length / 3)));
  const start = random.integer(ids.length - length + 1);
  const rest = new Uint16Array(ids.length - length);
  rest.set(ids.subarray(0, start));
  rest.set(ids.subarray(start + length), start);
  return { piece: ids.slice(start, start + length), rest };
}
