/** What must hold of every metric, whatever the run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateRun, scoreQueries } from '../../../lib/evaluation/evaluate-run.js';
import { metricDefinitions, parseMetric, parseMetrics } from '../../../lib/evaluation/metrics/registry.js';
import type { Qrels, RankedDocument } from '../../../lib/retrieval/ranking.js';

const ids = Array.from({ length: 12 }, (_, i) => `d${i}`);
const grades = fc
  .dictionary(fc.constantFrom(...ids), fc.integer({ min: -1, max: 3 }))
  .map((entries) => new Map(Object.entries(entries)));
const documents = fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), score: fc.integer({ min: 0, max: 4 }) }), {
  selector: ({ id }) => id,
});
const names = metricDefinitions().flatMap(({ name, cutoff }) =>
  cutoff ? [1, 3, 10].map((k) => `${name}@${k}`) : [name],
);

function score(name: string, found: RankedDocument[], judged: Map<string, number>): number {
  return scoreQueries(new Map([['q', found]]), new Map([['q', judged]]) as Qrels, [name]).values[name]![0]!;
}

describe('properties', () => {
  it.each(names)('%s lies between 0 and 1, or is undefined', (name) => {
    fc.assert(
      fc.property(documents, grades, (found, judged) => {
        const value = score(name, found, judged);
        return Number.isNaN(value) ? name.startsWith('ragas') : value >= 0 && value <= 1;
      }),
    );
  });

  it.each(names)('%s does not depend on the order of the lines of a run, ties included', (name) => {
    fc.assert(
      fc.property(documents, grades, fc.infiniteStream(fc.nat(1000)), (found, judged, order) => {
        const shuffled = found.map((each) => ({ each, at: order.next().value })).sort((a, b) => a.at - b.at);
        expect(
          score(
            name,
            shuffled.map(({ each }) => each),
            judged,
          ),
        ).toBe(score(name, found, judged));
      }),
    );
  });

  it.each(['recall', 'success', 'mrr', 'map', 'ragas-recall'])('%s@k does not fall as k rises', (family) => {
    fc.assert(
      fc.property(documents, grades, (found, judged) => {
        const values = [1, 2, 4, 8].map((k) => score(`${family}@${k}`, found, judged));
        return values.every((value, i) => i === 0 || Number.isNaN(value) || value >= values[i - 1]!);
      }),
    );
  });

  it.each(names)('%s does not fall when a relevant document moves up by one rank', (name) => {
    fc.assert(
      fc.property(documents, grades, fc.nat(20), (found, judged, at) => {
        const ranked = found.map(({ id }, i) => ({ id, score: -i }));
        const i = ranked.length < 2 ? 0 : 1 + (at % (ranked.length - 1));
        const [above, below] = [ranked[i - 1], ranked[i]];
        if (!above || !below || (judged.get(below.id) ?? 0) <= (judged.get(above.id) ?? 0)) return true;
        const before = score(name, ranked, judged);
        const swapped = ranked.map((each) =>
          each === above ? { ...each, id: below.id } : each === below ? { ...each, id: above.id } : each,
        );
        const after = score(name, swapped, judged);
        return Number.isNaN(before) || after >= before - 1e-12;
      }),
    );
  });

  it('with one relevant document, precision@k is at most 1/k and recall@k is success@k', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...ids), fc.integer({ min: 1, max: 12 }), (found, id, k) => {
        const judged = new Map([[id, 1]]);
        expect(score(`precision@${k}`, found, judged)).toBeLessThanOrEqual(1 / k);
        expect(score(`recall@${k}`, found, judged)).toBe(score(`success@${k}`, found, judged));
      }),
    );
  });
});

describe('names', () => {
  it('are read without regard to case and space', () => {
    expect(parseMetric(' Recall@10 ')).toMatchObject({ name: 'recall@10', k: 10 });
    expect(parseMetrics(['mrr@10', 'MRR@10', 'rprecision']).map(({ name }) => name)).toEqual(['mrr@10', 'rprecision']);
  });

  it.each(['recall', 'recall@0', 'recall@-1', 'recall@1.5', 'recall@', 'f1@10', '', 'rprecision@3'])(
    '"%s" is an error that lists what there is',
    (name) => {
      expect(() => parseMetric(name)).toThrow(/unknown metric ".*recall@k.*ndcg-exp@k.*rprecision/);
    },
  );

  it('none is an error', () => {
    expect(() => parseMetrics([])).toThrow(/no metric/);
  });
});

describe('runs', () => {
  const qrels: Qrels = new Map([['q', new Map([['d', 1]])]]);

  it('that list a document twice count its best rank alone', () => {
    const run = new Map([['q', ['x', 'x', 'd'].map((id, i) => ({ id, score: -i }))]]);
    expect(scoreQueries(run, qrels, ['mrr@10']).values['mrr@10']![0]).toBe(0.5);
  });

  it('without a judged query are an error that shows ids of both', () => {
    const run = new Map([['other', [{ id: 'd', score: 1 }]]]);
    expect(() => evaluateRun(run, qrels, ['mrr@10'], { seed: 1 })).toThrow(/share no query: the run has "other".*"q"/);
    expect(() => evaluateRun(run, new Map(), ['mrr@10'], { seed: 1 })).toThrow(/no judged queries/);
  });

  it('with unjudged queries say so', () => {
    const run = new Map(['q', 'other'].map((id) => [id, [{ id: 'd', score: 1 }]]));
    const said: string[] = [];
    const result = evaluateRun(run, qrels, ['mrr@10'], { seed: 1, onMessage: ({ text }) => said.push(text) });
    expect(result).toMatchObject({ queries: 1, unjudged: 1, missing: 0, metrics: { 'mrr@10': { value: 1 } } });
    expect(said.join()).toMatch(/the run has 1 query without judgements/);
  });
});
