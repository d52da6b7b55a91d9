/**
 * Collects records into papers, one a paper: assigns the topic, keeps the latest version, drops what the rules drop,
 * and keeps no more of a topic than its cap while the records stream by.
 */
import { Random } from '../../random.js';
import type { Paper } from '../paper.js';
import type { SourceRecord } from '../record.js';
import type { Topic, TopicLookup } from '../topics.js';
import type { CleaningCounts } from './counts.js';
import { isEnglish } from './language.js';
import { isWithdrawn, wordCount } from './rules.js';

export interface CollectOptions {
  lookup: TopicLookup;
  minAbstractWords: number;
  englishOnly: boolean;
  /** Papers to keep of each topic; null keeps all. */
  cap: number | null;
  seed: number;
}

/** Papers kept above the cap while reading, since duplicates are only known, and dropped, when all are there. */
const SPARE = 1.05;
const SPARE_PAPERS = 100;

export class PaperCollector {
  private readonly topics = new Map<string, Map<string, Paper>>();
  /** The version met of every paper of the topics, kept or not: an id and a number each. */
  private readonly versions = new Map<string, number>();
  private readonly room: number;

  constructor(
    private readonly options: CollectOptions,
    private readonly counts: CleaningCounts,
  ) {
    this.room = options.cap === null ? Number.POSITIVE_INFINITY : Math.ceil(options.cap * SPARE) + SPARE_PAPERS;
  }

  add(record: SourceRecord): void {
    const topic = this.options.lookup(record.categories[0] as string);
    if (!topic) {
      this.counts.otherTopics++;
      return;
    }
    const version = record.version ?? 0;
    const known = this.versions.get(record.id);
    if (known !== undefined) {
      if (known === version) this.counts.repeated++;
      else this.counts.revisions++;
      if (known >= version) return;
      this.forget(record.id);
    }
    this.versions.set(record.id, version);
    if (this.isFit(record)) this.keep(paperOf(record, topic));
  }

  /** The papers, topic by topic, as they came. */
  papers(): Paper[] {
    return [...this.topics.values()].flatMap((papers) => [...papers.values()]);
  }

  private isFit(record: SourceRecord): boolean {
    if (isWithdrawn(record)) this.counts.withdrawn++;
    else if (wordCount(record.abstract, this.options.minAbstractWords) < this.options.minAbstractWords) {
      this.counts.shortAbstracts++;
    } else if (this.options.englishOnly && !isEnglish(record.abstract)) this.counts.nonEnglish++;
    else return true;
    return false;
  }

  private keep(paper: Paper): void {
    let papers = this.topics.get(paper.topic);
    if (!papers) {
      papers = new Map();
      this.topics.set(paper.topic, papers);
    }
    papers.set(paper.id, paper);
    // Shrinking only when twice the room is filled costs one sort for as many papers as it drops.
    if (papers.size > 2 * this.room) {
      const kept = firstByPriority([...papers.values()], (one) => one.id, this.room, this.options.seed);
      this.counts.beyondCap += papers.size - kept.length;
      this.topics.set(paper.topic, new Map(kept.map((one) => [one.id, one])));
    }
  }

  private forget(id: string): void {
    for (const papers of this.topics.values()) papers.delete(id);
  }
}

/**
 * The `limit` items of lowest priority, in their given order. The priority is a seeded hash of the id, so that the
 * choice depends neither on the order of the items nor on which others are there.
 */
export function firstByPriority<T>(items: readonly T[], idOf: (item: T) => string, limit: number, seed: number): T[] {
  if (items.length <= limit) return items.slice();
  const ranked = items.map((item) => ({
    item,
    id: idOf(item),
    priority: new Random(seed, 'sample', idOf(item)).uniform(),
  }));
  ranked.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
  const chosen = new Set(ranked.slice(0, limit).map(({ item }) => item));
  return items.filter((item) => chosen.has(item));
}

function paperOf(record: SourceRecord, topic: Topic): Paper {
  const { id, title, abstract, categories, published } = record;
  return { id, title, abstract, topic: topic.name, role: topic.role, categories, published };
}
