/**
 * Collects records into papers, one a paper: assigns the topic, keeps the latest version, drops what the rules drop,
 * and keeps no more of a topic than its cap while the records stream by.
 */
import type { Config } from '../../config/config.js';
import { Random } from '../../core/random.js';
import type { Paper } from '../paper.js';
import type { PaperTexts } from '../paper-texts.js';
import type { SourceRecord } from '../record.js';
import { PaperStore } from '../stored-paper.js';
import type { Topic, TopicLookup } from '../topics.js';
import type { CleaningCounts } from './counts.js';
import { hash32 } from './hash32.js';
import { isEnglish } from './language.js';
import { isWithdrawn, wordCount } from './rules.js';
import { SeenVersions } from './seen-versions.js';

export interface CollectOptions {
  lookup: TopicLookup;
  minAbstractWords: number;
  englishOnly: boolean;
  /** Papers to keep of each topic; null keeps all. */
  cap: number | null;
  seed: number;
  /** Where texts go when there are too many for the memory; absent: they stay in it. */
  storage?: TextStorage;
}

/** A file for texts, made when more papers are kept than that. */
export interface TextStorage {
  papersInMemory: number;
  create(): PaperTexts;
}

/** Papers kept above the cap while reading, since duplicates are only known, and dropped, when all are there. */
const SPARE = 1.05;
const SPARE_PAPERS = 100;

/** Why a record is unfit; its place in the list, from 1, is its mark. */
const REASONS = ['withdrawn', 'shortAbstracts', 'nonEnglish'] as const;
type Reason = (typeof REASONS)[number];

/** A topic's papers, and the priority from which there is no room. */
interface TopicPapers {
  papers: Map<string, Paper>;
  cutoff: number;
}

export class PaperCollector {
  private readonly topics = new Map<string, TopicPapers>();
  /** The version met of every paper of the topics, kept or not. */
  private readonly versions = new SeenVersions();
  private readonly room: number;
  private readonly priorityOf: (id: string) => number;
  private kept = 0;
  private store: PaperStore | null = null;

  constructor(
    private readonly options: CollectOptions,
    private readonly counts: CleaningCounts,
  ) {
    this.room = options.cap === null ? Number.POSITIVE_INFINITY : Math.ceil(options.cap * SPARE) + SPARE_PAPERS;
    this.priorityOf = priorities(options.seed);
  }

  add(record: SourceRecord): void {
    const topic = this.options.lookup(record.categories[0] as string);
    if (!topic) {
      this.counts.otherTopics++;
      return;
    }
    const version = record.version ?? 0;
    const known = this.versions.meet(record.id, version);
    if (known !== undefined) {
      if (known === version) {
        this.counts.repeated++;
        this.noteOtherTitle(record);
      } else this.counts.revisions++;
      if (known >= version) return;
      this.forget(record.id);
    }
    const reason = this.unfitness(record);
    this.versions.mark(record.id, reason === null ? 0 : 1 + REASONS.indexOf(reason));
    if (reason === null) this.keep(paperOf(record, topic));
    else this.counts[reason]++;
  }

  /** Ids under which different titles were met: the first is kept. */
  readonly ambiguous = { count: 0, example: null as { id: string; titles: [string, string] } | null };

  private noteOtherTitle(record: SourceRecord): void {
    const [kept] = [...this.topics.values()].flatMap(({ papers }) => papers.get(record.id) ?? []);
    if (!kept || kept.title === record.title) return;
    this.ambiguous.count++;
    this.ambiguous.example ??= { id: record.id, titles: [kept.title, record.title] };
  }

  /** The papers, topic by topic, as they came. */
  papers(): Paper[] {
    return [...this.topics.values()].flatMap(({ papers }) => [...papers.values()]);
  }

  /** The rule that drops the record; null if none does. */
  private unfitness(record: SourceRecord): Reason | null {
    const { minAbstractWords, englishOnly } = this.options;
    if (isWithdrawn(record)) return 'withdrawn';
    if (wordCount(record.abstract, minAbstractWords) < minAbstractWords) return 'shortAbstracts';
    return englishOnly && !isEnglish(record.abstract) ? 'nonEnglish' : null;
  }

  private keep(paper: Paper): void {
    let topic = this.topics.get(paper.topic);
    if (!topic) {
      topic = { papers: new Map(), cutoff: Number.POSITIVE_INFINITY };
      this.topics.set(paper.topic, topic);
    }
    const priority = this.options.cap === null ? 0 : this.priorityOf(paper.id);
    if (priority >= topic.cutoff) {
      this.counts.beyondCap++;
      return;
    }
    topic.papers.set(paper.id, this.store ? this.store.add(paper) : paper);
    this.kept++;
    const { storage } = this.options;
    if (storage && !this.store && this.kept > storage.papersInMemory) this.useStore(new PaperStore(storage.create()));
    // Shrinking only when there is half as much again makes one sort serve many papers.
    if (topic.papers.size > 1.5 * this.room) this.shrink(topic);
  }

  /** Moves all texts to the file, where those that follow go as well. */
  private useStore(store: PaperStore): void {
    this.store = store;
    for (const { papers } of this.topics.values()) {
      for (const [id, paper] of papers) papers.set(id, store.add(paper));
    }
  }

  private shrink(topic: TopicPapers): void {
    const before = topic.papers.size;
    const ids = [...topic.papers.keys()];
    topic.cutoff = ids.map(this.priorityOf).sort((a, b) => a - b)[this.room] as number;
    for (const id of ids) if (this.priorityOf(id) >= topic.cutoff) topic.papers.delete(id);
    this.counts.beyondCap += before - topic.papers.size;
    this.kept -= before - topic.papers.size;
  }

  /** Undoes what became of the paper's older version, which now counts as a revision and as nothing else. */
  private forget(id: string): void {
    const reason = REASONS[this.versions.markOf(id) - 1];
    if (reason !== undefined) this.counts[reason]--;
    else if ([...this.topics.values()].some(({ papers }) => papers.delete(id))) this.kept--;
    else this.counts.beyondCap--;
  }
}

/** The seed by which papers are drawn: their own where they have one, so that another training is of the same papers. */
export function samplingSeed({ seed, datasets }: Pick<Config, 'seed' | 'datasets'>): number {
  return datasets.seed ?? seed;
}

/** Priorities of ids: a seeded hash. A random number for each id would do as well, at thirty times the cost. */
function priorities(seed: number): (id: string) => number {
  const key = new Random(seed, 'sample').integer(2 ** 32);
  return (id) => hash32(id, key);
}

/**
 * The `limit` items of lowest priority, in their given order. The priority is a seeded hash of the id, so that the
 * choice depends neither on the order of the items nor on which others are there.
 */
export function firstByPriority<T>(items: readonly T[], idOf: (item: T) => string, limit: number, seed: number): T[] {
  if (items.length <= limit) return items.slice();
  const priorityOf = priorities(seed);
  const ranked = items.map((item) => ({ item, id: idOf(item), priority: priorityOf(idOf(item)) }));
  ranked.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
  const chosen = new Set(ranked.slice(0, limit).map(({ item }) => item));
  return items.filter((item) => chosen.has(item));
}

function paperOf(record: SourceRecord, topic: Topic): Paper {
  const { id, title, abstract, categories, published } = record;
  return { id, title, abstract, topic: topic.name, role: topic.role, categories, published };
}
