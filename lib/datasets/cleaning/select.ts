/**
 * What is kept of the collected papers: one of each set of duplicates, and of each topic no more than the cap and the
 * balance allow.
 */
import type { Config } from '../../config/config.js';
import type { GroupedPaper } from '../splits.js';
import type { Topic } from '../topics.js';
import { firstByPriority, samplingSeed } from './collect.js';
import type { CleaningCounts } from './counts.js';
import { isEarlier } from './near-duplicates.js';

/** Drops papers with both the title and the abstract of an earlier one, under whatever id. */
export function withoutDuplicates(papers: readonly GroupedPaper[], counts: CleaningCounts): GroupedPaper[] {
  const earliest = new Map<string, GroupedPaper>();
  for (const one of papers) {
    const key = `${one.group.abstractKey} ${one.group.titleKey}`;
    const other = earliest.get(key);
    if (other) counts.duplicates++;
    if (!other || isEarlier(one.paper, other.paper)) earliest.set(key, one);
  }
  const kept = new Set(earliest.values());
  return papers.filter((one) => kept.has(one));
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
  const uses = new Map<string, number>();
  const keysOf = ({ group }: GroupedPaper): [title: string, abstract: string, group: string] => [
    `title ${group.titleKey}`,
    `abstract ${group.abstractKey}`,
    `group ${group.groupKey}`,
  ];
  for (const one of papers) for (const key of keysOf(one)) uses.set(key, (uses.get(key) ?? 0) + 1);
  const isShared = (key: string): boolean => (uses.get(key) ?? 0) > 1;
  for (const one of papers) {
    const [title, abstract, group] = keysOf(one);
    if (isShared(title) || isShared(abstract)) counts.equalTitles++;
    else if (isShared(group)) counts.nearDuplicates++;
  }
}
