/**
 * An encoder for other programs: texts to vectors, and search, in a few lines.
 *
 *   const encoder = await loadEncoder('checkpoints/experiment');
 *   const [vector] = await encoder.encode(['primordial black holes']);
 */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { makerOf } from '../encoder/made-by.js';
import { bm25Options } from '../retrieval/systems/bm25.js';
import { type EncoderSettings, encoderSource } from './encoder-source.js';
import { openEncoder } from './open-encoder.js';
import { openPaperIndex, type PaperIndex } from './paper-index.js';
import type { SearchResult } from './search.js';
import { type IndexedDocument, openSearchIndex, type SearchIndex, type SearchSystem } from './search-index.js';
import { openStepResults, type StepResults } from './step-results.js';
import { openTextEncoder, type TextEncoder } from './text-encoder.js';

/** How texts are encoded; see {@link LoadedEncoder}. */
export interface EncodeOptions extends Reporting {
  /** Put before every text, instead of the prompt that the model has for it. */
  prompt?: string;
  /** Keep the first so many of each vector, before it is scaled to length 1 (Matryoshka); absent: all. */
  dimensions?: number;
}

/** An encoder in memory. Calls may overlap. Close it to free the engine. */
export interface LoadedEncoder {
  /** The name of the run, the hub id, or the name of the folder. */
  readonly name: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** SHA-256 of its weights, which the files of `encode` name: vectors of two encoders are not comparable. */
  weights(): string;
  /**
   * A vector per text, as the command `encode` writes it: of length 1 unless the model's folder says otherwise, longer texts
   * truncated to what the model reads.
   * @throws UserError for a text that the tokenizer makes nothing of
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  /** The same, with the prompt that queries were trained with before each; without one it is {@link encode}. */
  encodeQueries(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  /** The same for documents. */
  encodeDocuments(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  /** Makes texts searchable, by this encoder, by BM25, and by both. Texts alone are found by their places, "0" and on. */
  index(documents: readonly (string | IndexedDocument)[], options?: Reporting): Promise<SearchIndex>;
  /**
   * The papers of the run nearest to a query, the nearest first; the first call embeds them all, unless they are in the cache.
   * @throws UserError where the encoder is not of a run
   */
  search(query: string, k?: number, options?: { system?: SearchSystem } & Reporting): Promise<SearchResult[]>;
  close(): Promise<void>;
}

/** Settings on top of the encoder's own, and who hears what happens. */
export interface LoadEncoderOptions extends Reporting, EncoderSettings {}

/** What `loadEncoder` puts together, for those in the library that need more of it. */
export interface EncoderParts {
  name: string;
  config: Config;
  /** Null for an encoder that is not of a run. */
  run: string | null;
  results: StepResults;
  textEncoder: TextEncoder;
  close(): Promise<void>;
}

/**
 * Loads an encoder: the one that a run trained, an adapter, a model folder, a hub model, or one of this package ("sample").
 *
 * @param source a run folder, a folder, or a hub id
 * @param options settings on top of the encoder's own, such as `settings: ['engine=wasm']`
 * @throws UserError in one line that says what is wrong with the source
 */
export async function loadEncoder(source: string, options: LoadEncoderOptions = {}): Promise<LoadedEncoder> {
  const parts = await loadEncoderParts(source, options);
  const { config, run, results, textEncoder } = parts;
  const { dimensions } = textEncoder.opened.encoder;
  const indexes: SearchIndex[] = [];
  let papers: Promise<PaperIndex> | undefined;
  const embed = async (
    texts: readonly string[],
    role: 'query' | 'document',
    reporting: Reporting,
  ): Promise<Float32Array> => joined(await textEncoder.encode(texts, { ...reporting, role }), dimensions);

  return {
    name: parts.name,
    dimensions,
    weights: () => makerOf(textEncoder.opened.encoder).weights,
    encode: (texts, asked = {}) => textEncoder.encode(texts, { ...asked, role: 'text' }),
    encodeQueries: (texts, asked = {}) => textEncoder.encode(texts, { ...asked, role: 'query' }),
    encodeDocuments: (texts, asked = {}) => textEncoder.encode(texts, { ...asked, role: 'document' }),
    async index(documents, reporting = {}) {
      const named = documents.map((one, i) => (typeof one === 'string' ? { id: String(i), text: one } : one));
      const index = await openSearchIndex(named, { ...reporting, embed, dimensions, bm25: bm25Options(config) });
      indexes.push(index);
      return index;
    },
    async search(query, k = 10, { system, ...reporting } = {}) {
      if (run === null) {
        throw new UserError(
          `${parts.name} is a model, without papers: expected a run, or search an index of your own texts`,
        );
      }
      papers ??= openPaperIndex(results, config, textEncoder, reporting);
      const index = await papers.catch((error: unknown) => {
        papers = undefined;
        throw error;
      });
      return index.search(query, k, system, reporting);
    },
    async close() {
      for (const index of indexes) await index.close();
      await papers?.then(
        (index) => index.close(),
        () => undefined,
      );
      await parts.close();
    },
  };
}

/** @throws UserError as {@link loadEncoder} */
export async function loadEncoderParts(source: string, options: LoadEncoderOptions = {}): Promise<EncoderParts> {
  const { preset, input, settings, ...reporting } = options;
  const given = {
    ...(preset !== undefined && { preset }),
    ...(input !== undefined && { input }),
    ...(settings && { settings }),
  };
  const { name, config, which } = await encoderSource(source, given);
  const results = openStepResults();
  try {
    const opened = await openEncoder(results, config, { ...which, ...reporting });
    const textEncoder = await openTextEncoder(opened, config.batches.tokenBudget);
    return {
      name,
      config,
      run: which.run ?? null,
      results,
      textEncoder,
      async close() {
        await opened.encoder.dispose();
        await results.close();
      },
    };
  } catch (error) {
    await results.close();
    throw error;
  }
}

function joined(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const rows = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, row) => {
    rows.set(vector, row * dimensions);
  });
  return rows;
}
