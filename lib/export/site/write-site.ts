/**
 * A folder that any web server hands out as it is: a page that searches the papers of a run in the browser.
 *
 *   index.html, service-worker.js      the page, and what keeps it for use without a connection
 *   <version>/                         everything else, named by its content: it never changes under its address
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSampleCorpus } from '../../config/datasets.js';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { formatQuantity, metricLabel } from '../../display/format.js';
import { parseJson } from '../../files/json.js';
import { headlineOf } from '../../pipeline/headline.js';
import { openEncoder } from '../../pipeline/open-encoder.js';
import { openPaperIndex, type PaperIndex } from '../../pipeline/paper-index.js';
import { bestSystem } from '../../pipeline/search.js';
import type { StepResults } from '../../pipeline/step-results.js';
import { openTextEncoder } from '../../pipeline/text-encoder.js';
import { bm25Options } from '../../retrieval/systems/bm25.js';
import type { SearchSystem } from '../../retrieval/systems/search-by.js';
import type { TokenizerSettings } from '../../tokens/described-tokenizer.js';
import { encoderGraph, encoderWeights } from '../onnx/encoder-graph.js';
import { INLINE_LIMIT, writeOnnxFile } from '../onnx/model-file.js';
import { openOnnxFile } from '../onnx/open-onnx-file.js';
import type { OnnxPrecision } from '../onnx/stored-weights.js';
import type { ExportSource } from '../source.js';
import type { Agreement } from '../target.js';
import { libraryVersion } from '../version.js';
import { measureAgreement } from './agreement.js';
import { embeddingBytes, type PackedEmbeddings, packEmbeddings } from './packed-embeddings.js';
import { pageHtml } from './page-html.js';
import {
  DATA_FILES,
  type DataFile,
  type SiteDescription,
  type SitePapers,
  type SiteTokenizer,
} from './site-description.js';
import { pageFiles, runtimeBinary, serviceWorkerScript, zipped } from './site-files.js';
import { exampleQueries, sitePapers, topicCounts, yearsOf } from './site-papers.js';

export interface WrittenSite {
  /** Of the model, relative to the folder. */
  model: string;
  modelBytes: number;
  agreement: Agreement;
}

type OpenedIndex = PaperIndex & { usual: SearchSystem };

/** @param folder that is empty */
export async function writeSite(
  folder: string,
  source: ExportSource,
  { results, precision, ...reporting }: Reporting & { results: StepResults; precision: OnnxPrecision },
): Promise<WrittenSite> {
  const opened = await openIndex(results, source, reporting);
  const work = join(folder, 'work');
  await mkdir(work);
  const { file, external } = await writeOnnxFile(work, 'model', {
    ...encoderGraph(source),
    weights: encoderWeights(source, reporting),
    precision,
    inlineLimit: INLINE_LIMIT,
  });
  if (external) throw new UserError(`${source.name} has more than 2 GB of weights: no browser runs it`);
  const model = join(work, file);
  try {
    const papers = sitePapers(opened.index);
    const embeddings = packEmbeddings(everyRow(opened.index), opened.index.contents.dimensions);
    const tokenizer = await readTokenizer(source.folder);
    reporting.onMessage?.({ level: 'info', text: 'compressing what the page loads' });
    const data = await dataFiles({ model, tokenizer, papers, embeddings });
    const scripts = await pageFiles();
    const version = versionOf([...Object.values(scripts), ...Object.values(data)]);
    const bytes = Object.fromEntries(Object.entries(data).map(([name, { length }]) => [name, length]));
    const site = describeSite(opened.index, source, { version, bytes: bytes as Record<DataFile, number>, papers });
    for (const [name, text] of Object.entries(scripts)) await writeFile(join(work, name), text);
    for (const [name, content] of Object.entries(data))
      await writeFile(join(work, DATA_FILES[name as DataFile]), content);
    const runnable = await openOnnxFile(model);
    let agreement: Agreement;
    try {
      agreement = await measureAgreement(opened.index, { site, papers, embeddings, tokenizer }, runnable);
    } finally {
      await runnable.close();
    }
    await rm(model);
    await rename(work, join(folder, version));
    await writeFile(join(folder, 'index.html'), pageHtml(pageFacts(source, site, papers)));
    const files = ['./', ...Object.keys(scripts), ...Object.values(DATA_FILES)].map((name) =>
      name === './' ? name : `${version}/${name}`,
    );
    await writeFile(join(folder, 'service-worker.js'), await serviceWorkerScript({ version, files }));
    // GitHub Pages then hands the files out as they are
    await writeFile(join(folder, '.nojekyll'), '');
    return { model: `${version}/${DATA_FILES.model}`, modelBytes: bytes.model as number, agreement };
  } finally {
    await opened.close();
  }
}

