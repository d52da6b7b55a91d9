/**
 * Pairs of all data sets put together: each text once, each pair once, and no negative that answers its query.
 *
 * A text without an id is known by what it says (text-key.ts). An id means one text: where a later
 * row gives it another, that row is refused.
 */
import { createHash } from 'node:crypto';
import type { Split } from '../paper.js';
import { MalformedRecord, shortened } from '../record.js';
import { textKey } from '../text-key.js';
import type { RawPair, RawText } from './pair.js';

/** A query or a document. */
export interface CollectedText {
  id: string;
  text: string;
  title?: string;
  /** Equal for equal texts, see {@link textKey}. */
  key: string;
  /** The data set that had it first. */
  set: string;
}

export interface CollectedPair {
  query: CollectedText;
  document: CollectedText;
  set: string;
  score: number | null;
  declared: Split | null;
  negatives: Map<string, CollectedText>;
}

/** What was met on the way. */
export interface PairCounts {
  /** Pairs in the files, one for each document that a row names. */
  pairs: number;
  /** Met before: dropped, but for what they add in negatives. */
  repeated: number;
  /** Query and document are the same text: dropped. */
  equalTexts: number;
}

export class PairCollector {
  readonly pairs = new Map<string, CollectedPair>();
  readonly counts: PairCounts = { pairs: 0, repeated: 0, equalTexts: 0 };
  readonly documents = new Map<string, CollectedText>();
  private readonly queries = new Map<string, CollectedText>();

  /** @param prefixed whether ids of one data set may be those of another, and so get its name */
  constructor(private readonly prefixed: boolean) {}

  /** @throws MalformedRecord for an id with two texts, or a pair with two scores */
  add(set: string, raw: RawPair): void {
    this.counts.pairs++;
    const query = this.text(this.queries, 'query', set, raw.query);
    const document = this.document(set, raw.document);
    if (query.key === document.key) {
      this.counts.equalTexts++;
      return;
    }
    const key = `${query.id}\0${document.id}`;
    const known = this.pairs.get(key);
    if (known) {
      this.counts.repeated++;
      if (known.score !== raw.score) {
        throw new MalformedRecord(`the pair was met before with the score ${known.score}, and has ${raw.score} here`);
      }
      known.declared = firstSide(known.declared, raw.split);
    }
    const pair = known ?? { query, document, set, score: raw.score, declared: raw.split, negatives: new Map() };
    for (const negative of raw.negatives) {
      const text = this.document(set, negative);
      pair.negatives.set(text.id, text);
    }
    this.pairs.set(key, pair);
  }

  /** A document of no pair, or one that pairs will name. */
  document(set: string, raw: RawText): CollectedText {
    return this.text(this.documents, 'document', set, raw);
  }

  /** Ids as {@link add} gives them. */
  withIds<T extends { query: string; document: string }>(set: string, one: T): T {
    const id = (raw: string): string => (this.prefixed ? `${set}/${raw}` : raw);
    return { ...one, query: id(one.query), document: id(one.document) };
  }

  private text(known: Map<string, CollectedText>, what: string, set: string, raw: RawText): CollectedText {
    const key = textKey(raw.text);
    const id = raw.id === null ? idOfKey(what, key) : this.prefixed ? `${set}/${raw.id}` : raw.id;
    const earlier = known.get(id);
    if (earlier === undefined) {
      const text = { id, text: raw.text, key, set, ...(raw.title === undefined ? {} : { title: raw.title }) };
      known.set(id, text);
      return text;
    }
    if (earlier.key === key) return earlier;
    throw new MalformedRecord(
      `the ${what} "${raw.id}" has another text than before: ${shortened(raw.text)}, not ${shortened(earlier.text)}`,
    );
  }
}

/** A pair on two sides is kept for the one that must not be trained on. */
function firstSide(one: Split | null, other: Split | null): Split | null {
  return (['test', 'validation', 'train'] as const).find((side) => side === one || side === other) ?? null;
}

/** An id that is the same for equal texts. */
function idOfKey(what: string, key: string): string {
  return `${what[0]}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}

/** Leaves out negatives that answer their query, or are its text. @returns how many */
export function dropFalseNegatives(
  pairs: readonly CollectedPair[],
  isRelevant: (pair: CollectedPair) => boolean,
): number {
  const answers = new Map<string, Set<string>>();
  for (const pair of pairs) {
    if (!isRelevant(pair)) continue;
    const keys = answers.get(pair.query.key);
    if (keys) keys.add(pair.document.key);
    else answers.set(pair.query.key, new Set([pair.document.key, pair.query.key]));
  }
  let dropped = 0;
  for (const { query, negatives } of pairs) {
    for (const [id, { key }] of negatives) {
      if (!answers.get(query.key)?.has(key)) continue;
      negatives.delete(id);
      dropped++;
    }
  }
  return dropped;
}
