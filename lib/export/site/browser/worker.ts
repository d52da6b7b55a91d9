/** Everything that takes time: loads the files, and searches. The page stays free to be typed into. */
import { parseArxivId } from '../../../datasets/arxiv-id.js';
import { tokenizerOf } from '../../../tokens/described-tokenizer.js';
import { excerptOf, markedText } from '../excerpt.js';
import { readEmbeddings } from '../packed-embeddings.js';
import {
  DATA_FILES,
  type DataFile,
  type SiteDescription,
  type SitePapers,
  type SiteTokenizer,
} from '../site-description.js';
import { type SiteEncoder, type SiteQuery, type SiteResult, SiteSearch } from '../site-search.js';
import { openEncoder } from './encoder.js';
import { type LoadedFile, loadFile } from './load-file.js';
import type { FromWorker, ShownResult, ToWorker } from './messages.js';

interface Opened {
  papers: SitePapers;
  search: SiteSearch;
  encoder: Promise<SiteEncoder>;
}

let opening: Promise<Opened> | undefined;
let answering: Promise<void> = Promise.resolve();

const tell = (message: FromWorker): void => postMessage(message);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'open') {
    opening = open(data.site, data.cache);
    opening.catch((error: unknown) => tell({ type: 'failed', problem: reasonOf(error) }));
  } else answering = answer(data.id, data.query);
});

/** Resolves as soon as words can be searched; the encoder is told of when it is there. */
async function open(site: SiteDescription, cache: string): Promise<Opened> {
  const total = Object.values(site.bytes).reduce((sum, bytes) => sum + bytes, 0);
  let done = 0;
  const loaded: LoadedFile[] = [];
  const load = async (file: DataFile): Promise<Uint8Array> => {
    const one = await loadFile(new URL(DATA_FILES[file], import.meta.url), cache, (bytes) => {
      done = Math.min(total, done + bytes);
      tell({ type: 'progress', done, total });
    });
    loaded.push(one);
    return one.bytes;
  };
  const papers = load('papers').then(parsed<SitePapers>);
  const encoder = loadEncoder(site, load);
  const problem = encoder.then(() => null, reasonOf);
  const opened = { papers: await papers, search: new SiteSearch(site, await papers, () => encoder), encoder };
  void problem.then(async (withoutEncoder) => {
    tell({ type: 'ready', withoutEncoder });
    // what the first result need not wait for
    await answering;
    opened.search.bm25();
    await Promise.all(loaded.map((one) => one.keep()));
    tell({ type: 'kept' });
  });
  return opened;
}

async function loadEncoder(site: SiteDescription, load: (file: DataFile) => Promise<Uint8Array>): Promise<SiteEncoder> {
  const [embed, embeddings, { description, settings }] = await Promise.all([
    openEncoder(load('runtime'), load('model')),
    load('embeddings'),
    load('tokenizer').then(parsed<SiteTokenizer>),
  ]);
  return {
    embed,
    embeddings: readEmbeddings(embeddings, site.papers, site.dimensions),
    tokenizer: tokenizerOf(description, settings),
  };
}

function parsed<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

async function answer(id: number, query: SiteQuery): Promise<void> {
  try {
    const { papers, search, encoder } = await (opening as Promise<Opened>);
    // what has to be there first is no part of the time that is shown
    if (query.system !== 'encoder') search.bm25();
    if (query.system !== 'bm25') await encoder;
    const start = performance.now();
    const found = await search.search(query);
    const results = found.map((result) => shown(papers, result, query.text));
    tell({ type: 'found', id, results, milliseconds: performance.now() - start });
  } catch (error) {
    tell({ type: 'unanswered', id, problem: reasonOf(error) });
  }
}

function shown(
  { ids, titles, abstracts, topics, topicOf, published }: SitePapers,
  found: SiteResult,
  query: string,
): ShownResult {
  const { row, ...scores } = found;
  const [id, abstract] = [ids[row] as string, abstracts[row] as string];
  const arxiv = parseArxivId(id);
  return {
    ...scores,
    id,
    link: arxiv ? `https://arxiv.org/abs/${arxiv.id}` : null,
    title: markedText(titles[row] || id, query),
    topic: topics[topicOf[row] as number] ?? '',
    published: published[row] ?? '',
    excerpt: excerptOf(abstract, query),
    abstract: markedText(abstract, query),
  };
}
