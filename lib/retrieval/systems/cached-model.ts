/**
 * Embeddings kept on disk by model fingerprint and text: what was computed or paid for once is not again, also after
 * an interruption. Changing k, metrics, systems or the index embeds nothing; a changed adapter has another fingerprint.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { throwIfAborted } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { isInShard, type Shard } from '../../core/shard.js';
import {
  checkedLength,
  type EmbeddingModel,
  type EmbedOptions,
  embeddingProblem,
  type KeptVectors,
  type TextKind,
} from './embedding-model.js';
import { boundStores, embeddingKey, openVectorStore, type VectorStore } from './vector-store.js';

export interface CacheOptions {
  /** Folder of the embedding cache; safe to delete. */
  folder: string;
  /** All models together; the least recently used go first. 4 GB unless told otherwise. */
  maxBytes?: number;
  /** Texts embedded between two writes to disk: what an interruption can cost. */
  textsAtOnce?: number;
}

/** The same model, with its embeddings cached. Each different text is embedded once. */
export function cachedModel(
  model: EmbeddingModel,
  { folder, maxBytes = 4 * 2 ** 30, textsAtOnce = 256 }: CacheOptions,
): EmbeddingModel {
  const name = storeName(model);
  let store: VectorStore | null = null;
  let tell: Reporting['onMessage'];
  const open = ({ onMessage }: Reporting): VectorStore => {
    tell = onMessage;
    const description = { model: model.name, fingerprint: model.fingerprint };
    store ??= openVectorStore(path.join(folder, name), description, (text) => tell?.({ level: 'warning', text }));
    return store;
  };

  async function embed(texts: string[], kind: TextKind, reporting: EmbedOptions = {}): Promise<Float32Array> {
    const cache = open(reporting);
    const keys = keysOf(texts, kind, reporting);
    const missing = new Map<string, string>();
    keys.forEach((key, i) => {
      if (!isKnown(model, cache.get(key), texts[i] as string)) missing.set(key, texts[i] as string);
    });
    await embedChunks(chunksOf(missing, textsAtOnce), kind, reporting);
    return vectorsOf(cache, keys);
  }

  /** Embeds chunk by chunk, and keeps each. */
  async function embedChunks(chunks: readonly Chunk[], kind: TextKind, reporting: EmbedOptions): Promise<void> {
    if (chunks.length === 0) return;
    const cache = open(reporting);
    const all = chunks.flat().map(([, text]) => text);
    await model.prepare?.(all, kind, reporting);
    let done = 0;
    for (const chunk of chunks) {
      throwIfAborted(reporting.signal, `${done} of ${quantity(all.length, 'embeddings')} of "${model.name}" are kept`);
      const chunkTexts = chunk.map(([, text]) => text);
      const vectors = await model.embed(chunkTexts, kind, shifted(reporting, done, all.length));
      checkedLength(model, vectors, chunkTexts);
      cache.add(
        chunk.map(([key]) => key),
        vectors,
      );
      done += chunk.length;
    }
    boundStores(folder, maxBytes, name);
  }

  async function embedShard(
    texts: string[],
    kind: TextKind,
    shard: Shard,
    reporting: EmbedOptions = {},
  ): Promise<KeptVectors> {
    const cache = open(reporting);
    const different = new Map(keysOf(texts, kind, reporting).map((key, i) => [key, texts[i] as string]));
    const own = chunksOf(different, textsAtOnce).filter((_, i) => isInShard(i, shard));
    const todo = own.filter((chunk) => chunk.some(([key, text]) => !isKnown(model, cache.get(key), text)));
    await embedChunks(todo, kind, reporting);
    const keys = own.flat().map(([key]) => key);
    return { keys, vectors: vectorsOf(cache, keys) };
  }

  return {
    name: model.name,
    kind: model.kind,
    fingerprint: model.fingerprint,
    get dimensions() {
      return model.dimensions ?? store?.dimensions ?? null;
    },
    ...(model.optional === undefined ? {} : { optional: model.optional }),
    ...(model.leavesOut === undefined ? {} : { leavesOut: model.leavesOut }),
    embed,
    embedShard,
  };
}

/** Puts vectors that another process embedded into the cache of their model. */
export function keepVectors(
  folder: string,
  model: Pick<EmbeddingModel, 'name' | 'fingerprint'>,
  { keys, vectors }: KeptVectors,
  { onMessage }: Reporting = {},
): void {
  const description = { model: model.name, fingerprint: model.fingerprint };
  openVectorStore(path.join(folder, storeName(model)), description, (text) =>
    onMessage?.({ level: 'warning', text }),
  ).add(keys, vectors);
}

function storeName({ fingerprint }: Pick<EmbeddingModel, 'fingerprint'>): string {
  return createHash('sha256').update(fingerprint).digest('hex').slice(0, 24);
}

/** An older version may have kept zeros of a service as if they were an embedding. */
function isKnown(model: EmbeddingModel, known: Float32Array | undefined, text: string): boolean {
  return known !== undefined && embeddingProblem(model, text, known) === null;
}

/** Of keys that are there [keys, d]. */
function vectorsOf(cache: VectorStore, keys: readonly string[]): Float32Array {
  const dimensions = cache.dimensions ?? 0;
  const vectors = new Float32Array(keys.length * dimensions);
  keys.forEach((key, i) => {
    vectors.set(cache.get(key) as Float32Array, i * dimensions);
  });
  return vectors;
}

/** Keys and texts that are embedded together. */
type Chunk = [key: string, text: string][];

/** By length, so that a chunk holds texts that pad to about the same. */
function chunksOf(texts: ReadonlyMap<string, string>, textsAtOnce: number): Chunk[] {
  const sorted = [...texts].sort(([, a], [, b]) => b.length - a.length);
  return Array.from({ length: Math.ceil(sorted.length / textsAtOnce) }, (_, i) =>
    sorted.slice(i * textsAtOnce, (i + 1) * textsAtOnce),
  );
}

function keysOf(texts: readonly string[], kind: TextKind, { prompt }: EmbedOptions): string[] {
  // texts hold no NUL
  return texts.map((text) => embeddingKey(kind, prompt === undefined ? text : `${prompt}\0${text}`));
}

/** Progress of one chunk as progress of the whole. */
function shifted(reporting: EmbedOptions, before: number, total: number): EmbedOptions {
  const { onProgress } = reporting;
  if (!onProgress) return reporting;
  return { ...reporting, onProgress: (event) => onProgress({ ...event, done: before + event.done, total }) };
}
