/** A run folder says whose results it holds: every way in which it could tell an untruth ends with a refusal or a remark. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { MessageEvent } from '../../lib/core/events.js';
import { fingerprintOf } from '../../lib/core/fingerprint.js';
import { renderReport } from '../../lib/display/html/report.js';
import { reportSummary } from '../../lib/display/terminal/report-tables.js';
import { chosenRun } from '../../lib/experiment/chosen-run.js';
import { acquireLock } from '../../lib/files/lock.js';
import { readNpy } from '../../lib/files/npy.js';
import { lossFromFunction } from '../../lib/losses/loss-from-function.js';
import { encodeFile } from '../../lib/pipeline/encode.js';
import { mineNegatives } from '../../lib/pipeline/mine.js';
import { readProvenance } from '../../lib/pipeline/provenance.js';
import { runExperiment } from '../../lib/pipeline/run-experiment.js';
import { readRunConfig } from '../../lib/pipeline/run-folder.js';
import { readRunRecord, runState } from '../../lib/pipeline/run-record.js';
import { removeRun, renameRun } from '../../lib/pipeline/runs/change-runs.js';
import { compareRuns } from '../../lib/pipeline/runs/compare-runs.js';
import { openSession } from '../../lib/pipeline/session.js';
import { runSweep } from '../../lib/pipeline/sweep.js';
import { writeChecksums } from '../../lib/training/checksums.js';
import { makePapers, snapshotLine } from '../datasets/helpers/corpus.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-run-folder-'));
const session = openSession({ runs: join(scratch, 'runs') });
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

function configOf({ training, evaluation, encoder, ...others }: ConfigInput = {}) {
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 20 },
      tokens: { maxAbstractTokens: 32 },
      batches: { pairs: 16 },
      encoder: { lora: { rank: 4, alpha: 8 }, ...encoder },
      training: { maxSteps: 4, validateEvery: 2, adapterStrengths: [], ...training },
      evaluation: { queries: 'all', systems: ['untuned', 'tuned'], bootstrapSamples: 100, ...evaluation },
      ...others,
    },
  });
}

const config = configOf();
const other = configOf({ training: { learningRate: 5e-4 } });
const FILES = [
  'run.json',
  'config.json',
  'papers.jsonl',
  'adapter/adapter_model.safetensors',
  'adapter/provenance.json',
];

/** Trains, and stops after a step. */
async function stopAfter(step: number, folder: string, settings = config): Promise<void> {
  const controller = new AbortController();
  const training = session.train(settings, {
    folder,
    signal: controller.signal,
    onStep: (done) => done.step === step && controller.abort(),
  });
  await expect(training).rejects.toThrow(Interrupted);
}

function contents(folder: string): (string | null)[] {
  return FILES.map((name) => join(folder, name)).map((path) =>
    existsSync(path) ? readFileSync(path).toString('base64') : null,
  );
}

const finished = join(scratch, 'finished');
beforeAll(async () => {
  await session.train(config, { folder: finished, name: 'first' });
});

