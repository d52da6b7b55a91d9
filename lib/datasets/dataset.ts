/**
 * Step 1: papers with topic, role and side of the split, from the sample corpus, the arXiv API, a metadata snapshot or
 * the reader's own files.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.js';
import { UserError } from '../errors.js';
import type { Reporting } from '../events.js';
import { type FetchOptions, fetchArxiv } from './arxiv/fetch.js';
import { firstByPriority, PaperCollector } from './cleaning/collect.js';
import { type CleaningCounts, emptyCleaningCounts } from './cleaning/counts.js';
import { groupDuplicates, isEarlier } from './cleaning/near-duplicates.js';
import { titleInAbstract } from './cleaning/rules.js';
import type { Paper, SplitPaper } from './paper.js';
import type { SourceRecord } from './record.js';
import { emptySnapshotCounts, readSnapshot, type SnapshotCounts } from './snapshot/read.js';
import { type GroupedPaper, hashFraction, splitPapers } from './splits.js';
import { configuredTopics, crossListedToMain, type Topic, topicLookup } from './topics.js';

export interface Dataset {
  /** Ordered by role, topic as configured, then date and id. */
  papers: SplitPaper[];
  cleaning: CleaningCounts;
}

/** The corpus that comes with the package: synthetic, in the format of a snapshot. */
export const SAMPLE_CORPUS: string = fileURLToPath(new URL('../../../data/sample-corpus.jsonl.gz', import.meta.url));

/**
 * Loads, cleans and splits the papers that `config.datasets` asks for. The result is a function of the configuration and
 * the set of records; their order in the source does not matter.
 *
 * @param fetching how to ask arXiv, where that is the source: another address, another clock
 * @throws UserError for a source that is missing, empty, damaged, or without a paper of the topics
 */
export async function loadDataset(
  config: Config,
  reporting: Reporting = {},
  fetching: Partial<FetchOptions> = {},
): Promise<Dataset> {
  const options = config.datasets;
  const topics = configuredTopics(options.categories);
  const lookup = topicLookup(topics);
  const counts = emptyCleaningCounts();
  const cap = options.maxPerCategory;
  const collector = new PaperCollector(
    { lookup, minAbstractWords: options.minAbstractWords, englishOnly: true, cap, seed: config.seed },
    counts,
  );
  const path = await sourcePath(config, topics, reporting, fetching);
  const met = emptySnapshotCounts();
  const isWanted = (category: string): boolean => lookup(category) !== null;
  for await (const record of records(path, isWanted, options.strict, met, reporting)) collector.add(record);
  counts.records = met.lines;
  counts.malformed = met.malformed;
  for (const number of met.unwanted.values()) counts.otherTopics += number;
  reportMalformed(path, met, reporting);

  const collected = inOrder(collector.papers(), topics);
  requirePapers(collected, path, met, counts, options, topics);
  // Groups are found among all papers, so that a cap does not move papers from one side to the other.
  const groups = groupDuplicates(collected);
  const grouped = collected.map((paper, index): GroupedPaper => ({ paper, group: groups[index]! }));
  const chosen = selected(withoutDuplicates(grouped, counts), topics, config, counts, reporting);
  const split = splitPapers(chosen, {
    method: 'hash',
    validationShare: options.validationShare,
    testShare: options.testShare,
    testFrom: null,
  });
  countShared(chosen, counts);
  counts.undated = split.undated;
  counts.straddling = split.straddling;
  counts.titleInAbstract = split.papers.filter(titleInAbstract).length;
  counts.crossListedToMain = split.papers.filter((paper) => crossListedToMain(paper, options.categories)).length;
  counts.kept = split.papers.length;
  return { papers: split.papers, cleaning: counts };
}

/**
 * The training papers that may stand beside main papers in a batch: those of the training side without papers of other
 * topics that are cross-listed to a main one, which would be false negatives of it.
 */
export function trainingPapers(papers: readonly SplitPaper[], config: Config): SplitPaper[] {
  return papers.filter((paper) => paper.split === 'train' && !crossListedToMain(paper, config.datasets.categories));
}

/** Results asked for of each category's list where no cap is set. */
const DEFAULT_FETCH = 2000;
/** Results asked for to keep one paper: about half of a category's list has it as the primary category. */
const RESULTS_PER_PAPER = 2;

