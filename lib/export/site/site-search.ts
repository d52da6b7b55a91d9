/**
 * Search over the papers of an exported page: what `search --corpus all` finds, with topics and years to choose from. It runs in
 * a worker of the page; the encoder is given, so that tests run it by another runtime.
 */
import { normalizedRows } from '../../core/rows.js';
import { preparedText } from '../../models/sentence/sentence-use.js';
import { bestRows, int8Scores } from '../../retrieval/index/quantized-search.js';
import { compareRanked, type RankedDocument } from '../../retrieval/ranking.js';
import { Bm25Index } from '../../retrieval/systems/bm25-index.js';
import { type SearchedBy, type SearchSystem, searchBy } from '../../retrieval/systems/search-by.js';
import type { Tokenizer } from '../../tokens/described-tokenizer.js';
import { type PackedEmbeddings, rowScores } from './packed-embeddings.js';
import type { SiteDescription, SitePapers } from './site-description.js';

export interface SiteQuery {
  text: string;
  system: SearchSystem;
  /** Results wanted. */
  k: number;
  /** Absent: all. */
  topic?: string;
  /** The first and last year; a paper without a date is in no year. */
  from?: number;
  to?: number;
}

/** What a part of the system said of a paper. */
export interface PartScore {
  /** From 1, among those that are chosen by topic and year. */
  rank: number;
  score: number;
}

export interface SiteResult {
  /** Its place among the papers. */
  row: number;
  score: number;
  bm25?: PartScore;
  encoder?: PartScore;
}

/** The pooled embedding [D] of token ids. */
export type EmbedQuery = (ids: Int32Array) => Promise<Float32Array>;

/** Candidates by codes for each result wanted, and at least: the codes rank the true ones among the first few. */
const CANDIDATES_A_RESULT = 4;
const FEWEST_CANDIDATES = 200;

/** What searching by meaning takes. */
export interface SiteEncoder {
  tokenizer: Tokenizer;
  embed: EmbedQuery;
  embeddings: PackedEmbeddings;
}

export class SiteSearch {
  private index: Bm25Index | undefined;
  private readonly rowOf: Map<string, number>;
  private readonly without: Set<number>;

  constructor(
    private readonly site: SiteDescription,
    private readonly papers: SitePapers,
    /** Asked for where it is needed: words are searched before it is there. */
    private readonly encoder: () => Promise<SiteEncoder>,
  ) {
    this.rowOf = new Map(papers.ids.map((id, row) => [id, row]));
    this.without = new Set(site.without);
  }

  async search(query: SiteQuery): Promise<SiteResult[]> {
    const { text, system, k } = query;
    const isWanted = this.choice(query);
    const found = await searchBy(system, k, {
      size: this.papers.ids.length,
      fusion: this.site.fusion,
      bm25: (depth) => this.bm25().search(text, depth, isWanted),
      encoder: async (depth) => this.nearest(text, await this.encoder(), depth, isWanted),
    });
    return this.results(found);
  }

  /** Made when it is first asked for: it takes a quarter of a second for some thousand papers, which meaning need not wait for. */
  bm25(): Bm25Index {
    if (this.index) return this.index;
    const { k1, b } = this.site.bm25;
    const index = new Bm25Index({ k1: k1 ?? undefined, b: b ?? undefined });
    this.papers.abstracts.forEach((text, row) => {
      index.add({ id: this.papers.ids[row]!, text });
    });
    this.index = index;
    return index;
  }

  private async vectorOf(text: string, { tokenizer, embed }: SiteEncoder): Promise<Float32Array | null> {
    const { prompt, maxLength, lowerCase } = this.site.query;
    const ids = tokenizer.encode(preparedText(text, prompt, lowerCase), maxLength);
    return ids.length === 0 ? null : normalizedRows(await embed(ids), this.site.dimensions);
  }

  /** Undefined where all are wanted. */
  private choice({ topic, from, to }: SiteQuery): ((row: number) => boolean) | undefined {
    if (topic === undefined && from === undefined && to === undefined) return undefined;
    const { topics, topicOf, published } = this.papers;
    const wanted = topic === undefined ? undefined : topics.indexOf(topic);
    return (row) => {
      if (wanted !== undefined && topicOf[row] !== wanted) return false;
      if (from === undefined && to === undefined) return true;
      const date = published[row];
      if (!date) return false;
      const year = Number(date.slice(0, 4));
      return year >= (from ?? year) && year <= (to ?? year);
    };
  }

  private async nearest(
    text: string,
    encoder: SiteEncoder,
    depth: number,
    isWanted: (row: number) => boolean = () => true,
  ): Promise<RankedDocument[]> {
    const query = await this.vectorOf(text, encoder);
    if (query === null) return [];
    const { codes: stored, ranges, dimensions } = encoder.embeddings;
    const { ids } = this.papers;
    const rows = [...ids.keys()].filter((row) => !this.without.has(row) && isWanted(row));
    const codes = int8Scores(stored, dimensions, ranges)(query);
    const most = Math.max(FEWEST_CANDIDATES, CANDIDATES_A_RESULT * depth);
    const candidates = bestRows(
      Int32Array.from(rows, (row) => codes[row]!),
      most,
    );
    const scoreOf = rowScores(encoder.embeddings)(query);
    return candidates
      .map((at) => ({ id: ids[rows[at]!]!, score: scoreOf(rows[at]!) }))
      .sort(compareRanked)
      .slice(0, depth);
  }

  private results({ ranked, bm25, encoder }: SearchedBy): SiteResult[] {
    const places = (part: RankedDocument[] = []): Map<string, PartScore> =>
      new Map(part.map(({ id, score }, i) => [id, { rank: i + 1, score }]));
    const [byWords, byMeaning] = [places(bm25), places(encoder)];
    return ranked.map(({ id, score }) => {
      const words = byWords.get(id);
      const meaning = byMeaning.get(id);
      const row = this.rowOf.get(id)!;
      return { row, score, ...(words && { bm25: words }), ...(meaning && { encoder: meaning }) };
    });
  }
}