describe('a finished run', () => {
  it('says what made it, beside the run and inside what was trained', async () => {
    const record = await readRunRecord(finished);
    const provenance = await readProvenance(join(finished, 'adapter'));
    expect(record).toMatchObject({ name: 'first', state: 'finished', totalSteps: 4 });
    expect(provenance?.identity).toEqual(record?.identity);
    expect(provenance?.progress).toEqual({ step: 4, totalSteps: 4, finished: true });
    expect(provenance?.use).toMatchObject({ pooling: 'mean', queryPrompt: '', maxAbstractTokens: 32 });
    expect(record?.identity.settings).toMatchObject({ 'training.learningRate': 2e-3, 'encoder.lora.rank': 4 });
    // where and how fast is no part of what it is
    for (const path of ['cache', 'threads', 'evaluation.systems', 'training.checkpoints.keep']) {
      expect(record?.identity.settings).not.toHaveProperty([path]);
    }
  });

  it('is not trained over without a word, with the same settings or others', async () => {
    const before = contents(finished);
    for (const asked of [config, other]) {
      await expect(session.train(asked, { folder: finished })).rejects.toThrow(
        /holds a finished run: --restart discards it, --out names another folder/,
      );
    }
    expect(contents(finished)).toEqual(before);
  });

  it('is not resumed with other settings, and its files stay as they are', async () => {
    const before = contents(finished);
    await expect(session.train(other, { folder: finished, resume: true })).rejects.toThrow(
      /trained with other settings \(training.learningRate is 0.002 there and 0.0005 now\)/,
    );
    await expect(session.train(configOf({ seed: 7 }), { folder: finished, resume: true })).rejects.toThrow(
      /seed is 42 there and 7 now/,
    );
    expect(contents(finished)).toEqual(before);
    const run = await session.train(config, { folder: finished, resume: true });
    expect(run.history.steps).toHaveLength(4);
  });

  it('is not resumed with another loss', async () => {
    const own = lossFromFunction('squared distance', (queries, documents, tf) =>
      tf.mean(tf.squaredDifference(queries, documents.slice([0, 0], queries.shape))),
    );
    await expect(session.train(config, { folder: finished, resume: true, loss: own })).rejects.toThrow(/the loss/);
  });

  it('is evaluated as it was trained, or not at all', async () => {
    const asked = await readRunConfig(finished);
    for (const [encoder, what] of [
      [{ pooling: 'last' }, 'encoder.pooling is "auto" there and "last" now'],
      [{ queryPrompt: 'q: ' }, 'encoder.queryPrompt is null there and "q: " now'],
    ] as const) {
      const changed = { ...asked, encoder: { ...asked.encoder, ...encoder } };
      await expect(session.evaluate(changed, { run: finished })).rejects.toThrow(what);
      await expect(session.search(changed, 'waves', 3, { run: finished })).rejects.toThrow(what);
    }
    const report = await session.evaluate(asked, { run: finished });
    expect(report.run).toMatchObject({ name: 'first', state: 'finished', step: 4 });
    expect(report.training?.steps).toHaveLength(4);
    expect(report.batches?.length).toBeGreaterThan(2);
    const labels = readFileSync(join(finished, 'tensorboard', 'test-papers-labels.tsv'), 'utf8')
      .trim()
      .split('\n');
    expect(labels).toHaveLength(1 + report.corpus.documents);
  });

  it('is not used with weights of another training', async () => {
    const folder = join(scratch, 'mixed');
    await session.train(other, { folder });
    const weights = join('adapter', 'adapter_model.safetensors');
    copyFileSync(join(finished, weights), join(folder, weights));
    await expect(session.evaluate(other, { run: folder })).rejects.toThrow(
      /the weights in .* are not those that provenance.json describes/,
    );
  });
});

