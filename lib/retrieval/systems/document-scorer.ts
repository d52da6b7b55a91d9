/** Scores of every document for a query, by systems of any kind: what a hybrid teaches with. */

import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { fingerprintOf } from '../../core/fingerprint.js';
import { dot } from '../../core/rows.js';
import { embedAll, prompted } from './embedding-system.js';
import { DEFAULT_FUSION } from './fusion.js';
import type { DocumentScorer, RetrievalSystem } from './retrieval-system.js';

interface Texts {
  queries: readonly string[];
  documents: readonly string[];
}

/** @throws UserError for a system that has neither vectors nor scores to give */
export async function scorerOf(system: RetrievalSystem, texts: Texts, reporting: Reporting): Promise<DocumentScorer> {
  const scorer = await system.scorer?.(texts, reporting);
  if (scorer) return scorer;
  const { model } = system;
  if (!model) {
    throw new UserError(
      `training.teacher = "${system.name}" has neither vectors nor scores of pairs, so it cannot teach: expected a system with either`,
    );
  }
  const documents = await embedAll(model, prompted(texts.documents), 'document', reporting);
  const queries = await embedAll(model, prompted(texts.queries), 'query', reporting);
  const { dimensions, vectors } = documents;
  return {
    fingerprint: model.fingerprint,
    score(query) {
      const scores = new Float32Array(texts.documents.length);
      for (let j = 0; j < scores.length; j++) {
        scores[j] = dot(queries.vectors, query * dimensions, vectors, j * dimensions, dimensions);
      }
      return scores;
    },
  };
}

/** The weighted sum of two systems, each divided by the best score of the query, as fusion.ts has it by default. */
export async function fusedScorer(
  a: RetrievalSystem,
  b: RetrievalSystem,
  texts: Texts,
  reporting: Reporting,
): Promise<DocumentScorer> {
  const parts = [await scorerOf(a, texts, reporting), await scorerOf(b, texts, reporting)] as const;
  const weight = DEFAULT_FUSION.weight;
  const share = (scores: Float32Array): Float32Array => {
    const best = scores.reduce((highest, score) => Math.max(highest, score), 0);
    // where the best score is not positive there is no scale to divide by, and nothing to prefer
    return scores.map((score) => (best > 0 ? score / best : 0));
  };
  return {
    fingerprint: fingerprintOf([parts.map(({ fingerprint }) => fingerprint), DEFAULT_FUSION]),
    score(query) {
      const [first, second] = parts.map((part) => share(part.score(query))) as [Float32Array, Float32Array];
      return first.map((score, j) => (1 - weight) * score + weight * (second[j] as number));
    },
  };
}
