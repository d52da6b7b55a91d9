/** Pairs of one's own from the files to the report: whole runs, resumed ones, mined negatives, prompts of data sets. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { Report } from '../../lib/evaluation/report.js';
import { mineNegatives } from '../../lib/pipeline/mine.js';
import { readRunRecord } from '../../lib/pipeline/run-record.js';
import { openSession } from '../../lib/pipeline/session.js';
import { LAYOUTS, triples } from '../datasets/pairs/layouts.js';
import { jsonOf, llmEmbedding, writeTinyModel } from './command-line.js';

const scratch = mkdtempSync(join(tmpdir(), 'pairs-runs-'));
const session = openSession({ runs: join(scratch, 'runs') });
const model = join(scratch, 'model');
beforeAll(() => writeTinyModel(model));
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
function newFolder(): string {
  const folder = join(scratch, `data${folders++}`);
  mkdirSync(folder);
  return folder;
}
function configOf({ datasets, training, evaluation, ...others }: ConfigInput) {
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets,
      encoder: { model, ...others.encoder },
      tokens: { maxTitleTokens: 16, maxAbstractTokens: 24 },
      batches: { pairs: 8, ...others.batches },
      // what was learned is kept, even where a validation of a random encoder says otherwise
      training: { maxSteps: 2, validateEvery: 1, adapterStrengths: [1], ...training },
      evaluation: { systems: ['untuned', 'tuned', 'bm25'], bootstrapSamples: 100, ...evaluation },
    },
  });
}
const weightsOf = (folder: string): Buffer => readFileSync(join(folder, 'adapter_model.safetensors'));
const metricsOf = ({ systems }: Report) =>
  systems.map(({ name, metrics }) => [name, Object.entries(metrics).map(([metric, { value }]) => [metric, value])]);

describe('a whole run', () => {
  const rows = triples(40);

  it.each(Object.keys(LAYOUTS))('on %s trains, evaluates on the test side, and searches', async (name) => {
    const source = LAYOUTS[name]!(newFolder(), rows);
    const settings = [
      'tokens.maxTitleTokens=16',
      'tokens.maxAbstractTokens=24',
      'batches.pairs=8',
      'training.maxSteps=2',
    ];
    const more = [
      'training.validateEvery=1',
      'evaluation.systems=["untuned","tuned","bm25"]',
      'evaluation.bootstrapSamples=100',
    ];
    const set = [...settings, ...more].flatMap((setting) => ['--set', setting]);
    const cwd = newFolder();
    const ran = await llmEmbedding(['run', '--data', source, '--model', model, '--out', 'run', ...set], { cwd });
    expect(ran.code, ran.stderr).toBe(0);
    const folder = join(cwd, 'run');
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    expect(report.training?.steps).toHaveLength(2);
    expect(report.training?.validations.length).toBeGreaterThan(0);
    const isBeir = name.includes('BEIR');
    // of a BEIR folder all is searched, elsewhere what the test pairs name, their negatives among it
    const ofTest = rows.filter((_, i) => i % 5 === 4);
    const documents = (of: typeof rows): number => of.length + of.flatMap(({ negatives }) => negatives).length;
    expect(report.corpus).toMatchObject({ queries: 8, documents: documents(isBeir ? rows : ofTest) });
    expect(report.systems.map((system) => system.name)).toEqual(['untuned', 'tuned', 'bm25']);
    expect(report.systems[2]!.metrics['recall@10']!.value).toBe(1);
    const search = await llmEmbedding(['search', 'run', rows[4]!.query, '--k', '1', '--system', 'bm25', '--json'], {
      cwd,
    });
    expect(jsonOf(search)).toMatchObject({ found: [{ abstract: rows[4]!.positive }] });
    // queries and documents, not titles and abstracts with roles
    expect(report.corpus.kind).toBe('pairs');
    expect(report).not.toHaveProperty('batches');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/8 queries searched for among \d+ documents/);
    const plan = await llmEmbedding(['batches', '--data', source, '--model', model, ...set.slice(0, 6)], { cwd });
    expect(plan.stdout).toMatch(/^\d+ batch(es)? of [\d to]+ pairs\n\d+ micro-batch/);
    const { identity } = (await readRunRecord(folder))!;
    expect(Object.values(identity.inputs.files ?? {})).not.toHaveLength(0);
    for (const digest of Object.values(identity.inputs.files!)) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    if (!isBeir) return;
    // the evaluation of a BEIR folder gives the same, but for its own settings of BM25
    const beir = await llmEmbedding(['evaluate', 'run', '--beir', source, '--out', 'beir', '--json'], { cwd });
    expect(metricsOf(report).slice(0, 2)).toEqual(metricsOf(jsonOf(beir) as Report).slice(0, 2));
  });

  it('is another for another content of its files', async () => {
    const folder = newFolder();
    const source = LAYOUTS['CSV with columns of negatives']!(folder, rows);
    const config = configOf({ datasets: { source } });
    const before = await session.identity(config);
    copyFileSync(source, `${source}.copy`);
    writeFileSync(source, readFileSync(`${source}.copy`));
    expect(await session.identity(config)).toEqual(before);
    writeFileSync(source, readFileSync(source, 'utf8').replace('What is', 'What was'));
    const after = await session.identity(config);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(after.inputs.files).not.toEqual(before.inputs.files);
  });
});

describe('several data sets', () => {
  const one = triples(30);
  const two = triples(60).slice(30);
  const sets = (): ConfigInput['datasets'] => ({
    sets: [
      { source: LAYOUTS['TSV with a list as JSON']!(newFolder(), one), name: 'one', queryPrompt: 'q: ' },
      { source: LAYOUTS['a BEIR folder']!(newFolder(), two), name: 'two', documentPrompt: 'd: ', share: null },
    ],
    maxNegatives: 1,
  });

  it.each(['mixed', 'separate'] as const)('%s: a stopped training ends with the same bits', async (how) => {
    const config = configOf({ datasets: sets(), batches: { sets: how }, training: { epochs: 2, maxSteps: 6 } });
    const whole = await session.train(config, { folder: join(scratch, `${how}-whole`) });
    const folder = join(scratch, `${how}-stopped`);
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step === 4) controller.abort();
    };
    await expect(session.train(config, { folder, signal: controller.signal, onStep })).rejects.toThrow(Interrupted);
    const resumed = await session.train(config, { folder, resume: true });
    expect(resumed.history.steps.map(({ loss }) => loss)).toEqual(whole.history.steps.map(({ loss }) => loss));
    expect(weightsOf(resumed.trainedFolder).equals(weightsOf(whole.trainedFolder))).toBe(true);
  });

  it('have prompts of their own, which do as those of the encoder', async () => {
    const source = LAYOUTS['JSON lines with a list of negatives']!(newFolder(), one);
    const prompts = { queryPrompt: 'query: ', documentPrompt: 'text: ' };
    const reports: Report[] = [];
    const weights: Buffer[] = [];
    for (const config of [
      configOf({ datasets: { source }, encoder: prompts }),
      configOf({ datasets: { sets: [{ source, ...prompts }] } }),
      configOf({ datasets: { source } }),
    ]) {
      const run = await session.train(config);
      weights.push(weightsOf(run.trainedFolder));
      reports.push(await session.evaluate(config, { run: run.folder }));
    }
    expect(weights[1]!.equals(weights[0]!)).toBe(true);
    expect(weights[2]!.equals(weights[0]!)).toBe(false);
    expect(metricsOf(reports[1]!)).toEqual(metricsOf(reports[0]!));
    expect(metricsOf(reports[2]!)).not.toEqual(metricsOf(reports[0]!));
  });
});

describe('negatives', () => {
  it('are mined for queries among documents, and join those of the data', async () => {
    const source = LAYOUTS['a BEIR folder']!(newFolder(), triples(40));
    const config = configOf({ datasets: { source } });
    const out = join(scratch, 'mined.jsonl');
    const { summary, examples } = await mineNegatives(session, config, { out, examples: 2 });
    expect(summary.queries).toBe(24);
    expect(summary.negatives).toBeGreaterThan(24);
    expect(examples[0]!.title).toMatch(/^What is known/);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    for (const { query, negatives } of lines.map((line) => JSON.parse(line))) {
      expect(query).toMatch(/^q\d+$/);
      for (const { id } of negatives) expect(id).not.toBe(query.replace('q', 'd'));
    }
    const losses: number[] = [];
    for (const negatives of ['all', 'hard'] as const) {
      const run = await session.train(
        configOf({ datasets: { source }, training: { negatives, hardNegatives: { file: out } } }),
      );
      losses.push(run.history.steps[0]!.loss);
    }
    // a random encoder tells nothing apart: of all documents of a batch of eight, or of about three
    expect(losses[0]).toBeGreaterThan(Math.log(8));
    expect(losses[1]).toBeLessThan(Math.log(5));
  });

  it('alone need some', async () => {
    const path = join(newFolder(), 'pairs.jsonl');
    writeFileSync(
      path,
      triples(20)
        .map(({ query, positive }) => `${JSON.stringify({ query, positive })}\n`)
        .join(''),
    );
    const training = session.train(configOf({ datasets: { source: path }, training: { negatives: 'hard' } }));
    await expect(training).rejects.toThrow(UserError);
    await expect(training).rejects.toThrow(/no pair that is trained on has a hard negative/);
  });
});

it('pairs with scores train a loss of scores on all of them, and InfoNCE on those that are relevant', async () => {
  const path = join(newFolder(), 'scored.jsonl');
  const rows = triples(40).map(({ query, positive }, i) => ({
    sentence1: query,
    sentence2: positive,
    score: (i % 5) / 4,
  }));
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const datasets = { source: path, minScore: 0.5, testShare: 0, validationShare: 0 };
  const scored = await session.train(configOf({ datasets, training: { loss: 'cosent' } }));
  expect(scored.trained).toHaveLength(40);
  const relevant = await session.train(configOf({ datasets }));
  expect(relevant.trained).toHaveLength(24);
});
