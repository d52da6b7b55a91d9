/** What an exported page is told about itself, and the form of the papers it reads. Shared by its writer and the page. */
import type { Fusion } from '../../retrieval/systems/fusion.js';
import type { SearchSystem } from '../../retrieval/systems/search-by.js';
import type { TokenizerSettings } from '../../tokens/described-tokenizer.js';

/** The files that a page loads, by what they hold; all compressed with gzip. */
export const DATA_FILES = {
  /** ONNX Runtime in WebAssembly. */
  runtime: 'runtime.bin',
  /** The encoder as ONNX. */
  model: 'model.bin',
  /** {@link SiteTokenizer} as JSON. */
  tokenizer: 'tokenizer.bin',
  /** {@link SitePapers} as JSON. */
  papers: 'papers.bin',
  /** See packed-embeddings.ts. */
  embeddings: 'embeddings.bin',
} as const;
export type DataFile = keyof typeof DATA_FILES;

/** The page as a whole. */
export interface SiteDescription {
  /** Names its files: the folder below which they lie. */
  version: string;
  /** Bytes of each data file as it is stored. */
  bytes: Record<DataFile, number>;
  /** D */
  dimensions: number;
  /** How many. */
  papers: number;
  /** Places of papers without tokens, which the encoder does not find. */
  without: number[];
  /** What searches unless the reader chooses another. */
  usual: SearchSystem;
  fusion: Fusion;
  /** Of BM25; null as usual. */
  bm25: { k1: number | null; b: number | null };
  query: {
    /** Put before a query. */
    prompt: string;
    /** Tokens that are read of it. */
    maxLength: number;
    lowerCase: boolean;
  };
}

export interface SiteTokenizer {
  /** Content of tokenizer.json. */
  description: object;
  /** Of tokenizer_config.json. */
  settings: TokenizerSettings;
}

/** Papers by columns, which compress better than records. */
export interface SitePapers {
  ids: string[];
  titles: string[];
  abstracts: string[];
  topics: string[];
  /** Place of each paper's topic; -1 for none. */
  topicOf: number[];
  /** ISO dates; null where the source does not tell. */
  published: (string | null)[];
}
