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
}

/** [rule, what happens, what it is], in the order in which the rules apply. */
const RULES: [rule: keyof CleaningCounts, action: string, meaning: string][] = [
  ['records', 'read', 'records met in the source'],
  ['malformed', 'skipped', 'not a record (no JSON, a field missing or too many)'],
  ['otherTopics', 'skipped', 'of other topics (primary category)'],
  ['revisions', 'dropped', 'older versions'],
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

export function emptyCleaningCounts(): CleaningCounts {
  return Object.fromEntries(RULES.map(([rule]) => [rule, 0])) as unknown as CleaningCounts;
}

/** The counts as an arquero table with the columns rule, papers, action and meaning. */
export function cleaningTable(counts: CleaningCounts): ColumnTable {
  return table({
    rule: RULES.map(([rule]) => rule),
    papers: RULES.map(([rule]) => counts[rule]),
    action: RULES.map(([, action]) => action),
    meaning: RULES.map(([, , meaning]) => meaning),
  });
}

/** What became of records that are not kept. */
const LEFT = new Set(['skipped', 'dropped', 'left out']);

/** One line: how many records are kept, and why the others are not; null where all are. */
export function cleaningSummary(counts: CleaningCounts): string | null {
  const left = RULES.filter(([rule, action]) => LEFT.has(action) && counts[rule] > 0);
  if (left.length === 0) return null;
  const number = (rule: keyof CleaningCounts): string => counts[rule].toLocaleString('en-US');
  const reasons = left.map(([rule, , meaning]) => `${number(rule)} ${meaning}`);
  return `${number('kept')} of ${number('records')} ${agreeing(counts.records, 'record', 'records')} ${agreeing(counts.kept, 'is', 'are')} kept; the others: ${reasons.join(', ')}`;
}
