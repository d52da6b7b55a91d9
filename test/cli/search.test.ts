/** `search` and `evaluate` on a run folder and on the papers of a source, with the rankings that one can foresee. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Report } from '../../lib/evaluation/report.js';
import type { TestPaper } from '../datasets/helpers/corpus.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
interface SplitLine {
  id: string;
  split: string;
}
let texts: Map<string, TestPaper>;
let test: string[];

beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  texts = new Map(writeSnapshot(join(cwd, 'papers.jsonl'), 96).map((paper) => [paper.id, paper]));
  const settings = [
    ...['training.maxSteps=2', 'batches.pairs=8', 'training.validateEvery=null', 'tokens.maxTitleTokens=256'],
    ...['tokens.maxAbstractTokens=256', 'evaluation.systems=["untuned","tuned"]', 'datasets.minAbstractWords=5'],
  ].flatMap((setting) => ['--set', setting]);
  const run = await llmEmbedding(['run', '--data', 'papers.jsonl', '--model', 'model', '--out', 'run', ...settings], {
    cwd,
  });
  expect(run.code, run.stderr).toBe(0);
  const split = readFileSync(join(cwd, 'run/papers.jsonl'), 'utf8').trim().split('\n');
  test = split.map((line) => JSON.parse(line) as SplitLine).flatMap((of) => (of.split === 'test' ? [of.id] : []));
  expect(test.length).toBeGreaterThan(5);
}, 120_000);

const search = (...args: string[]) => llmEmbedding(['search', 'run', ...args], { cwd });

it('finds first the paper whose abstract is the query, with cosine 1', async () => {
  for (const id of test.slice(0, 3)) {
    const args = ['--query', texts.get(id)!.abstract, '--k', '3', '--json'];
    const { found } = jsonOf<{ found: { id: string; title: string; score: number }[] }>(await search(...args));
    expect(found).toHaveLength(3);
    expect(found[0]).toMatchObject({ id, title: texts.get(id)!.title });
    expect(found[0]!.score).toBeCloseTo(1, 4);
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  }
});

it('shows the papers of the test side alone, and no more than there are', async () => {
  const { found } = jsonOf<{ found: { id: string }[] }>(await search('--query', 'waves', '--k', '1000', '--json'));
  expect(found.map(({ id }) => id).sort()).toEqual([...test].sort());
  const table = await search('--query', 'waves', '--k', '2');
  expect(table.stdout).toMatch(/score/);
  expect(table.stdout).toContain(texts.get(found[0]!.id)!.title.slice(0, 20));
});

it('takes the query as its last argument, and says what searches where', async () => {
  const id = test[0] as string;
  const { abstract, title } = texts.get(id)!;
  for (const system of ['tuned', 'untuned', 'bm25', 'hybrid']) {
    const found = jsonOf<{ system: string; found: { id: string; abstract: string }[] }>(
      await search(abstract, '--system', system, '--k', '2', '--json'),
    );
    expect(found).toMatchObject({ system, found: [{ id, abstract }, {}] });
  }
  const report = JSON.parse(readFileSync(join(cwd, 'run/report.json'), 'utf8')) as Report;
  const values = new Map(report.systems.map(({ name, metrics }) => [name, metrics['mrr@10']!.value]));
  const best = values.get('tuned')! >= values.get('untuned')! ? 'tuned' : 'untuned';
  const told = await search(abstract);
  expect(told.stderr).toContain(
    `searching ${test.length} abstracts of the test side with ${best}, the best of the report`,
  );
  expect(told.stdout).toContain(` 1. ${title}\n    ${id} (`);
  const all = await search(abstract, '--corpus', 'all', '--k', '1000', '--json');
  expect(jsonOf<{ found: unknown[] }>(all).found.length).toBeGreaterThan(test.length);
  const wrong = [await search(), await search('waves', 'more', 'words'), await search('waves', '--system', 'tune')];
  expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(complaint(wrong[0]!)).toMatch(/run is a run folder: expected the text to look for after it/);
});

it('refuses an empty query, a count that is none, and a folder that is no run', async () => {
  const empty = await search('--query', '  ');
  const none = await search('--query', 'waves', '--k', '0');
  const nowhere = await llmEmbedding(['search', 'nowhere', '--query', 'waves'], { cwd });
  expect([empty.code, none.code, nowhere.code]).toEqual([2, 2, 2]);
  expect(complaint(empty)).toMatch(/query is empty/);
  expect(complaint(none)).toMatch(/--k 0/);
  expect(complaint(nowhere)).toMatch(/nowhere/);
});

/** The mean of 1 / rank of the document that is the query's own, recomputed from a run file. */
function meanReciprocalRank(file: string, queries: number): number {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const own = lines.map((line) => line.split(/\s+/)).filter(([query, , document]) => query === document);
  return own.map(([, , , rank]) => Number(rank)).reduce((sum, rank) => sum + (rank <= 10 ? 1 / rank : 0), 0) / queries;
}

it('evaluates a run again, and over every paper of its source what it has not learned from, as its run files say', async () => {
  const again = jsonOf<Report>(
    await llmEmbedding(['evaluate', 'run', '--systems', 'tuned,bm25', '--out', 'again', '--json'], { cwd }),
  );
  const main = test.filter((id) => texts.get(id)!.categories[0] === 'gr-qc').length;
  expect(again.corpus).toMatchObject({ documents: test.length, queries: main });
  const args = ['evaluate', 'run', '--data', 'papers.jsonl', '--systems', 'tuned,bm25', '--out', 'all', '--json'];
  const said = await llmEmbedding(args, { cwd });
  expect(said.stderr).toMatch(/\d+ titles of the training and validation sides of "run" are not asked/);
  const all = jsonOf<Report>(said);
  expect(all.corpus).toMatchObject({ documents: texts.size, queries: test.length });
  for (const [folder, report, queries] of [
    ['again', again, main],
    ['all', all, test.length],
  ] as const) {
    expect(report.systems.map(({ name }) => name)).toEqual(['tuned', 'bm25']);
    expect(existsSync(join(cwd, folder, 'report.html'))).toBe(true);
    for (const { name, metrics } of report.systems) {
      const recomputed = meanReciprocalRank(join(cwd, folder, `runs/${name}.trec`), queries);
      expect(metrics['mrr@10']!.value, `${folder} ${name}`).toBeCloseTo(recomputed, 10);
    }
  }
});
