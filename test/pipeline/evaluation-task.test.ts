import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { evaluationTask, everyTitle } from '../../lib/pipeline/evaluation-task.js';

const SIDES = ['train', 'validation', 'test'] as const;
const papers = Array.from({ length: 30 }, (_, i): SplitPaper => {
  const role = i % 2 === 0 ? 'main' : 'soft';
  return {
    id: `paper-${i}`,
    title: `title ${i}`,
    abstract: `abstract ${i}`,
    published: null,
    categories: [role === 'main' ? 'gr-qc' : 'hep-th'],
    topic: role === 'main' ? 'gr-qc' : 'hep-th',
    role,
    split: SIDES[i % 3]!,
  };
});
const taskOf = (evaluation: object) => evaluationTask(resolveConfig({ input: { evaluation } }), { papers });

describe('evaluationTask', () => {
  it('asks main titles of one side over all abstracts of that side', () => {
    const { corpus, queries, qrels } = taskOf({ queries: 'main' });
    expect(corpus.map(({ id }) => id)).toEqual(papers.filter(({ split }) => split === 'test').map(({ id }) => id));
    expect(queries.every(({ topic }) => topic === 'gr-qc')).toBe(true);
    for (const { id } of queries) expect(qrels.get(id)?.get(id)).toBe(1);
    expect(taskOf({ queries: 'all' }).queries).toHaveLength(corpus.length);
  });

  it('has validation queries to choose by, none of them asked', () => {
    const { queries, validation } = taskOf({ queries: 'all' });
    const asked = new Set(queries.map(({ id }) => id));
    expect(validation!.queries.length).toBeGreaterThan(0);
    expect(validation!.queries.some(({ id }) => asked.has(id))).toBe(false);
  });

  it('chooses nothing by the validation side where that is what is reported', () => {
    expect(taskOf({ queries: 'all', split: 'validation' }).validation).toBeUndefined();
  });
});

describe('everyTitle', () => {
  const taskWith = (fusionTitles: number) =>
    everyTitle(resolveConfig({ input: { evaluation: { fusionTitles } } }), { papers });

  it('asks every title over all abstracts', () => {
    const { corpus, queries, validation } = taskWith(0);
    expect([corpus.length, queries.length, validation]).toEqual([30, 30, undefined]);
  });

  it('keeps titles out of the report to choose the fusion by, over the same abstracts', () => {
    const { corpus, queries, validation } = taskWith(8);
    expect([corpus.length, queries.length, validation!.queries.length]).toEqual([30, 22, 8]);
    expect(validation!.keptOut).toBe(true);
    expect(validation!.corpus).toEqual(corpus);
    expect(new Set([...queries, ...validation!.queries].map(({ id }) => id)).size).toBe(30);
    expect(taskWith(8)).toEqual(taskWith(8));
  });

  it('asks nothing that an encoder in it has learned from, and searches it all the same', () => {
    const seen = new Set(papers.filter(({ split }) => split !== 'test').map(({ id }) => id));
    for (const fusionTitles of [0, 4]) {
      const config = resolveConfig({ input: { evaluation: { fusionTitles } } });
      const { corpus, queries, qrels, validation } = everyTitle(config, { papers }, seen);
      const asked = [...queries, ...(validation?.queries ?? [])].map(({ id }) => id);
      expect(asked.sort()).toEqual(papers.flatMap(({ id, split }) => (split === 'test' ? [id] : [])).sort());
      expect([corpus.length, qrels.size]).toEqual([30, queries.length]);
    }
    const all = new Set(papers.map(({ id }) => id));
    expect(() => everyTitle(resolveConfig({}), { papers }, all)).toThrow(/learned from all of these papers/);
  });

  it('refuses to keep out all', () => {
    expect(() => taskWith(30)).toThrow(
      /evaluation.fusionTitles = 30: expected fewer than the 30 titles that can be asked/,
    );
  });
});
