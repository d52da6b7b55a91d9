/** The contract of an export target: one way in which a model leaves the house. */
import type { Reporting } from '../core/events.js';
import type { Engine } from '../engine/types.js';
import type { StepResults } from '../pipeline/step-results.js';
import type { SearchSystem } from '../retrieval/systems/search-by.js';
import type { ExportSource } from './source.js';

/** How often a search page finds what `search` finds: queries whose first results are the same papers in the same order. */
export interface Agreement {
  queries: number;
  depth: number;
  same: Record<SearchSystem, number>;
}

export interface WriteOptions extends Reporting {
  /** Absent: what the target does by itself. */
  precisions: readonly string[];
  /** Largest file of weights in bytes, before they are spread over several. */
  shardBytes: number;
  /** Papers and their embeddings, for what takes these along. */
  results: StepResults;
}

/** A file, or files, of weights in one precision. */
export interface ExportedVariant {
  precision: string;
  /** Of its weights, relative to the folder. */
  files: string[];
  bytes: number;
  /** Of a search page: how often it finds what `search` finds. */
  agreement?: Agreement;
  /** Loads it as its users do. Absent where rounding changed nothing that is worth measuring. */
  open?(folder: string, engine: Engine): Promise<EmbeddingFunction>;
}

/** Embeddings of token ids as a variant gives them. */
export interface EmbeddingFunction {
  /** [texts, D], each of length 1. */
  embed(texts: Int32Array[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ExportTarget {
  /** What `--to` calls it. */
  name: string;
  /** One line, for help. */
  description: string;
  /** What `--precision` takes. Empty: the files are as they were trained. */
  precisions: readonly string[];
  /** Whether several can be asked for at once; all are made where none is named. */
  several: boolean;
  /** What the hub calls the library that loads it; null for what is no model, and has no place there. */
  library: string | null;
  /** Refuses before anything is written what it cannot make. @throws UserError */
  check?(source: ExportSource): void | Promise<void>;
  /** Writes into an empty folder. */
  write(folder: string, source: ExportSource, options: WriteOptions): Promise<ExportedVariant[]>;
}
