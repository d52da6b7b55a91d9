/**
 * What another system says of the texts of a batch: for losses that are guided by it (GISTEmbed) or learn from it
 * (distillation). Losses see its numbers alone, never the system; retrieval/teacher.ts makes a teacher of any system.
 */
import { UserError } from '../core/errors.js';

/** A teacher's numbers for Q queries and M documents of a batch. */
export interface TeacherBatch {
  /** As in the settings: "bm25", "BAAI/bge-small-en-v1.5". */
  name: string;
  /** Score of each query with each document [Q, M]; cosines where the teacher has vectors. */
  scores: Float32Array;
  /** Absent for a teacher without vectors, such as bm25. */
  vectors?: TeacherVectors;
}

/** Unit vectors of a teacher, of `dimensions` numbers. */
export interface TeacherVectors {
  dimensions: number;
  /** [Q, dimensions] */
  queries: Float32Array;
  /** [M, dimensions] */
  documents: Float32Array;
  /** a b^T of two such matrices. */
  products(a: Float32Array, b: Float32Array): Promise<Float32Array>;
}

/** Another system with what it says of all texts of a training. */
export interface Teacher {
  name: string;
  /** Of everything that decides its numbers: a training is only resumed with the same teacher. */
  fingerprint: string;
  /** Length of its vectors; null for a teacher without. */
  dimensions: number | null;
  /** @throws WorkError for a text that is not of the training */
  batch(queries: readonly string[], documents: readonly string[]): Promise<TeacherBatch>;
}

/** The teacher of a batch. @throws UserError without one */
export function teacherOf(loss: string, batch: { teacher?: TeacherBatch } | undefined): TeacherBatch {
  if (batch?.teacher) return batch.teacher;
  throw new UserError(
    `${loss} learns from a teacher, and there is none: set training.teacher to a system, such as bm25`,
  );
}

/** The teacher's vectors. @throws UserError where it has none */
export function vectorsOf(loss: string, teacher: TeacherBatch): TeacherVectors {
  if (teacher.vectors) return teacher.vectors;
  throw withoutVectors(loss, teacher.name);
}

/** The error for a teacher without vectors. */
export function withoutVectors(loss: string, teacher: string): UserError {
  return new UserError(
    `the loss "${loss}" needs vectors, and the teacher "${teacher}" has none: take a teacher with vectors; without them there are training.loss=distill-scores and margin-mse, and gist with contrastQueries=false and contrastDocuments=false`,
  );
}