/** The snapshot file of the source; fetched first where it is arXiv. */
async function sourcePath(
  config: Config,
  topics: readonly Topic[],
  reporting: Reporting,
  fetching: Partial<FetchOptions>,
): Promise<string> {
  const { source, maxPerCategory } = config.datasets;
  if (source === 'sample') return SAMPLE_CORPUS;
  if (source !== 'arxiv') return source;
  const limit = maxPerCategory === null ? DEFAULT_FETCH : maxPerCategory * RESULTS_PER_PAPER;
  if (maxPerCategory === null) {
    const text = `fetching the newest ${DEFAULT_FETCH} papers of each category's list; datasets.maxPerCategory asks for another number`;
    reporting.onMessage?.({ level: 'info', text });
  }
  const categories = topics.map((topic) => topic.name);
  const folder = join(config.cache, 'arxiv');
  const name = hashFraction([...categories, limit].join(' '))
    .toString(36)
    .slice(2, 10);
  const out = join(folder, `papers-${name}.jsonl`);
  const options = { categories, out, maxPerCategory: limit, cacheFolder: join(folder, 'pages'), ...fetching };
  return (await fetchArxiv(options, reporting)).path;
}

function records(
  path: string,
  isWanted: (category: string) => boolean,
  strict: boolean,
  met: SnapshotCounts,
  reporting: Reporting,
): AsyncGenerator<SourceRecord> {
  return readSnapshot(path, { isWanted, strict }, met, reporting);
}

function reportMalformed(path: string, met: SnapshotCounts, reporting: Reporting): void {
  const first = met.firstMalformed;
  if (!first) return;
  reporting.onMessage?.({
    level: 'warning',
    text: `${met.malformed} of ${met.lines} lines of "${path}" are not records and were skipped; the first is line ${first.line}: ${first.reason}`,
  });
}

/** Why nothing is left, and what to do about it. */
function requirePapers(
  papers: readonly Paper[],
  path: string,
  met: SnapshotCounts,
  counts: CleaningCounts,
  options: Config['datasets'],
  topics: readonly Topic[],
): void {
  if (papers.length > 0) return;
  const first = met.firstMalformed;
  if (met.lines === 0) throw new UserError(`"${path}" holds no record: expected one JSON object a line`);
  if (first && met.malformed === met.lines) {
    throw new UserError(
      `"${path}" holds no record: line ${first.line}: ${first.reason}; expected a JSON object a line with id, title, abstract and categories`,
    );
  }
  if (met.unwanted.size > 0 && counts.otherTopics === met.lines - met.malformed) {
    const most = [...met.unwanted].sort((a, b) => b[1] - a[1]).slice(0, 5);
    throw new UserError(
      `"${path}" has no paper of the topics ${topics.map((topic) => topic.name).join(', ')}: its primary categories are ${most.map(([name, number]) => `${name} (${number})`).join(', ')}${met.unwanted.size > 5 ? ', …' : ''}; set datasets.categories`,
    );
  }
  throw new UserError(
    `no paper of "${path}" is left after cleaning: ${counts.withdrawn} withdrawn, ${counts.shortAbstracts} with an abstract under ${options.minAbstractWords} words (datasets.minAbstractWords), ${counts.nonEnglish} not in English`,
  );
}

/** A fixed order, whatever the source's: topics as configured, then date and id. */
function inOrder(papers: readonly Paper[], topics: readonly Topic[]): Paper[] {
  const rank = new Map(topics.map((topic, index) => [topic.name, index]));
  return papers.slice().sort((a, b) => {
    const byTopic = (rank.get(a.topic) ?? 0) - (rank.get(b.topic) ?? 0);
    if (byTopic !== 0) return byTopic;
    const [dateA, dateB] = [a.published ?? '9999', b.published ?? '9999'];
    if (dateA !== dateB) return dateA < dateB ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}

/** Drops papers with both the title and the abstract of an earlier one, under whatever id. */
function withoutDuplicates(papers: readonly GroupedPaper[], counts: CleaningCounts): GroupedPaper[] {
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

/** Counts the kept papers that share a key or a group with another kept one. */
function countShared(papers: readonly GroupedPaper[], counts: CleaningCounts): void {
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

/** Applies the cap of each topic and the balance between them. */
function selected(
  papers: readonly GroupedPaper[],
  topics: readonly Topic[],
  config: Config,
  counts: CleaningCounts,
  reporting: Reporting,
): GroupedPaper[] {
  const byTopic = topics.map((topic) => papers.filter((one) => one.paper.topic === topic.name));
  const missing = topics.filter((_, index) => byTopic[index]?.length === 0).map((topic) => topic.name);
  if (missing.length > 0) {
    reporting.onMessage?.({ level: 'warning', text: `no papers of ${missing.join(', ')}; the other topics are used` });
  }
  let limit = config.datasets.maxPerCategory ?? Number.POSITIVE_INFINITY;
  if (config.datasets.balance === 'balanced') {
    limit = Math.min(limit, ...byTopic.map((group) => group.length).filter((length) => length > 0));
  }
  const kept = byTopic.flatMap((group) => firstByPriority(group, (one) => one.paper.id, limit, config.seed));
  counts.beyondCap += papers.length - kept.length;
  return kept;
}
