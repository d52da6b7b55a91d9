/**
 * Pairs of a query and a document that answers it. Each stands where a paper does: the query as its title, the document as its
 * abstract, the data set as its topic; what a paper lacks is here.
 */
import type { Split } from '../paper.js';

/** A document that is of no pair: a negative, or one that nobody asks for. */
export interface PairDocument {
  id: string;
  text: string;
  title?: string;
  /** Its data set. */
  topic: string;
  /** null: on no side, and searched on all of them. */
  split: Split | null;
}

/** What pairs need beside themselves. */
export interface Collection {
  /** Documents that are of no pair. */
  documents: PairDocument[];
  /** Searches go over all documents, whatever their side: a BEIR folder has one corpus. */
  searchesAll: boolean;
  /** BEIR leaves a document out of the results of the query that has its id. */
  dropSelf: boolean;
  /** Judged documents that the corpus lacks, which count as not found: with the text of the query. */
  unfound: { split: Split; query: string; text: string; document: string; grade: number }[];
}

/** A text as a source gives it. */
export interface RawText {
  /** null: known by its text. */
  id: string | null;
  text: string;
  title?: string;
}

/** A pair as a source gives it, before ids, sides and duplicates are known. */
export interface RawPair {
  query: RawText;
  document: RawText;
  negatives: RawText[];
  score: number | null;
  /** The side that the source puts it on; null: none. */
  split: Split | null;
}
