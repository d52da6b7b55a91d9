/** `metrics` on run files of anyone: values worked out by hand, both formats of judgements, and what cannot be judged. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { complaint, jsonOf, llmEmbedding, workFolder } from './command-line.js';

const cwd = workFolder();
/** q1 finds its only document at rank 2, q2 one of its two at rank 1, q3 is judged and was never asked. */
const RUN = [
  ...['q1 Q0 a 1 0.9 x', 'q1 Q0 b 2 0.8 x', 'q1 Q0 c 3 0.7 x'],
  ...['q2 Q0 c 1 0.5 x', 'q2 Q0 a 2 0.4 x'],
].join('\n');
const TREC = 'q1 0 b 1\nq2 0 c 1\nq2 0 d 1\nq3 0 a 1\n';
const BEIR = 'query-id\tcorpus-id\tscore\nq1\tb\t1\nq2\tc\t1\nq2\td\t1\nq3\ta\t1\n';

interface Result {
  metrics: Record<string, { value: number; low: number; high: number }>;
  queries: number;
  missing: number;
  joins: Record<string, number>;
}

beforeAll(() => {
  writeFileSync(join(cwd, 'run.trec'), `${RUN}\n`);
  writeFileSync(join(cwd, 'run.trec.gz'), gzipSync(`${RUN}\n`));
  writeFileSync(join(cwd, 'qrels.trec'), TREC);
  writeFileSync(join(cwd, 'qrels.tsv'), BEIR);
});

const metrics = (run: string, qrels: string, ...more: string[]) =>
  llmEmbedding(['metrics', '--run', run, '--qrels', qrels, ...more], { cwd });

it.each([
  ['run.trec', 'qrels.trec'],
  ['run.trec.gz', 'qrels.tsv'],
])('%s against %s gives what one works out by hand', async (run, qrels) => {
  const names = 'recall@2,precision@2,mrr@10,success@1,map@100,ndcg@10';
  const {
    metrics: found,
    queries,
    missing,
    joins,
  } = jsonOf<Result>(await metrics(run, qrels, '--metrics', names, '--json'));
  expect([queries, missing]).toEqual([3, 1]);
  expect(joins).toEqual({
    judgedQueries: 3,
    queriesWithoutResults: 1,
    queriesWithoutRelevant: 0,
    unjudgedQueries: 0,
    resultsOfUnjudgedQueries: 0,
    results: 5,
    resultsJudged: 5,
    judgedDocuments: 4,
    judgedDocumentsNotFound: 1,
  });
  const expected: Record<string, number> = {
    'recall@2': (1 + 1 / 2 + 0) / 3,
    'precision@2': (1 / 2 + 1 / 2 + 0) / 3,
    'mrr@10': (1 / 2 + 1 + 0) / 3,
    'success@1': (0 + 1 + 0) / 3,
    'map@100': (1 / 2 + 1 / 2 + 0) / 3,
    'ndcg@10': (1 / Math.log2(3) + 1 / (1 + 1 / Math.log2(3)) + 0) / 3,
  };
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    expect(found[name]!.value, name).toBeCloseTo(value, 12);
    expect(found[name]!.low).toBeLessThanOrEqual(value);
    expect(found[name]!.high).toBeGreaterThanOrEqual(value);
  }
});

it('prints a table, and says on standard error that a judged query has no results', async () => {
  const { code, stdout, stderr } = await metrics('run.trec', 'qrels.trec', '--metrics', 'mrr@10');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ *MRR@10 +\.?0?\.500 \[/m);
  expect(stdout).toMatch(/\n3 queries\n1 of 3 judged queries has no results in the run: it counts 0\n$/);
  expect(stderr).toMatch(/1 .*quer/);
});

it('refuses in one line what it cannot judge', async () => {
  writeFileSync(join(cwd, 'other.trec'), 'z1 0 b 1\n');
  writeFileSync(join(cwd, 'broken.trec'), 'q1 Q0 a 1 high x\n');
  const cases: [string, string, string[], RegExp][] = [
    ['run.trec', 'other.trec', [], /share no query/],
    ['nowhere.trec', 'qrels.trec', [], /nowhere\.trec/],
    ['broken.trec', 'qrels.trec', [], /broken\.trec.*1.*expected/],
    ['run.trec', 'qrels.trec', ['--metrics', 'recal@10'], /recal@10/],
  ];
  for (const [run, qrels, more, message] of cases) {
    const outcome = await metrics(run, qrels, ...more);
    expect([outcome.code, outcome.stdout]).toEqual([2, '']);
    expect(complaint(outcome)).toMatch(message);
  }
});
