/** Several sets of judged queries in one report: what each reads, where it goes, and what is said of tuning. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { renderReport } from '../../lib/display/html/report.js';
import { generality, setRows } from '../../lib/display/set-rows.js';
import { setTable } from '../../lib/display/terminal/report-tables.js';
import type { Report } from '../../lib/evaluation/report.js';
import { setNames } from '../../lib/pipeline/judged-sets.js';
import { openSession } from '../../lib/pipeline/session.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-sets-'));
const session = openSession({ renderReport: (report) => [{ name: 'report.html', text: renderReport(report) }] });
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

const DOCUMENTS = ['black hole horizons', 'spinning neutron stars', 'dark matter halos', 'protein folding'];

/** A BEIR folder with a query for each document, and with `topical` one that two answer. */
function beirFolder(name: string, topical = false): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  const lines = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(folder, 'corpus.jsonl'), lines(DOCUMENTS.map((text, i) => ({ _id: `d${i}`, title: '', text }))));
  const queries = DOCUMENTS.map((text, i) => ({ _id: `q${i}`, text: text.split(' ').slice(1).join(' ') }));
  if (topical) queries.push({ _id: 'q9', text: 'stars and holes' });
  writeFileSync(join(folder, 'queries.jsonl'), lines(queries));
  const judged = DOCUMENTS.map((_, i) => `q${i}\td${i}\t1`);
  if (topical) judged.push('q9\td0\t1', 'q9\td1\t1');
  writeFileSync(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged.join('\n')}\n`);
  return folder;
}

const config = (systems: string[]) =>
  resolveConfig({
    input: { cache: join(scratch, 'cache'), evaluation: { systems, bootstrapSamples: 100, dimensions: [] } },
  });

it('names sets by their folders, each another', () => {
  const sets = ['a/cranfield', 'b/cranfield'].map((folder) => ({ kind: 'beir' as const, folder }));
  expect(setNames([...sets, { kind: 'citations', file: 'x/cited.jsonl.gz' }])).toEqual([
    'cranfield',
    'cranfield-2',
    'cited',
  ]);
});

describe('evaluate with several sets', () => {
  it('keeps each apart, in one report', async () => {
    const citations = join(scratch, 'cited.jsonl');
    const papers = DOCUMENTS.map((text, i) => ({
      id: `p${i}`,
      title: text,
      published: 2000 + i,
      references: i > 1 ? ['p0', 'p1'] : [],
    }));
    writeFileSync(citations, papers.map((one) => JSON.stringify(one)).join('\n'));
    const folder = join(scratch, 'report');
    const settings = config(['bm25']);
    const [plain, mixed] = [beirFolder('plain'), beirFolder('mixed', true)];
    const report = await session.evaluate(
      { ...settings, datasets: { ...settings.datasets, split: { method: 'hash', testFrom: '2002-01-01' } } },
      {
        folder,
        task: { kind: 'beir', folder: plain },
        sets: [
          { kind: 'beir', folder: mixed },
          { kind: 'citations', file: citations },
        ],
      },
    );
    expect(report.corpus.queries).toBe(4);
    expect(report.sets?.map(({ name, corpus }) => [name, corpus.queries, corpus.documents])).toEqual([
      ['plain', 4, 4],
      ['mixed', 5, 4],
      ['cited', 1, 3],
    ]);
    const alone = await session.evaluate(settings, {
      folder: join(scratch, 'alone'),
      task: { kind: 'beir', folder: mixed },
    });
    expect(alone.sets).toBeUndefined();
    expect(report.sets![1]!.systems[0]!.metrics).toEqual(alone.systems[0]!.metrics);
    for (const file of ['runs/bm25.trec', 'sets/mixed/runs/bm25.trec', 'sets/cited/runs/queries.csv', 'report.html']) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
    // the set with both kinds of queries has a line for each
    expect(setRows(report)!.rows.map(([name, queries]) => [name, queries])).toEqual([
      ['plain', '4'],
      ['mixed', '5'],
      ['mixed, known-item', '4'],
      ['mixed, topical', '1'],
      ['cited', '1'],
    ]);
    expect(setTable(report)).toContain('nDCG@10 by set');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('mixed, topical');
    expect(generality(report)).toEqual([]);
  });

  it('reads all sets before it evaluates the first', async () => {
    const folder = join(scratch, 'nothing');
    const work = session.evaluate(config(['bm25']), {
      folder,
      task: { kind: 'beir', folder: beirFolder('first') },
      sets: [{ kind: 'beir', folder: join(scratch, 'absent') }],
    });
    await expect(work).rejects.toThrow(/is no BEIR folder/);
    expect(existsSync(folder)).toBe(false);
  });

  const cranfield = join(import.meta.dirname, '../../../shared/data/beir/cranfield');
  it.skipIf(!existsSync(cranfield))('has what is known of BM25 on Cranfield', async () => {
    const report = await session.evaluate(config(['bm25']), {
      folder: join(scratch, 'cranfield-report'),
      task: { kind: 'beir', folder: beirFolder('small') },
      sets: [{ kind: 'beir', folder: cranfield }],
    });
    const [, judged] = report.sets!;
    expect(judged).toMatchObject({ name: basename(cranfield), corpus: { queries: 225 } });
    // measured with another implementation: .365
    expect(Math.abs(judged!.systems[0]!.metrics['ndcg@10']!.value - 0.365)).toBeLessThan(0.01);
    expect(judged!.queryKinds!.some(({ kind }) => kind === 'topical')).toBe(true);
  });
});

describe('what tuning does to sets that it was not made for', () => {
  const set = (name: string, low: number, high: number) => ({
    name,
    corpus: { documents: 9, queries: 5, categories: {} },
    skipped: [],
    systems: (['untuned', 'tuned'] as const).map((kind) => ({
      name: kind,
      kind,
      dimensions: 4,
      timing: { embedSeconds: 0, indexSeconds: 0, searchSeconds: 0 },
      metrics: { 'ndcg@10': { value: 0.5, low: 0.4, high: 0.6 } },
    })),
    comparisons: [{ a: 'tuned', b: 'untuned', metric: 'ndcg@10', difference: (low + high) / 2, low, high, p: 0.5 }],
  });
  const report = (...sets: ReturnType<typeof set>[]): Report => ({ ...sets[0]!, sets }) as unknown as Report;

  it('is said set by set', () => {
    const all = report(set('up', 0.01, 0.03), set('down', -0.03, -0.01), set('open', -0.01, 0.01), set('also', 0, 0));
    expect(generality(all)).toEqual([
      'After tuning, nDCG@10 is higher on up; lower on down; neither clearly higher nor lower on open; the same on also.',
    ]);
    expect(setRows(all)!.rows.map((row) => row.at(-1))).toEqual([
      expect.stringMatching(/^\+\.020 \[\+\.010, \+\.030\]$/),
      expect.stringMatching(/^−\.020 /),
      expect.stringContaining('['),
      '0',
    ]);
  });
});