describe('an unfinished run', () => {
  it('is used with a visible mark, in what is printed and in the report', async () => {
    const folder = join(scratch, 'unfinished');
    await stopAfter(3, folder);
    expect(await runState(folder)).toEqual({ state: 'stopped', step: 3, totalSteps: 4 });
    const messages: MessageEvent[] = [];
    const onMessage = (event: MessageEvent): void => void messages.push(event);
    const report = await session.evaluate(config, { run: folder, onMessage });
    expect(report.run).toMatchObject({ state: 'stopped', step: 3, totalSteps: 4, usedStep: 2 });
    const mark =
      'UNFINISHED: the run "unfinished" was stopped at step 3 of 4; "tuned" is its best encoder so far, of step 2.';
    expect(reportSummary(report).split('\n')[0]).toBe(mark);
    expect(renderReport(report)).toContain(mark.replaceAll('"', '&quot;'));
    expect(messages).toContainEqual({
      level: 'warning',
      text: expect.stringMatching(/is unfinished, stopped at step 3 of 4: its best encoder so far \(step 2\) is used/),
    });
    await expect(session.train(config, { folder })).rejects.toThrow(
      /was stopped at step 3 of 4: --resume continues it/,
    );
    await expect(session.train(other, { folder, resume: true })).rejects.toThrow(/learningRate/);
    const run = await session.train(config, { folder, resume: true });
    expect(run.history.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const weights = (of: string): Buffer => readFileSync(join(of, 'adapter', 'adapter_model.safetensors'));
    expect(weights(folder).equals(weights(finished))).toBe(true);
  });

  it('stopped after its last step, before what was best is chosen, is no finished one', async () => {
    const folder = join(scratch, 'last-step');
    await stopAfter(4, folder);
    expect(await runState(folder)).toEqual({ state: 'stopped', step: 4, totalSteps: 4 });
    await expect(session.train(config, { folder })).rejects.toThrow(
      /was stopped at step 4 of 4: --resume continues it/,
    );
    const run = await session.train(config, { folder, resume: true });
    expect(run.bestScore).not.toBeNull();
    expect((await runState(folder)).state).toBe('finished');
  });

  it('started over a finished one leaves nothing of that behind', async () => {
    const folder = join(scratch, 'over');
    await session.train(config, { folder });
    await session.evaluate(config, { run: folder });
    const controller = new AbortController();
    const restarted = session.train(other, {
      folder,
      restart: true,
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    await expect(restarted).rejects.toThrow(Interrupted);
    for (const name of ['adapter', 'report.json', 'runs']) expect(existsSync(join(folder, name)), name).toBe(false);
    expect((await readRunConfig(folder)).training.learningRate).toBe(5e-4);
    const report = await session.evaluate(other, { run: folder });
    expect(report.run).toMatchObject({ state: 'stopped', step: 1, usedStep: null });
    expect(report.systems.map(({ name }) => name)).toEqual(['untuned']);
    expect(report.skipped).toMatchObject([{ name: 'tuned' }]);
  });
});

/** Of run.json, provenance.json and state.json, what a version that knew fewer settings had otherwise. */
interface SavedFile {
  identity: { fingerprint: string; settings: Record<string, unknown> };
  configFingerprint: string;
}

/** As a version that did not know a setting would have left the run. */
async function madeOlder(folder: string, setting: string): Promise<void> {
  const change = (path: string, edit: (value: SavedFile) => void): void => {
    const value = JSON.parse(readFileSync(path, 'utf8')) as SavedFile;
    edit(value);
    writeFileSync(path, JSON.stringify(value));
  };
  for (const name of ['run.json', 'adapter/provenance.json']) {
    change(join(folder, name), ({ identity }) => {
      expect(identity.settings).toHaveProperty([setting]);
      delete identity.settings[setting];
      identity.fingerprint = 'older';
    });
  }
  const states = join(folder, 'training-state');
  for (const state of readdirSync(states)) {
    change(join(states, state, 'state.json'), (saved) => {
      saved.configFingerprint = fingerprintOf(['older', null]);
    });
    await writeChecksums(join(states, state), ['state.json', 'parameters.safetensors', 'optimizer.safetensors']);
  }
}

describe('a run of a version that knew fewer settings', () => {
  const setting = 'training.angle.scale';
  const changed = configOf({ training: { angle: { scale: 30 } } });

  it('is resumed where the new setting stands at its default, and refused where it does not', async () => {
    const folder = join(scratch, 'older', 'stopped');
    await stopAfter(3, folder);
    await madeOlder(folder, setting);
    await expect(session.train(changed, { folder, resume: true })).rejects.toThrow(
      'trained with other settings (training.angle.scale is 20 there and 30 now)',
    );
    const { history } = await session.train(config, { folder, resume: true });
    expect(history.steps).toHaveLength(4);
    const weights = (run: string): Buffer => readFileSync(join(run, 'adapter', 'adapter_model.safetensors'));
    expect(weights(folder)).toEqual(weights(finished));
    expect((await readRunRecord(folder))?.identity).toMatchObject({ fingerprint: 'older' });

    const among = openSession({ runs: join(scratch, 'older') });
    expect(await among.runFolder(config)).toBe(folder);
    expect(await among.runFolder(changed)).not.toBe(folder);
    await among.close();
  });

  it('differs from another in settings that both had, or that are not at their default', async () => {
    const folder = join(scratch, 'older', 'compared');
    await session.train(other, { folder });
    await madeOlder(folder, setting);
    const { settings } = await compareRuns([finished, folder]);
    expect(settings).toEqual([{ path: 'training.learningRate', values: [2e-3, 5e-4] }]);
  });
});

describe('what a run was made from', () => {
  const moved = (name: string): string => join(scratch, name);
  const withFiles = (source: string, negatives: string) =>
    configOf({
      datasets: { source: moved(source) },
      training: { hardNegatives: { file: moved(negatives) } },
      mining: { system: 'bm25' },
    });

  it('may be moved, for its content counts; another content is refused', async () => {
    const lines = makePapers(150, ['gr-qc', 'hep-th', 'cs.LG'], 5).map(snapshotLine);
    writeFileSync(moved('papers.jsonl'), `${lines.join('\n')}\n`);
    const before = withFiles('papers.jsonl', 'negatives.jsonl');
    await mineNegatives(session, before, { out: moved('negatives.jsonl'), examples: 0 });
    const folder = moved('movable');
    await stopAfter(2, folder, before);
    renameSync(moved('papers.jsonl'), moved('elsewhere.jsonl'));
    renameSync(moved('negatives.jsonl'), moved('hard.jsonl'));
    const after = withFiles('elsewhere.jsonl', 'hard.jsonl');
    await session.train(after, { folder, resume: true });
    expect((await session.evaluate(after, { run: folder })).run?.state).toBe('finished');

    const [first, ...others] = readFileSync(moved('hard.jsonl'), 'utf8').trim().split('\n');
    writeFileSync(moved('hard.jsonl'), `${[...others, first].join('\n')}\n`);
    await expect(session.train(after, { folder, resume: true })).rejects.toThrow(
      /training.hardNegatives.file is ".*negatives.jsonl" there and ".*hard.jsonl" now/,
    );
    writeFileSync(moved('elsewhere.jsonl'), `${lines.slice(30).join('\n')}\n`);
    await expect(session.evaluate(after, { run: folder })).rejects.toThrow(
      /datasets.source is ".*papers.jsonl" there and ".*elsewhere.jsonl" now/,
    );
  });

  it('is the same for seeds of a sweep, where papers are drawn', async () => {
    const out = moved('seeds');
    const factors = [{ path: 'encoder.lora.rank', values: [2] }];
    const drawn = configOf({ training: { maxSteps: 1 }, evaluation: { bootstrapSamples: 100 } });
    const messages: string[] = [];
    const onMessage = ({ text }: MessageEvent): void => void messages.push(text);
    const report = await runSweep(session, drawn, { factors, seeds: 2, out, onMessage });
    expect(messages).toContainEqual(expect.stringMatching(/^the papers are those that seed 42 draws, for every seed/));
    const [one = '', two = ''] = report.points[0]?.runs ?? [];
    const papersIn = (run: string): string => readFileSync(join(run, 'papers.jsonl'), 'utf8');
    expect(papersIn(two)).toBe(papersIn(one));
    expect((await readRunConfig(one)).datasets.seed).toBeNull();
    expect(await readRunConfig(two)).toMatchObject({ seed: 43, datasets: { seed: 42 } });
  });
});

describe('training of all weights', () => {
  it('ends in model/, and says so', async () => {
    const folder = join(scratch, 'full');
    const run = await session.train(configOf({ training: { method: 'full', learningRate: 1e-5 } }), { folder });
    expect(run.trainedFolder).toBe(join(folder, 'model'));
    expect(existsSync(join(folder, 'model', 'model.safetensors'))).toBe(true);
    expect(existsSync(join(folder, 'adapter'))).toBe(false);
  });
});

describe('a folder without a run', () => {
  it('has nothing to resume', async () => {
    const folder = join(scratch, 'misspelt');
    await expect(session.train(config, { folder, resume: true })).rejects.toThrow(
      /has no training to resume: check the path, or leave out --resume/,
    );
    expect(existsSync(folder)).toBe(false);
  });
});

describe('two trainings in one folder at the same time', () => {
  it('are one that works and one that is refused', async () => {
    const folder = join(scratch, 'twice');
    const both = await Promise.allSettled([session.train(config, { folder }), session.train(config, { folder })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refused] = both.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused?.reason).toBeInstanceOf(UserError);
  });
});

describe('a run folder that another process writes into', () => {
  const settings = configOf({ mining: { system: 'bm25' } });
  const out = join(finished, 'hard-negatives.jsonl');
  it.each<[string, () => Promise<unknown>]>([
    ['run', () => runExperiment(session, config, finished, { resume: true })],
    ['train', () => session.train(config, { folder: finished, resume: true })],
    ['train anew', () => session.train(config, { folder: finished, restart: true })],
    ['evaluate', () => session.evaluate(config, { run: finished })],
    ['mine', () => mineNegatives(session, settings, { run: finished, out, examples: 0 })],
    ['runs rename', () => renameRun(finished, 'other')],
    ['runs remove', () => removeRun(finished)],
  ])('is refused to %s, which changes nothing', async (_, write) => {
    const before = contents(finished);
    const release = await acquireLock(join(finished, 'run'));
    try {
      await expect(write()).rejects.toThrow(/is in use by another process .*wait for its end, or stop it/);
    } finally {
      await release();
    }
    expect(contents(finished)).toEqual(before);
  });
});

it('a run folder is refused to a sweep, which changes nothing', async () => {
  const before = contents(finished);
  const factors = [{ path: 'encoder.lora.rank', values: [2] }];
  await expect(runSweep(session, config, { factors, out: finished })).rejects.toThrow(/is a run itself: name another/);
  expect(contents(finished)).toEqual(before);
});

describe('encoding with what was trained', () => {
  it('uses its pooling and attention, unless another is given by hand, which is said', async () => {
    const folder = join(scratch, 'last');
    const trainedWithLast = configOf({ encoder: { pooling: 'last', attention: 'bidirectional' } });
    await session.train(trainedWithLast, { folder });
    const input = join(scratch, 'texts.txt');
    writeFileSync(input, 'waves on a curved background\nentropy of horizons\n');
    const adapter = join(folder, 'adapter');
    const rowsBy = async (settings: typeof config, given: ('pooling' | 'attention')[] = []) => {
      const output = join(scratch, 'rows.npy');
      rmSync(output, { force: true });
      const messages: string[] = [];
      const onMessage = ({ text }: MessageEvent): void => void messages.push(text);
      await encodeFile(session, settings, { input, output, adapter, given, normalize: true, onMessage });
      return { rows: (await readNpy(output)).data, messages };
    };
    const asTrained = await rowsBy(trainedWithLast);
    const silent = await rowsBy(config);
    expect(silent.rows).toEqual(asTrained.rows);
    expect(silent.messages).toContain('encoder.pooling = last, as the encoder was trained');
    const byHand = await rowsBy({ ...config, encoder: { ...config.encoder, pooling: 'mean' } }, [
      'pooling',
      'attention',
    ]);
    expect(byHand.rows).not.toEqual(asTrained.rows);
    expect(byHand.messages).toContain('encoder.pooling = mean as asked; the encoder was trained with last');
    const run = encodeFile(session, config, {
      input,
      output: join(scratch, 'x.npy'),
      adapter: folder,
      normalize: true,
    });
    await expect(run).rejects.toThrow(
      /is a run folder, not an adapter: give it as the first argument, or --adapter .*adapter/,
    );
    const output = join(scratch, 'by-run.npy');
    await encodeFile(session, trainedWithLast, { run: folder, input, output, normalize: true });
    expect((await readNpy(output)).data).toEqual(asTrained.rows);
    const other = encodeFile(session, config, { run: folder, input, output, normalize: true });
    await expect(other).rejects.toThrow(/encoder.pooling is "last" there and "auto" now/);
  });
});

describe('the run that a notebook looks at', () => {
  it('is the finished one of its settings, or the one that is named', async () => {
    const runs = join(scratch, 'chosen');
    const notebook = openSession({ runs });
    const own = () => notebook.runFolder(config);
    await expect(chosenRun(runs, undefined, own)).rejects.toThrow(
      /nothing is trained with these settings: run notebook 5/,
    );
    const folder = await own();
    await stopAfter(1, folder);
    await expect(chosenRun(runs, undefined, own)).rejects.toThrow(
      /stopped at step 1 of 4: run notebook 5 .*or choose a run: \{ run: '/,
    );
    expect(await chosenRun(runs, folder, own)).toBe(folder);
    await expect(chosenRun(runs, 'nobody', own)).rejects.toThrow(/no run "nobody"/);
    const named = join(runs, 'a-folder');
    await session.train(config, { folder: named, name: 'by name' });
    expect(await chosenRun(runs, 'by name', own)).toBe(named);
    await notebook.close();
  });
});
