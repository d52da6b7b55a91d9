/**
 * Step 1: papers with topic, role and side of the split, from the sample corpus, the arXiv API, a metadata snapshot or
 * the reader's own files.
 */
import type { Config } from '../config/config.js';
import { isScoredLoss } from '../config/losses.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import type { FetchOptions } from './arxiv/options.js';
import { PaperCollector, samplingSeed, type TextStorage } from './cleaning/collect.js';
import { type CleaningCounts, cleaningSummary, emptyCleaningCounts } from './cleaning/counts.js';
import { isEarlier } from './cleaning/disjoint-sets.js';
import { groupDuplicates } from './cleaning/near-duplicates.js';
import { titleInAbstract } from './cleaning/rules.js';
import { countShared, selectPapers, withoutDuplicates } from './cleaning/select.js';
import { emptyCounts, type ReadCounts } from './json-lines.js';
import { ownTopics } from './own-topics.js';
import { arrangePairs } from './pairs/arrange.js';
import { readPairs } from './pairs/load.js';
import type { Collection } from './pairs/pair.js';
import { type DataSet, dataSets } from './pairs/sets.js';
import { pairSources } from './pairs/sources.js';
import type { Paper, SplitPaper } from './paper.js';
import { type LocatedSource, locateSource } from './sources/registry.js';
import { ReadContext } from './sources/source.js';
import { type GroupedPaper, splitPapers } from './splits.js';
import { configuredTopics, crossListedToMain, ownTopicLookup, type Topic, topicLookup } from './topics.js';

/** Papers after cleaning, each with its topic, role and split. */
export interface Dataset {
  /** Ordered by topic as configured, then by date and id. */
  papers: SplitPaper[];
  cleaning: CleaningCounts;
  /** Where the papers are pairs: what they need beside themselves. */
  collection?: Collection;
}

/**
 * Loads, cleans and splits the papers that `config.datasets` asks for. The result is a function of the configuration and
 * the set of records; their order in the source does not matter.
 *
 * @param fetching how to ask arXiv, where that is the source: another address, another clock
 * @param storage where texts of papers go when there are too many for the memory; absent: they stay in it
 * @throws UserError for a source that is missing, empty, damaged, or without a paper of the topics
 */
export async function loadDataset(
  config: Config,
  reporting: Reporting = {},
  fetching: Partial<FetchOptions> = {},
  storage?: TextStorage,
): Promise<Dataset> {
  const sources = await pairSources(config);
  if (sources === null) return loadPapers(config, reporting, fetching, storage);
  const papersOf = async ({ source }: DataSet): Promise<SplitPaper[]> => {
    const datasets = { ...config.datasets, source, sets: [], kind: 'papers' as const };
    return (await loadPapers({ ...config, datasets }, reporting, fetching)).papers;
  };
  const read = await readPairs(sources, config, papersOf, reporting);
  const dataset = arrangePairs(read, dataSets(config.datasets), config, reporting);
  const summary = cleaningSummary(dataset.cleaning);
  if (summary !== null) reporting.onMessage?.({ level: 'info', text: summary });
  return dataset;
}

/** The papers of `datasets.source`. */
async function loadPapers(
  config: Config,
  reporting: Reporting,
  fetching: Partial<FetchOptions>,
  storage?: TextStorage,
): Promise<Dataset> {
  const settings = config.datasets;
  const configured = configuredTopics(settings.categories);
  const located = await locateSource({ config, topics: configured, reporting, fetching });
  const counts = emptyCleaningCounts();
  const read = await collect(located, configured, config, counts, reporting, storage);
  const { topics, papers: all } = located.source.isArxiv
    ? { topics: configured, papers: read }
    : ownTopics(read, configured, reporting);
  const collected = inOrder(all, topics);
  // Groups are found among all papers, so that a cap does not move papers from one side to the other.
  const groups = await groupDuplicates(collected, reporting);
  const grouped = collected.map((paper, index): GroupedPaper => ({ paper, group: groups[index]! }));
  const chosen = selectPapers(withoutDuplicates(grouped, counts), topics, config, counts);
  countShared(chosen, counts);
  const { validationShare, testShare } = settings;
  const split = splitPapers(chosen, { ...settings.split, validationShare, testShare });

  const papers = split.papers;
  counts.undated = split.undated;
  counts.straddling = split.straddling;
  counts.titleInAbstract = papers.filter(titleInAbstract).length;
  counts.crossListedToMain = papers.filter((paper) => crossListedToMain(paper, settings.categories)).length;
  counts.kept = papers.length;
  const summary = cleaningSummary(counts);
  if (summary !== null) reporting.onMessage?.({ level: 'info', text: summary });
  return { papers, cleaning: counts };
}

/**
 * The training papers that may stand beside main papers in a batch: those of the training split without papers of other
 * topics that are cross-listed to a main one, which would be false negatives of it; and of pairs those that are relevant.
 *
 * @param scored for a loss that learns from scores: pairs that are not relevant too; absent: as training.loss does
 */