async function openIndex(
  results: StepResults,
  { settings, run }: ExportSource,
  reporting: Reporting,
): Promise<{ index: OpenedIndex; close(): Promise<void> }> {
  const { adapter } = settings.encoder;
  const which = run ? { run: run.folder } : adapter === null ? {} : { adapter };
  const encoder = await openEncoder(results, settings, { ...which, ...reporting });
  try {
    const textEncoder = await openTextEncoder(encoder, settings.batches.tokenBudget);
    const index = await openPaperIndex(results, settings, textEncoder, reporting);
    const { name } = await bestSystem(run?.folder, encoder.isTuned);
    return {
      index: { ...index, usual: name === 'bm25' || name === 'hybrid' ? name : 'encoder' },
      async close() {
        await index.close();
        await encoder.encoder.dispose();
      },
    };
  } catch (error) {
    await encoder.encoder.dispose();
    throw error;
  }
}

/** The embeddings of all papers [n, D]; where one has none, any, since nothing finds it. */
function everyRow({ corpus, contents: { rows, vectors, dimensions } }: PaperIndex): Float32Array {
  if (corpus.length < 2) throw new UserError('one paper: expected two or more to search');
  const all = new Float32Array(corpus.length * dimensions);
  for (let row = 0; row < corpus.length; row++) all.set(vectors.subarray(0, dimensions), row * dimensions);
  rows.forEach((row, i) => {
    all.set(vectors.subarray(i * dimensions, (i + 1) * dimensions), row * dimensions);
  });
  return all;
}

async function readTokenizer(folder: string): Promise<SiteTokenizer> {
  const read = async (name: string): Promise<object> => parseJson(await readFile(join(folder, name), 'utf8')) as object;
  const settings = await read('tokenizer_config.json').catch(() => ({}));
  return { description: await read('tokenizer.json'), settings: settings as TokenizerSettings };
}

async function dataFiles(of: {
  model: string;
  tokenizer: SiteTokenizer;
  papers: SitePapers;
  embeddings: PackedEmbeddings;
}): Promise<Record<DataFile, Uint8Array>> {
  const [runtime, model, tokenizer, papers, embeddings] = await Promise.all([
    runtimeBinary().then(zipped),
    readFile(of.model).then(zipped),
    zipped(JSON.stringify(of.tokenizer)),
    zipped(JSON.stringify(of.papers)),
    zipped(embeddingBytes(of.embeddings)),
  ]);
  return { runtime, model, tokenizer, papers, embeddings };
}

function versionOf(contents: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(createHash('sha256').update(content).digest());
  return hash.digest('hex').slice(0, 12);
}

function describeSite(
  { contents, query, corpus, usual }: OpenedIndex,
  { settings, use }: ExportSource,
  { papers, ...named }: Pick<SiteDescription, 'version' | 'bytes'> & { papers: SitePapers },
): SiteDescription {
  const found = new Set(contents.rows);
  const { k1 = null, b = null } = bm25Options(settings);
  return {
    ...named,
    dimensions: contents.dimensions,
    papers: papers.ids.length,
    without: [...corpus.keys()].filter((row) => !found.has(row)),
    usual,
    fusion: contents.fusion,
    bm25: { k1, b },
    query: { ...query, lowerCase: use.lowerCase },
  };
}

function pageFacts(source: ExportSource, site: SiteDescription, papers: SitePapers): Parameters<typeof pageHtml>[0] {
  const { name, baseName, run, adapter, settings } = source;
  const isTuned = run !== null || adapter !== null;
  return {
    site,
    name,
    encoder: isTuned ? `fine-tuned from ${baseName}` : baseName,
    isSynthetic: isSampleCorpus(settings.datasets),
    topics: topicCounts(papers),
    years: yearsOf(papers),
    examples: exampleQueries(papers),
    date: new Date().toISOString().slice(0, 10),
    libraryVersion: libraryVersion(),
    measured: measuredBy(source, site.usual),
  };
}

/** What the report of the run says of the system that searches. */
function measuredBy({ run }: ExportSource, usual: SearchSystem): string {
  const names = usual === 'encoder' ? ['tuned', 'untuned'] : [usual];
  const system = run?.report?.systems.find(({ name }) => names.includes(name));
  const metric = system && headlineOf(Object.keys(system.metrics));
  const value = metric ? system?.metrics[metric]?.value : undefined;
  if (!metric || typeof value !== 'number' || !run?.report) return '';
  return `its ${metricLabel(metric)} was ${value.toFixed(3).replace(/^0/, '')} on ${formatQuantity(run.report.corpus.queries, 'queries')} of the evaluated side`;
}
