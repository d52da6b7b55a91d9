/** Agreement with trec_eval (pytrec_eval, ir_measures), ranx and ragas: values recorded by the scripts beside the fixtures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateRun, scoreQueries } from '../../../lib/evaluation/evaluate-run.js';
import { ragasPrecision, ragasRecall } from '../../../lib/evaluation/metrics/ragas.js';
import { parseMetric } from '../../../lib/evaluation/metrics/registry.js';
import type { Qrels, Run, TieBreak } from '../../../lib/retrieval/ranking.js';

type Scores = Record<string, Record<string, number>>;

function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`../../fixtures/evaluation/${name}`, import.meta.url), 'utf8'));
}

function toRun(scores: Scores): Run {
  return new Map(
    Object.entries(scores).map(([query, found]) => [
      query,
      Object.entries(found).map(([id, score]) => ({ id, score })),
    ]),
  );
}

function toQrels(grades: Scores): Qrels {
  return new Map(Object.entries(grades).map(([query, judged]) => [query, new Map(Object.entries(judged))]));
}

/** Compares one of our metrics with what a library says of each query. */
function expectAgreement(run: Run, qrels: Qrels, metric: string, expected: Map<string, number>, ties?: TieBreak) {
  const { queryIds, values } = scoreQueries(run, qrels, [metric], ties);
  expect(expected.size).toBeGreaterThan(0);
  for (const [query, value] of expected) {
    expect(values[metric]![queryIds.indexOf(query)], `${metric} of ${query}`).toBeCloseTo(value, 8);
  }
}

describe('hand-made cases', () => {
  const data = fixture('ir_metrics.json');
  const run = toRun(data.run);
  const qrels = toQrels(data.qrels);

  it.each([
    ['ndcg@10', 'ndcg_cut_10'],
    ['map@1000', 'map'],
    ['mrr@1000', 'recip_rank'],
    ['precision@10', 'P_10'],
    ['recall@1', 'recall_1'],
    ['recall@5', 'recall_5'],
    ['recall@10', 'recall_10'],
  ])('%s is what pytrec_eval calls %s', (ours, theirs) => {
    const expected = Object.entries(data.pytrec_eval_per_query as Scores).map(([q, v]) => [q, v[theirs]!] as const);
    expectAgreement(run, qrels, ours, new Map(expected));
  });

  // ir_measures computes RR@k by another provider, which ranks ties in another order: it agrees where nothing is tied.
  it.each([
    ['ndcg@10', 'nDCG@10'],
    ['map@1000', 'AP'],
    ['recall@10', 'R@10'],
    ['precision@10', 'P@10'],
    ['success@1', 'Success@1'],
  ])('%s and its mean, with a query that the run lacks, are what ir_measures calls %s', (ours, theirs) => {
    const perQuery = Object.entries(data.ir_measures_per_query as Scores).map(([q, v]) => [q, v[theirs]!] as const);
    expectAgreement(run, qrels, ours, new Map(perQuery));
    const { metrics, queries, missing } = evaluateRun(run, qrels, [ours], { seed: 1, samples: 100 });
    expect(metrics[ours]!.value).toBeCloseTo(data.ir_measures_mean[theirs], 8);
    expect([queries, missing]).toEqual([8, 1]);
  });

  it.each([
    ['ndcg@10', 'ndcg@10'],
    ['map@1000', 'map'],
    ['mrr@10', 'mrr@10'],
    ['recall@1', 'recall@1'],
    ['recall@5', 'recall@5'],
  ])('%s with ties in the given order is what ranx calls %s', (ours, theirs) => {
    expectAgreement(run, qrels, ours, new Map(Object.entries(data.ranx_per_query[theirs] as Scores[string])), 'given');
  });
});

