/**
 * What cleaning did, rule by rule: how many papers each one met and what became of them. Nothing is left out of the
 * data without being counted here, once: the records that were read are those skipped, dropped, left out and kept.
 */
import { type ColumnTable, table } from 'arquero';
import { agreeing } from '../../core/quantity.js';

/** How many records each rule of cleaning met. */
export interface CleaningCounts {
  /** Records met, malformed ones and those of other topics included. */
  records: number;
  /** Lines or rows that are not records: skipped. */
  malformed: number;
  /** Papers whose primary category is none of the topics: skipped. */
  otherTopics: number;
  /** Older versions of a paper that is there in a later one: dropped. */
  revisions: number;
  /** The same version of a paper met again, as when pulls of two categories overlap: dropped. */
  repeated: number;
  withdrawn: number;
  /** Abstracts of fewer words than datasets.minAbstractWords: dropped. */
  shortAbstracts: number;
  nonEnglish: number;
  /** Papers of another id with the title and the abstract of an earlier one: dropped. */
  duplicates: number;
  /** Left out by datasets.maxPerCategory or the balance. */
  beyondCap: number;
  /** Left out of a split by time because their date is unknown. */
  undated: number;
  /** Left out of a split by time because a near duplicate is on the other side. */
  straddling: number;
  /** Share their title (or that of the paper they comment on) or abstract with another paper: kept, on one side. */
  equalTitles: number;
  /** Have a title similar to another's: kept, on one side. */
  nearDuplicates: number;
  /** Hold their own title word for word in the abstract: kept and flagged. */
  titleInAbstract: number;
  /** Papers of other topics that are cross-listed to a main one: kept, never trained on as its negatives. */
  crossListedToMain: number;
  /** Papers that the dataset has in the end. */
  kept: number;
  /** What only pairs have; absent for papers. */
  pairs?: PairCleaningCounts;
}

/** What was met among pairs. A row with several documents that answer its query is several pairs. */
export interface PairCleaningCounts {
  /** In the rows that are records. */
  pairs: number;
  /** Met before, in the same data set or an earlier one: dropped. */
  repeated: number;
  /** Query and document are the same text: dropped. */
  equalTexts: number;
  /** Left out because their query or document is declared to be on another side as well. */
  leaking: number;
  /** Left out because they join two sides of a group that is too large for one. */
  cut: number;
  /** Negatives that answer their query: dropped. */
  falseNegatives: number;
  /** Negatives that are documents of another side: dropped. */
  negativesElsewhere: number;
}

/** [rule, what happens, what it is], in the order in which the rules apply. */
const RULES: [rule: Exclude<keyof CleaningCounts, 'pairs'>, action: string, meaning: string][] = [
  ['records', 'read', 'records met in the source'],
  ['malformed', 'skipped', 'not a record (no JSON, a field missing or too many)'],
  ['otherTopics', 'skipped', 'of other topics (primary category)'],
  ['revisions', 'dropped', 'superseded by a newer version'],
  ['repeated', 'dropped', 'with an id that was met before'],
  ['withdrawn', 'dropped', 'withdrawn or retracted by the authors'],
  ['shortAbstracts', 'dropped', 'abstract under datasets.minAbstractWords'],
  ['nonEnglish', 'dropped', 'abstract not in English'],
  ['duplicates', 'dropped', 'with title and abstract of an earlier paper'],
  ['beyondCap', 'left out', 'beyond the cap or balance of the topic'],
  ['undated', 'left out', 'without date to split by'],
  ['straddling', 'left out', 'with a near duplicate before the date of the split'],
  ['equalTitles', 'kept on one side', 'title or abstract equal to another (comment, reply, erratum)'],
  ['nearDuplicates', 'kept on one side', 'title similar to another'],
  ['titleInAbstract', 'flagged', 'abstract holds its own title word for word'],
  ['crossListedToMain', 'flagged', 'cross-listed to the main topic: never a negative of it'],
  ['kept', 'kept', 'papers of the dataset'],
];

/** The same for pairs. */
const PAIR_RULES: [rule: keyof PairCleaningCounts, action: string, meaning: string][] = [
  ['pairs', 'read', 'pairs in the rows'],
  ['repeated', 'dropped', 'met before'],
  ['equalTexts', 'dropped', 'with the same text as query and document'],
  ['leaking', 'left out', 'with a query or document that is on another side too'],
  ['cut', 'left out', 'between two sides of a group of queries and documents too large for one'],
  ['falseNegatives', 'dropped', 'negatives that answer their query'],
  ['negativesElsewhere', 'dropped', 'negatives that are documents of another side'],
];

/** Rules of papers that say nothing of pairs. */
const OF_PAIRS_TOO = new Set<string>(['records', 'malformed', 'beyondCap', 'kept']);

function rowsOf(counts: CleaningCounts): { rule: string; papers: number; action: string; meaning: string }[] {
  const { pairs } = counts;
  const rows = RULES.map(([rule, action, meaning]) => ({ rule, papers: counts[rule], action, meaning }));
  if (!pairs) return rows;
  const own = PAIR_RULES.map(([rule, action, meaning]) => ({ rule, papers: pairs[rule], action, meaning }));
  const shared = rows
    .filter(({ rule }) => OF_PAIRS_TOO.has(rule))
    .map((row) => ({ ...row, meaning: row.rule === 'kept' ? 'pairs of the dataset' : row.meaning }));
  return [...shared.slice(0, 2), ...own, ...shared.slice(2)];
}

export function emptyCleaningCounts(): CleaningCounts {
  return Object.fromEntries(RULES.map(([rule]) => [rule, 0])) as unknown as CleaningCounts;
}

/** The counts as an arquero table with the columns rule, papers (of pairs: pairs), action and meaning. */
export function cleaningTable(counts: CleaningCounts): ColumnTable {
  const rows = rowsOf(counts);
  return table({
    rule: rows.map(({ rule }) => rule),
    [counts.pairs ? 'pairs' : 'papers']: rows.map(({ papers }) => papers),
    action: rows.map(({ action }) => action),
    meaning: rows.map(({ meaning }) => meaning),
  });
}

/** What became of records that are not kept. */
const LEFT = new Set(['skipped', 'dropped', 'left out']);

/** Rules that drop no pair, but negatives of it. */
const OF_NEGATIVES = new Set<string>(['falseNegatives', 'negativesElsewhere']);

/** One line: how many records are kept, and why the others are not; null where nothing is dropped. */
export function cleaningSummary(counts: CleaningCounts): string | null {
  const left = rowsOf(counts).filter(({ action, papers }) => LEFT.has(action) && papers > 0);
  if (left.length === 0) return null;
  const number = (count: number): string => count.toLocaleString('en-US');
  const told = (rows: typeof left): string =>
    rows.map(({ papers, meaning }) => `${number(papers)} ${meaning}`).join(', ');
  const others = told(left.filter(({ rule }) => !OF_NEGATIVES.has(rule)));
  const negatives = told(left.filter(({ rule }) => OF_NEGATIVES.has(rule)));
  const { pairs, records, kept } = counts;
  const all = pairs
    ? `${number(pairs.pairs)} ${agreeing(pairs.pairs, 'pair', 'pairs')}`
    : `${number(records)} ${agreeing(records, 'record', 'records')}`;
  return [
    others === ''
      ? `${all} ${agreeing(kept, 'is', 'are')} kept`
      : `${number(kept)} of ${all} ${agreeing(kept, 'is', 'are')} kept; the others: ${others}`,
    ...(negatives === '' ? [] : [`dropped: ${negatives}`]),
  ].join('; ');
}
