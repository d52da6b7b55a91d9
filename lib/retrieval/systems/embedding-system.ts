/**
 * Retrieval with an embedding model: documents and queries are embedded, scaled to unit length, and compared by
 * inner product in a vector index.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { WorkError } from '../../core/errors.js';
import type { ProgressEvent, Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { normalizedRows } from '../../core/rows.js';
import type { Shard } from '../../core/shard.js';
import { studyEmbeddings } from '../embeddings/study.js';
import { buildIndex, loadIndex, vectorsFingerprint } from '../index/build-index.js';
import type { IndexKind, Matmul, VectorIndex } from '../index/vector-index.js';
import type { Run } from '../ranking.js';
import { checkedLength, type EmbeddingModel, type KeptVectors, type TextKind, zeroRows } from './embedding-model.js';
import type { RetrievalSystem, Retrieved } from './retrieval-system.js';

export interface EmbeddingSystemOptions {
  index?: IndexKind;
  /** Takes FAISS' place where it is absent. */
  matmul?: Matmul;
  /** Where the index is kept, and found again when the embeddings are still the same. */
  indexFolder?: string;
}

/** An embedding model as a system to compare; wrap the model in a cache first, so that nothing is embedded twice. */
export function embeddingSystem(model: EmbeddingModel, options: EmbeddingSystemOptions = {}): RetrievalSystem {
  return {
    name: model.name,
    kind: model.kind,
    model,
    ...(model.optional === undefined ? {} : { optional: model.optional }),
    async retrieve({ corpus, queries, depth, study: plan, auxiliary }, reporting): Promise<Retrieved> {
      const start = performance.now();
      const documents = await embedAll(model, corpus, 'document', reporting);
      const questions = await embedAll(model, queries, 'query', reporting);
      const embedded = performance.now();
      const found = withVectors(corpus, documents);
      const asked = withVectors(queries, questions);
      const withoutTokens = countLeftOut(
        model.name,
        corpus.length - found.ids.length,
        queries.length - asked.ids.length,
      );
      if (withoutTokens) reporting.onMessage?.({ level: 'warning', text: withoutTokens.text });
      if (found.ids.length === 0) {
        throw new WorkError(`${model.name}: its tokenizer makes nothing of any document; check the model's language`);
      }
      if (areAlike(found.vectors, documents.dimensions)) {
        const text = `${model.name}: all ${quantity(found.ids.length, 'documents')} have the same embedding, so their order means nothing; check the model or service`;
        reporting.onMessage?.({ level: 'warning', text });
      }
      const kept = auxiliary ? { ...options, indexFolder: undefined } : options;
      const index = await findOrBuild(found.ids, found.vectors, documents.dimensions, kept, reporting);
      const indexed = performance.now();
      try {
        const nearest = await index.search(asked.vectors, depth, reporting);
        const searched = performance.now();
        // A query that is left out finds nothing.
        const run: Run = new Map(queries.map(({ id }) => [id, []]));
        asked.ids.forEach((id, i) => {
          run.set(id, nearest[i] ?? []);
        });
        const embeddings = { documents: found.vectors, queries: asked.vectors, queryIds: asked.ids };
        const studied = { ...embeddings, index, depth, matmul: options.matmul };
        return {
          run,
          ...(plan ? { study: await studyEmbeddings(plan, studied, reporting) } : {}),
          ...(withoutTokens && { withoutTokens: withoutTokens.counts }),
          dimensions: documents.dimensions,
          timing: {
            embedSeconds: (embedded - start) / 1000,
            indexSeconds: (indexed - embedded) / 1000,
            searchSeconds: (searched - indexed) / 1000,
          },
        };
      } finally {
        await index.close();
      }
    },
  };
}

/** Ids and vectors of those that have one: a text that the model leaves out has zeros. */
function withVectors(
  items: readonly { id: string }[],
  { vectors, dimensions }: { vectors: Float32Array; dimensions: number },
): { ids: string[]; vectors: Float32Array } {
  const zeros = new Set(zeroRows(vectors, dimensions));
  const rows = [...items.keys()].filter((row) => !zeros.has(row));
  const ids = rows.map((row) => (items[row] as { id: string }).id);
  if (zeros.size === 0) return { ids, vectors };
  const kept = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    kept.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  return { ids, vectors: kept };
}

/** Whether there are several rows, and all are the same. */
function areAlike(vectors: Float32Array, dimensions: number): boolean {
  return vectors.length > dimensions && vectors.every((value, i) => value === vectors[i % dimensions]);
}

