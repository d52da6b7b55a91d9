/**
 * The entry of a system in the registry: which names are its own, what the help says of it, how a name is checked
 * before any work, and how the system is made.
 */
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import type { EmbeddingModel } from './embedding-model.js';
import type { CostEstimate } from './openai.js';
import type { RetrievalSystem, SkippedSystem } from './retrieval-system.js';

/** What is at hand when a system is made. */
export interface SystemContext extends Reporting {
  config: Config;
  /** The encoder of the project before training. */
  untuned: () => Promise<EmbeddingModel>;
  /** The same after training; null where nothing was trained. */
  tuned: (() => Promise<EmbeddingModel>) | null;
  /** Any other model as an encoder of this library, by folder, hub id or sample name; absent where no engine is at hand. */
  encoder?: (model: string) => Promise<EmbeddingModel>;
  /** Asked before more than evaluation.openaiCostLimit is spent; absent: it is refused. */
  confirmCost?: (estimate: CostEstimate) => Promise<boolean>;
  /** Services take part without their key, with what was paid for before and lies in the cache. */
  fromCache?: boolean;
  /** An embedding model as a system, with its vectors cached on disk and its index in the run folder. */
  embedding(model: EmbeddingModel): RetrievalSystem;
  /** The system of another name, made once. For systems that are made of others. */
  find(name: string): Promise<RetrievalSystem | SkippedSystem>;
  /** Frees something when the systems are no longer needed. */
  atClose(dispose: () => Promise<void>): void;
}

/** A system as the registry knows it. To add one: `registerSystem`. */
export interface SystemDefinition {
  /** How it is written, for help and errors: "bm25", "openai:MODEL", "A+B". */
  usage: string;
  /** What it is, in one line. */
  description: string;
  /** Whether a name is one of its own; absent: the name that `usage` is. */
  matches?(name: string): boolean;
  /**
   * Checks a name that matches, without loading anything.
   *
   * @param checkOther checks the name of another system, for those that are made of others
   * @throws UserError if it can't be made
   */
  check?(name: string, checkOther: (name: string) => void): void;
  /** Makes the system, or says why it can't take part. */
  create(name: string, context: SystemContext): Promise<RetrievalSystem | SkippedSystem>;
}

export function isSkipped(made: RetrievalSystem | SkippedSystem): made is SkippedSystem {
  return 'reason' in made;
}
