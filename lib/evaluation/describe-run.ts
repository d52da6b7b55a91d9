/**
 * What the report shows of a run beside its metrics: recall at rising k, confusion of topics, and queries to read.
 */
import { Random } from '../core/random.js';
import type { Qrels, Run } from '../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../retrieval/systems/retrieval-system.js';
import { recallOf } from './metrics/recall.js';
import type { RecallCurve, RetrievalExample, TopicConfusion } from './report.js';

const CURVE_POINTS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100];
const EXAMPLES_OF_EACH = 8;
const FOUND_TO_SHOW = 3;

export interface RunDescription {
  corpus: readonly CorpusDocument[];
  queries: readonly Query[];
  qrels: Qrels;
}

/** Mean recall of the judged queries at rising k, up to the depth of the run. */
export function recallCurve(system: string, run: Run, qrels: Qrels, depth: number): RecallCurve {
  const k = CURVE_POINTS.filter((point) => point <= depth);
  const sums = k.map(() => 0);
  for (const [query, grades] of qrels) {
    const ranked = (run.get(query) ?? []).map(({ id }) => grades.get(id) ?? 0);
    k.forEach((point, i) => {
      sums[i] = (sums[i] as number) + recallOf({ grades: ranked.slice(0, point), judged: grades });
    });
  }
  return { system, k, recall: sums.map((sum) => sum / qrels.size) };
}

/** Queries counted by their topic and the topic of the first document found; what has no topic is left out. */
export function topicConfusion(system: string, run: Run, { corpus, queries }: RunDescription): TopicConfusion {
  const topicOf = new Map(corpus.map(({ id, topic }) => [id, topic]));
  const pairs = queries.flatMap(({ id, topic }): [string, string][] => {
    const found = topicOf.get(run.get(id)?.[0]?.id ?? '');
    return topic === undefined || found === undefined ? [] : [[topic, found]];
  });
  const rows = [...new Set(pairs.map(([row]) => row))].sort();
  const columns = [...new Set(pairs.map(([, column]) => column))].sort();
  const counts = rows.map(() => columns.map(() => 0));
  for (const [row, column] of pairs) {
    const line = counts[rows.indexOf(row)] as number[];
    const at = columns.indexOf(column);
    line[at] = (line[at] as number) + 1;
  }
  return { system, rows, columns, counts };
}

/** A seeded choice of queries whose best document is relevant, and of queries where it is not. */
export function readingExamples(
  run: Run,
  { corpus, queries, qrels }: RunDescription,
  seed: number,
): { hits: RetrievalExample[]; misses: RetrievalExample[] } {
  const documents = new Map(corpus.map((document) => [document.id, document]));
  const hits: RetrievalExample[] = [];
  const misses: RetrievalExample[] = [];
  for (const query of new Random(seed, 'examples').shuffle(queries)) {
    if (hits.length === EXAMPLES_OF_EACH && misses.length === EXAMPLES_OF_EACH) break;
    const grades = qrels.get(query.id);
    const ranked = run.get(query.id) ?? [];
    const rank = ranked.findIndex(({ id }) => (grades?.get(id) ?? 0) >= 1) + 1;
    const side = rank === 1 ? hits : misses;
    if (side.length === EXAMPLES_OF_EACH) continue;
    const found = ranked.slice(0, FOUND_TO_SHOW).map(({ id, score }) => {
      const document = documents.get(id);
      return { id, title: document?.title ?? firstWords(document?.text ?? ''), topic: document?.topic ?? '', score };
    });
    side.push({
      queryId: query.id,
      query: query.text,
      topic: query.topic ?? '',
      rank: rank === 0 ? null : rank,
      found,
    });
  }
  return { hits, misses };
}

function firstWords(text: string): string {
  const words = text.split(/\s+/);
  return words.length > 12 ? `${words.slice(0, 12).join(' ')} …` : text;
}
