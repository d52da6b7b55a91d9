/**
 * What joins the documents of a batch of pairs: the negatives that the data name and those that were mined, each text once; and
 * what is known of all of them, as losses want it (losses/loss.ts).
 */
import { Random } from '../core/random.js';
import type { PairPaper } from '../datasets/pairs/documents.js';
import { textKey } from '../datasets/text-key.js';
import type { BatchDocuments } from './training-options.js';

/** A document that a pair may meet. */
export interface KnownDocument {
  ids: Int32Array;
  text: string;
}

/** The documents that join those of a batch, and what is known of all of them. */
export interface JoinedDocuments extends Omit<BatchDocuments, 'documents'> {
  documents: KnownDocument[];
}

export interface PairNegativesOptions {
  /** Negatives of each pair that the data name, and those that were mined for its query; ids of documents. */
  listsOf(pair: PairPaper): { named: readonly string[]; mined: readonly string[] };
  /** @throws UserError for a document that the training does not have */
  documentOf(id: string): KnownDocument;
  /** Of those that the data name, in each epoch others; null: all. */
  maxNamed: number | null;
  /** Of those that were mined, in each epoch others. */
  perPair: number;
  seed: number;
  /** The lists are all that the loss takes, so that a document of the batch counts as one of `perPair`. */
  alone: boolean;
}

/** A document with what is equal for equal texts. */
type Keyed = KnownDocument & { key: string };

/** @param trained the pairs that batches index */
export function pairNegatives(
  trained: readonly PairPaper[],
  options: PairNegativesOptions,
): { some: number; of(pairs: readonly number[], epoch: number): JoinedDocuments } {
  const { documentOf, maxNamed, perPair, seed, alone } = options;
  const lists = trained.map((pair) => {
    const { named, mined } = options.listsOf(pair);
    const known = (id: string): Keyed => {
      const document = documentOf(id);
      return { ...document, key: textKey(document.text) };
    };
    return { named: named.map(known), mined: mined.map(known) };
  });
  const keys = trained.map(({ title, abstract }) => ({ query: textKey(title), document: textKey(abstract) }));
  const answers = new Map<string, Set<string>>();
  trained.forEach(({ pair }, i) => {
    const { query, document } = keys[i]!;
    if (pair.relevant) answers.set(query, (answers.get(query) ?? new Set()).add(document));
  });
  const some = lists.filter(({ named, mined }) => named.length + mined.length > 0).length;
  const hasMoreAnswers = [...answers.values()].some(({ size }) => size > 1);

  return {
    some,
    of(pairs, epoch) {
      // where each text stands among the documents; no two of a batch's own are equal
      const at = new Map(pairs.map((pair, place) => [keys[pair]!.document, place]));
      const documents: KnownDocument[] = [];
      const negatives = pairs.map((pair, own): number[] => {
        const places = new Set<number>();
        const add = ({ key, ids, text }: Keyed): boolean => {
          const there = at.get(key);
          const place = there ?? pairs.length + documents.length;
          if (there === undefined) {
            at.set(key, place);
            documents.push({ ids, text });
          }
          if (place !== own) places.add(place);
          return there === undefined;
        };
        const { named, mined } = lists[pair]!;
        const { id } = trained[pair]!;
        const shuffled = (label: string, list: readonly Keyed[]): readonly Keyed[] =>
          new Random(seed, label, epoch, id).shuffle([...list]);
        const drawn = maxNamed === null ? named : shuffled('negatives of the data', named).slice(0, maxNamed);
        for (const document of drawn) add(document);
        let taken = 0;
        for (const document of mined.length === 0 ? [] : shuffled('hard negatives', mined)) {
          if (taken === perPair) break;
          if (add(document) || alone) taken++;
        }
        return [...places];
      });
      const alsoRelevant = pairs.map((pair, own) => {
        const known = answers.get(keys[pair]!.query) ?? [];
        return [...known].flatMap((key) => at.get(key) ?? []).filter((place) => place !== own);
      });
      return { documents, ...(some > 0 && { negatives }), ...(hasMoreAnswers && { alsoRelevant }) };
    },
  };
}
