import { describe, expect, it } from 'vitest';
import type { QueryScores } from '../../lib/evaluation/evaluate-run.js';
import { lexicalOverlaps, overlapBreakdown, overlapThirds } from '../../lib/evaluation/lexical-overlap.js';

const corpus = [
  { id: 'a', text: 'We study the rotation of black holes in general relativity.' },
  { id: 'b', text: 'Neural networks for the classification of galaxies.' },
  { id: 'empty', text: '' },
];
const relevant = (...documents: string[]): Map<string, number> => new Map(documents.map((id) => [id, 1]));

describe('the lexical overlap of a query and its answer', () => {
  it('is the share of its distinct content words that the answer has, by stem', () => {
    const overlaps = lexicalOverlaps(
      [
        // rotat, black, hole, spin: three of four; "of" and the repeated "black" do not count
        { id: 'stems', text: 'Rotating black, black holes of spin' },
        { id: 'none', text: 'Quasinormal modes' },
        { id: 'all', text: 'General relativity' },
        { id: 'best', text: 'Neural networks' },
        { id: 'empty answer', text: 'Neural networks' },
        { id: 'no words', text: 'Of the who?' },
        { id: 'unjudged', text: 'Black holes' },
        { id: 'irrelevant', text: 'Black holes' },
        { id: 'absent', text: 'Black holes' },
      ],
      corpus,
      new Map([
        ['stems', relevant('a')],
        ['none', relevant('a')],
        ['all', relevant('a')],
        ['best', relevant('a', 'b')],
        ['empty answer', relevant('empty')],
        ['no words', relevant('a')],
        ['irrelevant', new Map([['a', 0]])],
        ['absent', relevant('not in the corpus')],
      ]),
    );
    expect(Object.fromEntries(overlaps)).toEqual({ stems: 0.75, none: 0, all: 1, best: 1, 'empty answer': 0 });
  });
});

describe('thirds by overlap', () => {
  const thirdsOf = (...values: number[]): (string | undefined)[] => {
    const thirds = overlapThirds(new Map(values.map((value, i) => [String(i), value])));
    return values.map((_, i) => thirds.get(String(i)));
  };

  it('have a third of the queries each, whatever their order', () => {
    expect(thirdsOf(0.9, 0.1, 0.5, 0.6, 0.2, 0.8)).toEqual(['high', 'low', 'middle', 'middle', 'low', 'high']);
  });

  it('keep equal overlaps together', () => {
    expect(thirdsOf(0.1, 0.5, 0.5, 0.5, 0.5, 1)).toEqual(['low', 'middle', 'middle', 'middle', 'middle', 'high']);
    expect(thirdsOf(1, 1, 1, 1)).toEqual(['middle', 'middle', 'middle', 'middle']);
    expect(thirdsOf(0.2, 1, 1, 1, 1, 1)).toEqual(['low', 'middle', 'middle', 'middle', 'middle', 'middle']);
    expect(thirdsOf()).toEqual([]);
    expect(thirdsOf(0.4)).toEqual(['middle']);
  });
});

it('the breakdown has the means of each system in each third, and what the thirds are', () => {
  const queryIds = ['x', 'y', 'z', 'silent'];
  const queries = [
    { id: 'x', text: 'Quasinormal modes' },
    { id: 'y', text: 'Rotation of magnetars' },
    { id: 'z', text: 'Black holes' },
    { id: 'silent', text: 'of the' },
  ];
  const qrels = new Map(queryIds.map((id) => [id, relevant('a')]));
  const scores = new Map<string, QueryScores>([
    ['tuned', { queryIds, values: { 'mrr@10': Float64Array.of(0.5, 0.25, 1, 0) } }],
    ['bm25', { queryIds, values: { 'mrr@10': Float64Array.of(0, 0.5, 1, 1) } }],
  ]);
  const parts = overlapBreakdown({ queries, corpus, qrels }, scores, { seed: 1, samples: 100 });
  expect(
    parts.map(({ third, from, to, system, queries: n, metrics }) => [
      third,
      from,
      to,
      system,
      n,
      metrics['mrr@10']!.value,
    ]),
  ).toEqual([
    ['low', 0, 0, 'tuned', 1, 0.5],
    ['low', 0, 0, 'bm25', 1, 0],
    ['middle', 0.5, 0.5, 'tuned', 1, 0.25],
    ['middle', 0.5, 0.5, 'bm25', 1, 0.5],
    ['high', 1, 1, 'tuned', 1, 1],
    ['high', 1, 1, 'bm25', 1, 1],
  ]);
});
