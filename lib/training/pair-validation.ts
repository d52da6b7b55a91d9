/** What a validation looks at where the data are pairs: queries of the validation side, over the documents that answer them. */
import type { Config } from '../config/config.js';
import { Random } from '../core/random.js';
import { documentsOf, type PairPaper, pairsAmong, queriesOf } from '../datasets/pairs/documents.js';
import type { SplitPaper } from '../datasets/paper.js';

export interface PairValidation {
  /** One pair of each query. */
  queries: PairPaper[];
  /** One pair of each document. */
  documents: PairPaper[];
  /** Of each query, the places of the documents that answer it. */
  relevant: number[][];
}

/** Queries in random order with all that answers them, up to `training.validationPapers` documents. */
export function pairValidation(
  papers: readonly SplitPaper[],
  { seed, training }: Pick<Config, 'seed' | 'training'>,
): PairValidation {
  const side = pairsAmong(papers).filter(({ split, pair }) => split === 'validation' && pair.relevant);
  const byQuery = new Map<string, PairPaper[]>();
  for (const paper of side) byQuery.set(paper.pair.query, [...(byQuery.get(paper.pair.query) ?? []), paper]);
  const limit = training.validationPapers ?? side.length;
  const chosen: PairPaper[] = [];
  for (const id of new Random(seed, 'validation').shuffle([...byQuery.keys()])) {
    const own = byQuery.get(id) as PairPaper[];
    if (chosen.length > 0 && chosen.length + own.length > limit) continue;
    chosen.push(...own);
  }
  const documents = documentsOf(chosen);
  const placeOf = new Map(documents.map(({ pair }, place) => [pair.document, place]));
  const queries = queriesOf(chosen);
  return {
    queries,
    documents,
    relevant: queries.map(({ pair }) =>
      (byQuery.get(pair.query) as PairPaper[]).map((answer) => placeOf.get(answer.pair.document) as number),
    ),
  };
}
