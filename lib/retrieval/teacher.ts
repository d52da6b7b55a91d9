/**
 * Any system as the teacher of a training (losses/teacher.ts). Systems with vectors embed every text once, through their
 * cache on disk, and are then free to go; their scores are cosines. BM25 and hybrids score documents when a batch asks.
 */
import { WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import type { Teacher, TeacherBatch } from '../losses/teacher.js';
import type { Matmul } from './index/vector-index.js';
import { scorerOf } from './systems/document-scorer.js';
import type { EmbeddingModel } from './systems/embedding-model.js';
import { embedAll, prompted } from './systems/embedding-system.js';
import type { RetrievalSystem } from './systems/retrieval-system.js';

/** All texts that a training may ask about. */
export interface TeacherTexts {
  queries: readonly string[];
  documents: readonly string[];
}

export interface TeacherOptions extends Reporting {
  /** Of vectors; of a batch, so that it may be called at any time of the training. */
  matmul: Matmul;
}

/** @throws UserError for a system that has neither vectors nor scores to give */
export async function systemTeacher(
  system: RetrievalSystem,
  texts: TeacherTexts,
  options: TeacherOptions,
): Promise<Teacher> {
  const queries = placesOf(texts.queries);
  const documents = placesOf(texts.documents);
  const unique = { queries: [...queries.keys()], documents: [...documents.keys()] };
  if (system.model) return vectorTeacher(system.name, system.model, { queries, documents }, options);
  const scorer = await scorerOf(system, unique, options);
  return {
    name: system.name,
    fingerprint: fingerprintOf([system.name, scorer.fingerprint]),
    dimensions: null,
    async batch(asked, about): Promise<TeacherBatch> {
      const columns = about.map((text) => placeOf(documents, text));
      const scores = new Float32Array(asked.length * columns.length);
      for (const [row, text] of asked.entries()) {
        const all = scorer.score(placeOf(queries, text));
        columns.forEach((column, j) => {
          scores[row * columns.length + j] = all[column] as number;
        });
      }
      return { name: system.name, scores };
    },
  };
}

async function vectorTeacher(
  name: string,
  model: EmbeddingModel,
  places: Record<'queries' | 'documents', Map<string, number>>,
  { matmul, ...reporting }: TeacherOptions,
): Promise<Teacher> {
  const documents = await embedAll(model, prompted([...places.documents.keys()]), 'document', reporting);
  const queries = await embedAll(model, prompted([...places.queries.keys()]), 'query', reporting);
  const { dimensions } = documents;
  const rowsOf = (vectors: Float32Array, at: Map<string, number>, texts: readonly string[]): Float32Array => {
    const rows = new Float32Array(texts.length * dimensions);
    texts.forEach((text, row) => {
      const place = placeOf(at, text);
      rows.set(vectors.subarray(place * dimensions, (place + 1) * dimensions), row * dimensions);
    });
    return rows;
  };
  const products = (a: Float32Array, b: Float32Array): Promise<Float32Array> => matmul(a, b, dimensions);
  return {
    name,
    fingerprint: fingerprintOf([name, model.fingerprint]),
    dimensions,
    async batch(asked, about): Promise<TeacherBatch> {
      const ofQueries = rowsOf(queries.vectors, places.queries, asked);
      const ofDocuments = rowsOf(documents.vectors, places.documents, about);
      return {
        name,
        scores: await products(ofQueries, ofDocuments),
        vectors: { dimensions, queries: ofQueries, documents: ofDocuments, products },
      };
    },
  };
}

/** Each different text with its place. */
function placesOf(texts: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const text of texts) if (!places.has(text)) places.set(text, places.size);
  return places;
}

function placeOf(places: Map<string, number>, text: string): number {
  const place = places.get(text);
  if (place !== undefined) return place;
  throw new WorkError(
    `the teacher does not know the text ${JSON.stringify(text.slice(0, 60))}: it is not of the training`,
  );
}
