/**
 * What is compared: anything that finds documents for queries. Embedding models, BM25 and hybrids of them all see the
 * same corpus, the same queries and the same depth.
 */
import type { Reporting } from '../../core/events.js';
import type { EmbeddingStudy, StudyOptions } from '../embeddings/study.js';
import type { Qrels, Run } from '../ranking.js';
import type { EmbeddingModel } from './embedding-model.js';
import type { FusionUse } from './fusion.js';
import type { SystemKind } from './system-kind.js';

export type { SystemKind } from './system-kind.js';

/** A system that was asked for and cannot take part. */
export interface SkippedSystem {
  name: string;
  reason: string;
}

/** A document of the corpus. */
export interface CorpusDocument {
  id: string;
  /** What is searched: an abstract. */
  text: string;
  /** For the reader of the report; not searched unless it is part of the text. */
  title?: string;
  /** For breakdowns by topic. */
  topic?: string;
  /** Put before it by systems that know prompts, in place of their own; absent: theirs. */
  prompt?: string;
}

/** A query. */
export interface Query {
  id: string;
  text: string;
  topic?: string;
  /** As of a document. */
  prompt?: string;
}

/** What a system is asked. */
export interface RetrievalTask {
  corpus: readonly CorpusDocument[];
  queries: readonly Query[];
  /** Documents wanted for each query. */
  depth: number;
  /** Asks systems with embeddings to look at them as well. */
  study?: StudyOptions;
  /** What systems with settings of their own (hybrids) may choose them by; nothing of it is reported. */
  validation?: ValidationTask;
  /** A task beside the one that is reported: its index is not kept. */
  auxiliary?: boolean;
}

/** Judged queries apart from those of the task. */
export interface ValidationTask {
  /** Whether they are of the corpus of the task and kept out of its report, and not of a side of their own. */
  keptOut?: boolean;
  corpus: readonly CorpusDocument[];
  queries: readonly Query[];
  qrels: Qrels;
  depth: number;
}

export interface RetrievalTiming {
  embedSeconds: number;
  indexSeconds: number;
  searchSeconds: number;
}

/** What a system found, and what that took. */
export interface Retrieved {
  run: Run;
  timing: RetrievalTiming;
  /** Length of the embeddings; null for systems without. */
  dimensions: number | null;
  /** How a hybrid fused its parts. */
  fusion?: FusionUse;
  /** Texts that the tokenizer makes nothing of, where there are any: not found, and finding nothing. */
  withoutTokens?: { documents: number; queries: number };
  /** Where the task asked for it and the system has embeddings. */
  study?: EmbeddingStudy;
}

/** Scores of every document for a query, of a system without vectors. */
export interface DocumentScorer {
  /** Of everything that decides the scores but the texts. */
  fingerprint: string;
  /** @param query its place among the queries  @returns one score a document, in their order */
  score(query: number): Float32Array;
}

/** Anything that finds documents for queries. */
export interface RetrievalSystem {
  /** As in the report: "tuned", "openai:text-embedding-3-small". */
  readonly name: string;
  readonly kind: SystemKind;
  /** A failure leaves the system out, with the reason, instead of ending the evaluation: services that may be away. */
  readonly optional?: boolean;
  /** What makes its vectors, cached on disk; absent for systems without. */
  readonly model?: EmbeddingModel;
  /** Whose findings it puts together, of hybrids. */
  readonly parts?: readonly RetrievalSystem[];
  /** Scores all documents, for systems without vectors that can teach others; see retrieval/teacher.ts. */
  scorer?(
    texts: { queries: readonly string[]; documents: readonly string[] },
    reporting: Reporting,
  ): Promise<DocumentScorer>;
  /**
   * Finds documents for all queries of a task.
   *
   * @param retrieveOther runs another system on the same task, or gives what it already found; for hybrids
   */
  retrieve(
    task: RetrievalTask,
    reporting: Reporting,
    retrieveOther: (system: RetrievalSystem) => Promise<Retrieved>,
  ): Promise<Retrieved>;
}
