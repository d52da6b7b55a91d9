import { expect, it } from 'vitest';
import type { QueryScores } from '../../lib/evaluation/evaluate-run.js';
import { queryKind, queryKindBreakdown } from '../../lib/evaluation/query-kinds.js';

it('a query is for a known item where one document answers it, topical where several do', () => {
  expect(queryKind(new Map([['a', 1]]))).toBe('known-item');
  expect(
    queryKind(
      new Map([
        ['a', 2],
        ['b', 0],
      ]),
    ),
  ).toBe('known-item');
  expect(
    queryKind(
      new Map([
        ['a', 1],
        ['b', 3],
      ]),
    ),
  ).toBe('topical');
  expect(queryKind(new Map([['a', 0]]))).toBeUndefined();
  expect(queryKind(new Map())).toBeUndefined();
});

it('the breakdown has the means of each system over each kind', () => {
  const queryIds = ['x', 'y', 'z', 'unanswered'];
  const qrels = new Map([
    ['x', new Map([['a', 1]])],
    [
      'y',
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    ],
    ['z', new Map([['b', 1]])],
    ['unanswered', new Map([['b', 0]])],
  ]);
  const queries = queryIds.map((id) => ({ id, text: id }));
  const scores = new Map<string, QueryScores>([
    ['tuned', { queryIds, values: { 'mrr@10': Float64Array.of(0.5, 0.25, 1, 0) } }],
    ['bm25', { queryIds, values: { 'mrr@10': Float64Array.of(0, 0.5, 1, 0) } }],
  ]);
  const parts = queryKindBreakdown({ queries, qrels }, scores, { seed: 1, samples: 100 });
  expect(parts.map(({ kind, system, queries: n, metrics }) => [kind, system, n, metrics['mrr@10']!.value])).toEqual([
    ['known-item', 'tuned', 2, 0.75],
    ['known-item', 'bm25', 2, 0.5],
    ['topical', 'tuned', 1, 0.25],
    ['topical', 'bm25', 1, 0.5],
  ]);
});