describe('random cases', () => {
  const { tied, untied } = fixture('random_ir_metrics.json');

  it.each([
    ['ndcg@3', 'ndcg_cut_3'],
    ['ndcg@10', 'ndcg_cut_10'],
    ['ndcg@100', 'ndcg_cut_100'],
    ['map@5', 'map_cut_5'],
    ['map@100', 'map_cut_100'],
    ['precision@1', 'P_1'],
    ['precision@10', 'P_10'],
    ['precision@100', 'P_100'],
    ['recall@3', 'recall_3'],
    ['recall@10', 'recall_10'],
    ['recall@100', 'recall_100'],
    ['success@1', 'success_1'],
    ['success@5', 'success_5'],
    ['success@10', 'success_10'],
    ['rprecision', 'Rprec'],
    ['mrr@1000', 'recip_rank'],
  ])('with ties, %s is what pytrec_eval calls %s', (ours, theirs) => {
    // trec_eval keeps scores in single precision, and the two of this query are one there
    const { single: _, ...comparable } = tied.pytrec_eval as Scores;
    const { single: __, ...judged } = tied.qrels;
    const values = Object.entries(comparable).map(([q, v]) => [q, v[theirs]!] as const);
    expectAgreement(toRun(tied.run), toQrels(judged), ours, new Map(values));
  });

  it('rank what differs beyond single precision by score, where trec_eval takes it for equal', () => {
    expect((tied.pytrec_eval as Scores).single!.recip_rank).toBe(0.5);
    const { values } = scoreQueries(toRun(tied.run), toQrels({ single: tied.qrels.single }), ['mrr@10']);
    expect([...values['mrr@10']!]).toEqual([1]);
  });

  it.each([
    ['ndcg@10', 'ndcg@10'],
    ['ndcg-exp@10', 'ndcg_burges@10'],
    ['map@10', 'map@10'],
    ['mrr@5', 'mrr@5'],
    ['recall@10', 'recall@10'],
    ['precision@10', 'precision@10'],
    ['success@3', 'hit_rate@3'],
    ['rprecision', 'r-precision'],
  ])('without ties, %s is what ranx calls %s', (ours, theirs) => {
    expectAgreement(toRun(untied.run), toQrels(untied.qrels), ours, new Map(Object.entries(untied.ranx[theirs])));
  });
});

describe('ragas', () => {
  interface Case {
    name: string;
    retrieved: (string | number)[];
    reference: (string | number)[];
    recall: number | null;
    precision: number | null;
  }
  const { cases } = fixture('ragas_id_metrics.json') as { cases: Case[] };
  it.each(cases)('$name', ({ retrieved, reference, recall, precision }) => {
    // the same division of the same whole numbers: equal to the last bit
    expect(ragasRecall(retrieved, reference)).toBe(recall ?? Number.NaN);
    expect(ragasPrecision(retrieved, reference)).toBe(precision ?? Number.NaN);
  });

  it('undefined queries leave the mean and are counted', () => {
    const run: Run = new Map([
      ['a', [{ id: 'x', score: 1 }]],
      ['b', [{ id: 'x', score: 1 }]],
    ]);
    const qrels: Qrels = new Map([
      ['a', new Map([['x', 1]])],
      ['b', new Map([['x', 0]])],
      ['c', new Map([['x', 1]])],
    ]);
    const result = evaluateRun(run, qrels, ['ragas-recall@10', 'ragas-precision@10'], { seed: 1 });
    // a: 1 and 1; b has no relevant id: undefined and 0; c has no results: 0 and undefined
    expect(result.metrics['ragas-recall@10']!.value).toBe(0.5);
    expect(result.metrics['ragas-precision@10']!.value).toBe(0.5);
    expect(result.undefinedQueries).toEqual({ 'ragas-recall@10': 1, 'ragas-precision@10': 1 });
  });

  it('agrees with precision@k where at least k documents were found', () => {
    const found = Array.from({ length: 20 }, (_, i) => ({ id: `d${i}`, score: -i }));
    const grades = new Map([
      ['d3', 1],
      ['d8', 2],
      ['d15', 1],
    ]);
    for (const k of [1, 5, 10, 20]) {
      expect(parseMetric(`ragas-precision@${k}`).score(found, grades)).toBe(
        parseMetric(`precision@${k}`).score(found, grades),
      );
    }
  });
});
