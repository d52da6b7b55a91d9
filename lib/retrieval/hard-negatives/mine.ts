/**
 * Mines hard negatives for all queries of a corpus, and says what they are like. Of several documents that answer a query, the
 * margins are below the one that is found first.
 *
 * How many are false, that is relevant without being the document of the query, nobody has judged. It is estimated by a second
 * system of another kind, the judge: a candidate that it too ranks above the query's own document counts as likely false.
 * The estimate is comparative. A judge errs, but where the margin refuses mostly what the judge objects to, it does its work.
 */

import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { mean } from '../../core/mean.js';
import { quantity } from '../../core/quantity.js';
import type { HardNegatives } from '../../training/hard-negatives.js';
import { type Run, rankDocuments } from '../ranking.js';
import type { CorpusDocument, Query, RetrievalSystem } from '../systems/retrieval-system.js';
import { chooseNegatives, type NegativeCandidate, type NegativeRules } from './choose.js';

/** Candidates of a kind, and how many of them the judge takes for relevant. */
export interface JudgedCount {
  candidates: number;
  /** Null without a judge. */
  likelyFalse: number | null;
}

/** Counts of a mining, and estimates of how many negatives are false. */
export interface MiningSummary {
  system: string;
  judge: string | null;
  queries: number;
  /** Queries with as many negatives as asked for, with fewer, and with none. */
  complete: number;
  fewer: number;
  none: number;
  negatives: number;
  meanScore: number;
  meanRank: number;
  /** All in the window of ranks; of them those that the margin refuses, those outside the bounds, and those that qualify. */
  window: JudgedCount;
  refusedByMargin: JudgedCount;
  outsideBounds: JudgedCount;
  qualified: JudgedCount;
}

export interface MinedNegatives {
  lines: HardNegatives[];
  summary: MiningSummary;
}

export interface MiningOptions extends Reporting {
  corpus: readonly CorpusDocument[];
  queries: readonly Query[];
  /** Ids of the documents that answer a query; absent: that with its id. */
  ownOf?: (query: string) => readonly string[];
  system: RetrievalSystem;
  /** Another system, for the estimate of false negatives. */
  judge?: RetrievalSystem | null;
  rules: NegativeRules;
  /** Whether a document says the same as a query, or as what answers it, under another id. */
  isSame?: (query: string, document: string) => boolean;
}

/** @throws UserError for a window of ranks that no document of the corpus can be in */
export async function mineHardNegatives(options: MiningOptions): Promise<MinedNegatives> {
  const { corpus, queries, system, judge = null, rules, isSame = () => false, ...others } = options;
  const { ownOf = (query) => [query], ...reporting } = others;
  checkRules(rules, corpus.length);
  // one more than the window for the query's own document, and some for those with its text
  const depth = Math.min(corpus.length, rules.lastRank + 4);
  const run = await retrieve(system, { corpus, queries, depth }, reporting);
  const judgeRun = judge && (await retrieve(judge, { corpus, queries, depth }, reporting));

  const lines: HardNegatives[] = [];
  const tally = newTally(judge !== null);
  for (const { id } of queries) {
    const own = new Set(ownOf(id));
    const ranked = rankDocuments(run.get(id) ?? []);
    const first = ranked.find((found) => own.has(found.id))?.id;
    const isOwn = (other: string): boolean => own.has(other) || isSame(id, other);
    const chosen = chooseNegatives(id, ranked, isOwn, rules, first ?? NONE);
    const objected = judgeRun && aboveOwn(judgeRun, id, own);
    count(tally, chosen.window, objected);
    lines.push({
      query: id,
      own: chosen.own,
      negatives: chosen.negatives.map(({ id: of, score, rank }) => ({ id: of, score, rank })),
    });
  }
  const found = lines.flatMap(({ negatives }) => negatives);
  return {
    lines,
    summary: {
      system: system.name,
      judge: judge?.name ?? null,
      queries: lines.length,
      complete: lines.filter(({ negatives }) => negatives.length === rules.perQuery).length,
      fewer: lines.filter(({ negatives }) => negatives.length > 0 && negatives.length < rules.perQuery).length,
      none: lines.filter(({ negatives }) => negatives.length === 0).length,
      negatives: found.length,
      meanScore: mean(found.map(({ score }) => score)),
      meanRank: mean(found.map(({ rank }) => rank)),
      ...tally,
    },
  };
}

/** No document has an empty id. */
const NONE = '';

type Tally = Pick<MiningSummary, 'window' | 'refusedByMargin' | 'outsideBounds' | 'qualified'>;

function newTally(judged: boolean): Tally {
  const zero = (): JudgedCount => ({ candidates: 0, likelyFalse: judged ? 0 : null });
  return { window: zero(), refusedByMargin: zero(), outsideBounds: zero(), qualified: zero() };
}

function count(tally: Tally, window: readonly NegativeCandidate[], objected: Set<string> | null): void {
  const add = (to: JudgedCount, { id }: NegativeCandidate): void => {
    to.candidates++;
    if (to.likelyFalse !== null && objected?.has(id)) to.likelyFalse++;
  };
  for (const candidate of window) {
    add(tally.window, candidate);
    if (candidate.refused === null) add(tally.qualified, candidate);
    else add(candidate.refused === 'margin' ? tally.refusedByMargin : tally.outsideBounds, candidate);
  }
}

/** Documents that a run ranks above the first of the query's own; all of its documents where it lacks those. */
function aboveOwn(run: Run, query: string, own: ReadonlySet<string>): Set<string> {
  const ids = rankDocuments(run.get(query) ?? []).map(({ id }) => id);
  const place = ids.findIndex((id) => own.has(id));
  return new Set(place < 0 ? ids : ids.slice(0, place));
}

async function retrieve(
  system: RetrievalSystem,
  task: { corpus: readonly CorpusDocument[]; queries: readonly Query[]; depth: number },
  reporting: Reporting,
): Promise<Run> {
  const { run } = await system.retrieve(task, reporting, async (other) => ({
    run: await retrieve(other, task, reporting),
    dimensions: null,
    timing: { embedSeconds: 0, indexSeconds: 0, searchSeconds: 0 },
  }));
  return run;
}

function checkRules(rules: NegativeRules, documents: number): void {
  if (rules.lastRank < rules.firstRank) {
    throw new UserError(
      `mining.lastRank = ${rules.lastRank} is before mining.firstRank = ${rules.firstRank}: expected a window of ranks`,
    );
  }
  if (rules.firstRank > documents - 1) {
    throw new UserError(
      `mining.firstRank = ${rules.firstRank}: the corpus has only ${quantity(documents - 1, 'documents')} beside a query's own`,
    );
  }
}
