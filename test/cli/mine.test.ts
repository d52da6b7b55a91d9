/** From mining to training, and a BEIR folder, as a user runs them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../lib/evaluation/report.js';
import { savedProgress } from '../../lib/training/checkpoint.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  writeSnapshot(join(cwd, 'papers.jsonl'));
});
const data = ['--data', 'papers.jsonl', '--model', 'model'];
const short = ['--set', 'training.maxSteps=2', '--set', 'batches.pairs=8', '--set', 'training.validateEvery=null'];

describe('mine', () => {
  it('writes negatives that training takes, shows some of them, and says how many are likely false', async () => {
    const mined = await llmEmbedding(['mine', ...data, '--system', 'bm25', '--out', 'negatives.jsonl'], { cwd });
    expect(mined.code, mined.stderr).toBe(0);
    expect(mined.stdout).toMatch(/own abstract at rank \d+/);
    expect(mined.stdout).toMatch(/likely false: untuned too ranks them above the abstract of the title/);
    expect(mined.stdout).toContain('--set training.hardNegatives.file=negatives.jsonl');
    const lines = readFileSync(join(cwd, 'negatives.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ query: expect.any(String), negatives: expect.any(Array) });

    const hard = ['--set', 'training.hardNegatives.file=negatives.jsonl'];
    const nested = ['--set', 'training.matryoshkaDimensions=[4,8]'];
    const trained = await llmEmbedding(['train', ...data, ...short, ...hard, ...nested, '--out', 'hard'], { cwd });
    expect(trained.code, trained.stderr).toBe(0);
    const state = await savedProgress(join(cwd, 'hard'));
    // a random encoder tells nothing apart: of 8 documents it would have the loss log 8, of about 16 log 16
    expect(state?.history.steps[0]?.loss).toBeGreaterThan(Math.log(8) + 0.3);
  }, 180_000);

  it('refuses a judge that is the system, and negatives of other papers', async () => {
    const same = await llmEmbedding(['mine', ...data, '--system', 'bm25', '--set', 'mining.judge=bm25'], { cwd });
    expect(same.code).toBe(2);
    expect(complaint(same)).toContain('mining.judge = "bm25" is the system that mines');
    const elsewhere = await llmEmbedding(['mine', ...data, '--system', 'bm25', '--out', 'papers.jsonl'], { cwd });
    expect(complaint(elsewhere)).toContain('papers.jsonl is there and holds no hard negatives');
    const line = { query: 'x', own: null, negatives: [] };
    writeFileSync(join(cwd, 'foreign.jsonl'), `${JSON.stringify(line)}\n`);
    const settings = [...short, '--set', 'training.hardNegatives.file=foreign.jsonl'];
    const trained = await llmEmbedding(['train', ...data, ...settings, '--out', 'foreign'], { cwd });
    expect(trained.code).toBe(2);
    expect(complaint(trained)).toMatch(/no query of ".*foreign\.jsonl" is trained on: it has "x"/);
  });
});

describe('evaluate --beir', () => {
  it('searches title and text, without the document of the same id, and takes the published settings of BM25', async () => {
    const folder = join(cwd, 'beir');
    mkdirSync(join(folder, 'qrels'), { recursive: true });
    const documents = [
      { _id: 'a', title: 'Black holes', text: 'evaporate slowly' },
      { _id: 'b', title: 'Whales', text: 'sing of black holes' },
      { _id: 'q1', title: 'black holes', text: 'black holes' },
    ];
    const queries = [
      { _id: 'q1', text: 'black holes evaporate' },
      { _id: 'q2', text: 'whales' },
    ];
    const lines = (records: object[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
    writeFileSync(join(folder, 'corpus.jsonl'), lines(documents));
    writeFileSync(join(folder, 'queries.jsonl'), lines(queries));
    writeFileSync(join(folder, 'qrels/test.tsv'), 'query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n');
    const args = ['evaluate', '--beir', 'beir', '--systems', 'bm25,untuned', '--model', 'model', '--out', 'beir-out'];
    const { systems, config, corpus } = jsonOf<Report>(await llmEmbedding([...args, '--json'], { cwd }));
    expect(corpus).toMatchObject({ documents: 3, queries: 2 });
    // q1 would be first for itself
    expect(systems.find(({ name }) => name === 'bm25')!.metrics['success@1']!.value).toBe(1);
    expect(config.evaluation.bm25).toEqual({ k1: 0.9, b: 0.4 });
    const run = readFileSync(join(cwd, 'beir-out/runs/bm25.trec'), 'utf8');
    expect(run).not.toMatch(/^q1 Q0 q1 /m);
    const csv = readFileSync(join(cwd, 'beir-out/runs/queries.csv'), 'utf8');
    expect(csv.split('\r\n')[0]).toMatch(/^system,query,topic,success@1,/);
  });
});