function countLeftOut(
  name: string,
  documents: number,
  queries: number,
): { counts: { documents: number; queries: number }; text: string } | null {
  if (documents === 0 && queries === 0) return null;
  const text = `${name}: its tokenizer makes nothing of ${quantity(documents, 'documents')}, which it does not find, and ${quantity(queries, 'queries')}, which ${agreeing(queries, 'counts', 'count')} 0`;
  return { counts: { documents, queries }, text };
}

/** Unit vectors of texts. */
export async function embedAll(
  model: EmbeddingModel,
  items: readonly Prompted[],
  kind: 'query' | 'document',
  { onProgress, ...reporting }: Reporting,
): Promise<{ vectors: Float32Array; dimensions: number }> {
  const task = `encoding ${kind === 'query' ? 'queries' : 'documents'} with ${model.name}`;
  const options = {
    ...reporting,
    ...(onProgress && { onProgress: (event: ProgressEvent) => onProgress({ ...event, task }) }),
  };
  const vectors = await embedByPrompt(model, items, kind, options);
  const texts = items.map(({ text }) => text);
  const dimensions = checkedLength(model, vectors, texts);
  return { vectors: normalizedRows(vectors, dimensions), dimensions };
}

/** A text, and what is put before it by models that know prompts. */
export interface Prompted {
  text: string;
  prompt?: string;
}

/** Texts with the prompts of the model. */
export function prompted(texts: readonly string[]): Prompted[] {
  return texts.map((text) => ({ text }));
}

/** What a shard has to embed of the texts that {@link embedAll} would; nothing for models without a cache. */
export async function embedShardOf(
  model: EmbeddingModel,
  items: readonly Prompted[],
  kind: TextKind,
  shard: Shard,
  reporting: Reporting,
): Promise<KeptVectors[]> {
  const kept: KeptVectors[] = [];
  for (const [prompt, rows] of placesByPrompt(items)) {
    const texts = rows.map((row) => (items[row] as Prompted).text);
    const options = { ...reporting, ...(prompt === undefined ? {} : { prompt }) };
    const own = await model.embedShard?.(texts, kind, shard, options);
    if (own && own.keys.length > 0) kept.push(own);
  }
  return kept;
}

function placesByPrompt(items: readonly Prompted[]): Map<string | undefined, number[]> {
  const places = new Map<string | undefined, number[]>();
  items.forEach(({ prompt }, place) => {
    const others = places.get(prompt);
    if (others) others.push(place);
    else places.set(prompt, [place]);
  });
  return places;
}

/** One call of the model for all texts with the same prompt. */
async function embedByPrompt(
  model: EmbeddingModel,
  items: readonly Prompted[],
  kind: 'query' | 'document',
  options: Reporting,
): Promise<Float32Array> {
  const places = placesByPrompt(items);
  const textsAt = (rows: readonly number[]): string[] => rows.map((row) => (items[row] as Prompted).text);
  let all = new Float32Array(0);
  for (const [prompt, rows] of places) {
    const vectors = await model.embed(textsAt(rows), kind, { ...options, ...(prompt === undefined ? {} : { prompt }) });
    if (places.size === 1) return vectors;
    const width = vectors.length / rows.length;
    if (all.length === 0) all = new Float32Array(items.length * width);
    rows.forEach((row, i) => {
      all.set(vectors.subarray(i * width, (i + 1) * width), row * width);
    });
  }
  return all;
}

async function findOrBuild(
  ids: string[],
  vectors: Float32Array,
  dimensions: number,
  { index: kind = 'flat', matmul, indexFolder }: EmbeddingSystemOptions,
  reporting: Reporting,
): Promise<VectorIndex> {
  const build = { ids, vectors, dimensions, kind, ...reporting, ...(matmul ? { matmul } : {}) };
  if (!indexFolder) return buildIndex(build);
  const fingerprint = vectorsFingerprint(ids, vectors, dimensions);
  if (fs.existsSync(path.join(indexFolder, 'index.json'))) {
    try {
      const index = await loadIndex(indexFolder, { ...build, fingerprint });
      if (index.kind === kind) return index;
      await index.close();
    } catch {
      // built from other embeddings, or damaged: built again below
    }
  }
  const index = await buildIndex(build);
  try {
    await index.save(indexFolder);
  } catch (error) {
    const text = `could not keep the index in ${indexFolder}, so it is built again next time: ${(error as Error).message}`;
    reporting.onMessage?.({ level: 'warning', text });
  }
  return index;
}

/** A folder name for the index of a system: readable, and different for names that differ. */
export function systemFolderName(name: string): string {
  const readable = name.replace(/[^a-zA-Z0-9.-]+/g, '-').slice(0, 80);
  return readable === name ? name : `${readable}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
