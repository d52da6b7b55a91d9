/**
 * Embeddings kept on disk by model fingerprint and text: what was computed or paid for once is not again, also after
 * an interruption. Changing k, metrics, systems or the index embeds nothing; a changed adapter has another fingerprint.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { throwIfAborted } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import {
  checkedLength,
  type EmbeddingModel,
  type EmbedOptions,
  embeddingProblem,
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
  const name = createHash('sha256').update(model.fingerprint).digest('hex').slice(0, 24);
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
    const { prompt } = reporting;
    // texts hold no NUL
    const keys = texts.map((text) => embeddingKey(kind, prompt === undefined ? text : `${prompt}\0${text}`));
    const missing = new Map<string, string>();
    keys.forEach((key, i) => {
      const text = texts[i] as string;
      const known = cache.get(key);
      // an older version may have kept zeros of a service as if they were an embedding
      if (!known || embeddingProblem(model, text, known) !== null) missing.set(key, text);
    });
    if (missing.size > 0) {
      // By length, so that a chunk holds texts that pad to about the same.
      const todo = [...missing].sort(([, a], [, b]) => b.length - a.length);
      await model.prepare?.(
        todo.map(([, text]) => text),
        kind,
        reporting,
      );
      for (let first = 0; first < todo.length; first += textsAtOnce) {
        throwIfAborted(
          reporting.signal,
          `${first} of ${quantity(todo.length, 'embeddings')} of "${model.name}" are kept`,
        );
        const chunk = todo.slice(first, first + textsAtOnce);
        const chunkTexts = chunk.map(([, text]) => text);
        const vectors = await model.embed(chunkTexts, kind, shifted(reporting, first, todo.length));
        checkedLength(model, vectors, chunkTexts);
        cache.add(
          chunk.map(([key]) => key),
          vectors,
        );
      }
      boundStores(folder, maxBytes, name);
    }
    const dimensions = cache.dimensions ?? 0;
    const out = new Float32Array(texts.length * dimensions);
    keys.forEach((key, i) => {
      out.set(cache.get(key) as Float32Array, i * dimensions);
    });
    return out;
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
  };
}

/** Progress of one chunk as progress of the whole. */
function shifted(reporting: EmbedOptions, before: number, total: number): EmbedOptions {
  const { onProgress } = reporting;
  if (!onProgress) return reporting;
  return { ...reporting, onProgress: (event) => onProgress({ ...event, done: before + event.done, total }) };
}
