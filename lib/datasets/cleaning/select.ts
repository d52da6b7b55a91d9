/**
 * What is kept of the collected papers: one of each set of duplicates, and of each topic no more than the cap and the
 * balance allow.
 */
import type { Config } from '../../config/config.js';
import type { GroupedPaper } from '../splits.js';
import type { Topic } from '../topics.js';
import { firstByPriority, samplingSeed } from './collect.js';
import type { CleaningCounts } from './counts.js';
import { isEarlier } from './disjoint-sets.js';

/** Drops papers with both the title and the abstract of an earlier one, under whatever id. */
export function withoutDuplicates(papers: readonly GroupedPaper[], counts: CleaningCounts): GroupedPaper[] {
  const shared = repeatedNumbers(papers.map(({ group }) => group.abstractKey));
  const earliest = new Map<string, GroupedPaper>();
  const dropped = new Set<GroupedPaper>();
  for (const one of papers) {
    if (!shared.has(one.group.abstractKey)) continue;
    const key = `${one.group.abstractKey} ${one.group.titleKey}`;
    const other = earliest.get(key);
    if (!other || isEarlier(one.paper, other.paper)) earliest.set(key, one);
    if (other) dropped.add(earliest.get(key) === one ? other : one);
  }
  counts.duplicates += dropped.size;
  return dropped.size === 0 ? papers.slice() : papers.filter((one) => !dropped.has(one));
}

/** The numbers that occur more than once. */
function repeatedNumbers(numbers: readonly number[]): Set<number> {
  const sorted = Float64Array.from(numbers).sort();
  const repeated = new Set<number>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) repeated.add(sorted[i] as number);
  return repeated;
}

/** Applies the cap of each topic and the balance between them. */
export function selectPapers(
  papers: readonly GroupedPaper[],
  topics: readonly Topic[],
  config: Config,
  counts: CleaningCounts,
): GroupedPaper[] {
  const byTopic = topics.map((topic) => papers.filter((one) => one.paper.topic === topic.name));
  let limit = config.datasets.maxPerCategory ?? Number.POSITIVE_INFINITY;
  if (config.datasets.balance === 'balanced') {
    limit = Math.min(limit, ...byTopic.map((group) => group.length).filter((length) => length > 0));
  }
  const seed = samplingSeed(config);
  const kept = byTopic.flatMap((group) => firstByPriority(group, (one) => one.paper.id, limit, seed));
  counts.beyondCap += papers.length - kept.length;
  return kept;
}

/** Counts the kept papers that share a key or a group with another kept one. */
export function countShared(papers: readonly GroupedPaper[], counts: CleaningCounts): void {
  const abstracts = repeatedNumbers(papers.map(({ group }) => group.abstractKey));
  const titles = repeatedTexts(papers.map(({ group }) => group.titleKey));
  const groups = repeatedTexts(papers.map(({ group }) => group.groupKey));
  for (const { group } of papers) {
    if (titles.has(group.titleKey) || abstracts.has(group.abstractKey)) counts.equalTitles++;
    else if (groups.has(group.groupKey)) counts.nearDuplicates++;
  }
}

/** The texts that occur more than once. */
function repeatedTexts(texts: readonly string[]): Set<string> {
  const met = new Set<string>();
  const repeated = new Set<string>();
  for (const text of texts) (met.has(text) ? repeated : met).add(text);
  return repeated;
}
