/**
 * Whether a page finds what `search` finds: its own code on its own data, with the model that it gets, by ONNX Runtime for
 * Node.js. What the page rounds may swap papers whose scores are all but equal, so it is counted rather than assumed.
 */
import type { PaperIndex } from '../../pipeline/paper-index.js';
import { tokenizerOf } from '../../tokens/described-tokenizer.js';
import type { Agreement, EmbeddingFunction } from '../target.js';
import type { PackedEmbeddings } from './packed-embeddings.js';
import type { SiteDescription, SitePapers, SiteTokenizer } from './site-description.js';
import { SiteSearch } from './site-search.js';

const QUERIES = 50;
const DEPTH = 10;

export async function measureAgreement(
  index: PaperIndex,
  data: { site: SiteDescription; papers: SitePapers; embeddings: PackedEmbeddings; tokenizer: SiteTokenizer },
  model: EmbeddingFunction,
): Promise<Agreement> {
  const { site, papers, embeddings, tokenizer } = data;
  const encoder = {
    tokenizer: tokenizerOf(tokenizer.description, tokenizer.settings),
    embed: (ids: Int32Array) => model.embed([ids]),
    embeddings,
  };
  const search = new SiteSearch(site, papers, async () => encoder);
  const same = { encoder: 0, bm25: 0, hybrid: 0 };
  const queries = spread(papers.titles.filter((title) => title.trim() !== ''));
  for (const text of queries) {
    for (const system of ['encoder', 'bm25', 'hybrid'] as const) {
      const expected = (await index.search(text, DEPTH, system)).map(({ id }) => id);
      const found = await search.search({ text, system, k: DEPTH });
      if (expected.join('\n') === found.map(({ row }) => papers.ids[row]).join('\n')) same[system]++;
    }
  }
  return { queries: queries.length, depth: DEPTH, same };
}

/** As many as are asked, from all over the list. */
export function spread<T>(items: readonly T[], count = QUERIES): T[] {
  const chosen = Math.min(items.length, count);
  return Array.from({ length: chosen }, (_, i) => items[Math.floor((i * items.length) / chosen)] as T);
}
