/**
 * A paper whose title and abstract lie in a file. It reads as any other: both are properties of its own, which JSON, copies
 * and comparisons see; each reading takes them from the file, so that only who keeps them has them in memory.
 */
import type { Role } from '../config/config.js';
import type { Paper, Split, SplitPaper } from './paper.js';
import type { PaperTexts, TextPlace } from './paper-texts.js';

/** Papers from which on texts are kept in a file: some hundred MB in memory before. */
export const PAPERS_IN_MEMORY = 100_000;

type Facts = Omit<SplitPaper, 'title' | 'abstract' | 'pair'>;

export class StoredPaper implements SplitPaper {
  readonly id: string;
  declare readonly title: string;
  declare readonly abstract: string;
  readonly topic: string;
  readonly role: Role;
  readonly categories: string[];
  readonly published: string | null;
  readonly split: Split;
  readonly #texts: PaperTexts;
  readonly #position: number;

  constructor(texts: PaperTexts, position: number, facts: Facts) {
    this.id = facts.id;
    Object.defineProperty(this, 'title', StoredPaper.#title);
    Object.defineProperty(this, 'abstract', StoredPaper.#abstract);
    this.topic = facts.topic;
    this.role = facts.role;
    this.categories = facts.categories;
    this.published = facts.published;
    this.split = facts.split;
    this.#texts = texts;
    this.#position = position;
  }

  /** The paper with other facts and the same texts. */
  with(facts: Partial<Facts>): StoredPaper {
    const { id, topic, role, categories, published, split } = this;
    return new StoredPaper(this.#texts, this.#position, { id, topic, role, categories, published, split, ...facts });
  }

  /** The file of its texts. */
  get texts(): PaperTexts {
    return this.#texts;
  }

  /** Where they lie in it. */
  get place(): TextPlace {
    return this.#texts.placeOf(this.#position);
  }

  // One function for all papers: properties with a getter of their own would take a kB of each.
  static readonly #title: PropertyDescriptor = {
    get(this: StoredPaper) {
      return this.#texts.read(this.#position).title;
    },
    enumerable: true,
    configurable: true,
  };
  static readonly #abstract: PropertyDescriptor = {
    get(this: StoredPaper) {
      return this.#texts.read(this.#position).abstract;
    },
    enumerable: true,
    configurable: true,
  };
}

/** Makes papers whose texts go to a file. What many papers have in common is kept once. */
export class PaperStore {
  private readonly categories = new Map<string, string[]>();
  private readonly dates = new Map<string, string>();

  constructor(readonly texts: PaperTexts) {}

  /** The paper, with its texts in the file. Until it is split it counts as trained on. */
  add({ title, abstract, ...facts }: Paper): StoredPaper {
    return this.made(this.texts.add(title, abstract), { split: 'train', ...facts });
  }

  /** A paper whose texts are in the file. */
  at(place: TextPlace, facts: Facts): StoredPaper {
    return this.made(this.texts.place(place), facts);
  }

  private made(position: number, facts: Facts): StoredPaper {
    return new StoredPaper(this.texts, position, {
      ...facts,
      categories: shared(this.categories, facts.categories.join(' '), facts.categories),
      published: facts.published === null ? null : shared(this.dates, facts.published, facts.published),
    });
  }
}

function shared<T>(known: Map<string, T>, key: string, value: T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  known.set(key, value);
  return value;
}

/** A copy of the paper with other facts; texts that lie in a file stay there. */
export function paperWith<P extends Paper, F extends Partial<Omit<SplitPaper, 'title' | 'abstract' | 'pair'>>>(
  paper: P,
  facts: F,
): P & F {
  return paper instanceof StoredPaper ? (paper.with(facts) as unknown as P & F) : { ...paper, ...facts };
}
