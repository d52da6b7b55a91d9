/**
 * One query by the encoder, by BM25 or by both: how deep each part looks and how they are put together. Servers, programs and
 * exported pages search by this; nothing of Node.js in here.
 */
import type { RankedDocument } from '../ranking.js';
import { type Fusion, fuseRuns } from './fusion.js';

/** What finds: the encoder, BM25, or both fused. */
export const SEARCH_SYSTEMS = ['encoder', 'bm25', 'hybrid'] as const;
/** One of {@link SEARCH_SYSTEMS}: the encoder, BM25, or both fused. */
export type SearchSystem = (typeof SEARCH_SYSTEMS)[number];

/** Documents that the parts of a hybrid put together. */
export const HYBRID_DEPTH = 100;

/** The two searches of one query, and how they are put together. */
export interface SearchParts {
  /** Documents there are. */
  size: number;
  fusion: Fusion;
  bm25(depth: number): RankedDocument[];
  encoder(depth: number): Promise<RankedDocument[]>;
}

/** What was found, and what each part of a system found by itself. */
export interface SearchedBy {
  ranked: RankedDocument[];
  bm25?: RankedDocument[];
  encoder?: RankedDocument[];
}

/** @param k results, best first; fewer where there are fewer */
export async function searchBy(system: SearchSystem, k: number, parts: SearchParts): Promise<SearchedBy> {
  const depth = Math.min(parts.size, system === 'hybrid' ? Math.max(k, HYBRID_DEPTH) : k);
  if (system === 'encoder') {
    const encoder = await parts.encoder(depth);
    return { ranked: encoder, encoder };
  }
  // before the encoder, which may still be loading
  const bm25 = parts.bm25(depth);
  if (system === 'bm25') return { ranked: bm25, bm25 };
  const encoder = await parts.encoder(depth);
  const fused = fuseRuns(new Map([['', bm25]]), new Map([['', encoder]]), depth, parts.fusion);
  return { ranked: (fused.get('') ?? []).slice(0, k), bm25, encoder };
}