export function trainingPapers(
  papers: readonly SplitPaper[],
  config: Config,
  scored: boolean = isScoredLoss(config.training.loss),
): SplitPaper[] {
  return papers.filter(
    (paper) =>
      paper.split === 'train' &&
      (paper.pair ? scored || paper.pair.relevant : !crossListedToMain(paper, config.datasets.categories)),
  );
}

/** Reads the source to its end; see {@link PaperCollector} for what is kept of it. */
async function collect(
  located: LocatedSource,
  topics: readonly Topic[],
  config: Config,
  counts: CleaningCounts,
  reporting: Reporting,
  storage?: TextStorage,
): Promise<Paper[]> {
  const settings = config.datasets;
  const { minAbstractWords, englishOnly, maxPerCategory: cap } = settings;
  const { source, path } = located;
  const lookup = source.isArxiv ? topicLookup(topics) : ownTopicLookup(topics);
  const seed = samplingSeed(config);
  const options = { lookup, minAbstractWords, englishOnly, cap, seed, ...(storage && { storage }) };
  const collector = new PaperCollector(options, counts);
  const met = emptyCounts();
  const isWanted = (topic: string): boolean => lookup(topic) !== null;
  for await (const record of source.read(path, new ReadContext(path, settings, isWanted, met, reporting))) {
    counts.records++;
    collector.add(record);
  }
  counts.records += met.skipped;
  counts.malformed = met.malformed;
  counts.otherTopics += met.skipped - met.malformed;

  const papers = collector.papers();
  if (papers.length === 0) throw nothingLeft(located, met, counts, settings, topics);
  const warn = (text: string): void => reporting.onMessage?.({ level: 'warning', text });
  const first = met.firstMalformed;
  if (first) {
    const where = `the first is line ${first.line}: ${first.reason}`;
    warn(
      `${met.malformed} of ${quantity(counts.records, 'lines')} of "${path}" ${agreeing(met.malformed, 'is not a record and was', 'are not records and were')} skipped; ${where}`,
    );
  }
  const { count, example } = collector.ambiguous;
  if (example) {
    const [kept, other] = example.titles.map((title) => `"${title}"`);
    warn(
      `${quantity(count, 'records')} of "${path}" ${agreeing(count, 'has', 'have')} the id of an earlier one and another title: the first is kept; "${example.id}" is ${kept} and ${other}`,
    );
  }
  const found = new Set(papers.map((paper) => paper.topic));
  const missing = topics.filter((topic) => !found.has(topic.name)).map((topic) => topic.name);
  // rows of one's own need not have anything to do with the configured topics
  const expected = source.isArxiv || [...found].every((name) => topics.some((topic) => topic.name === name));
  if (expected && missing.length > 0) warn(`no papers of ${missing.join(', ')}; the other topics are used`);
  return papers;
}

/** Why there is no paper, and what to do about it. */
function nothingLeft(
  { source, path: where }: LocatedSource,
  met: ReadCounts,
  counts: CleaningCounts,
  settings: Config['datasets'],
  topics: readonly Topic[],
): UserError {
  const path = `"${where}"`;
  const expected = `expected ${source.expects}`;
  const first = met.firstMalformed;
  if (counts.records === 0) return new UserError(`${path} holds no record: ${expected}`);
  if (first && met.malformed === counts.records) {
    return new UserError(`${path} holds no record: line ${first.line}: ${first.reason}; ${expected}`);
  }
  if (counts.otherTopics > 0 && counts.otherTopics === counts.records - met.malformed) {
    const most = [...met.unwanted].sort((a, b) => b[1] - a[1]).slice(0, 5);
    const there = most.map(([name, number]) => `${name} (${number})`).join(', ');
    const wanted = topics.map((topic) => topic.name).join(', ');
    return new UserError(
      `${path} has no paper of the topics ${wanted}: its primary categories are ${there}${met.unwanted.size > 5 ? ', …' : ''}; set datasets.field or datasets.categories`,
    );
  }
  return new UserError(
    `no paper of ${path} is left after cleaning: ${counts.withdrawn} withdrawn, ${counts.shortAbstracts} with a text under ${quantity(settings.minAbstractWords, 'words')} (datasets.minAbstractWords), ${counts.nonEnglish} not in English (datasets.englishOnly)`,
  );
}

/** A fixed order, whatever the source's: topics as configured, then date and id. */
function inOrder(papers: readonly Paper[], topics: readonly Topic[]): Paper[] {
  const rank = new Map(topics.map((topic, index) => [topic.name, index]));
  return papers.slice().sort((a, b) => {
    const byTopic = (rank.get(a.topic) ?? 0) - (rank.get(b.topic) ?? 0);
    return byTopic !== 0 ? byTopic : isEarlier(a, b) ? -1 : 1;
  });
}
