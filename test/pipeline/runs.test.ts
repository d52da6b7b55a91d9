/** Runs as objects: found by what they are made of, named readably, listed, compared, renamed, removed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { acquireLock } from '../../lib/files/lock.js';
import { runIdentity } from '../../lib/pipeline/run-identity.js';
import { readRunRecord } from '../../lib/pipeline/run-record.js';
import { removeRun, renameRun } from '../../lib/pipeline/runs/change-runs.js';
import { compareRuns } from '../../lib/pipeline/runs/compare-runs.js';
import { runFolderOf } from '../../lib/pipeline/runs/find-runs.js';
import { listRuns } from '../../lib/pipeline/runs/list-runs.js';
import { presetDifferences } from '../../lib/pipeline/runs/preset-differences.js';
import { checkRunName, readableName } from '../../lib/pipeline/runs/run-name.js';
import { openSession } from '../../lib/pipeline/session.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-runs-'));
const runs = join(scratch, 'runs');
const session = openSession({ runs });
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

function configOf({ training, ...others }: ConfigInput = {}) {
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 20 },
      tokens: { maxAbstractTokens: 32 },
      batches: { pairs: 16 },
      training: { maxSteps: 4, validateEvery: 2, adapterStrengths: [], ...training },
      evaluation: { queries: 'all', systems: ['untuned', 'tuned'], bootstrapSamples: 100 },
      ...others,
    },
  });
}

describe('a readable name', () => {
  const inputs = { dataset: 'd', model: 'm', engine: 'e' };
  const nameOf = (input: ConfigInput, taken: string[] = [], preset = 'sample') =>
    readableName(runIdentity(resolveConfig({ preset, input }), inputs), taken);

  it('tells what differs from the nearest preset', () => {
    expect(nameOf({ training: { learningRate: 3e-4, epochs: 2 } })).toBe('lr-3e-4-epochs-2');
    expect(nameOf({ encoder: { pooling: 'last' }, training: { symmetric: false } })).toBe('pooling-last-no-symmetric');
    expect(nameOf({})).toBe('sample');
    expect(nameOf({}, [], 'qwen2.5-0.5b')).toBe('qwen2.5-0.5b');
    expect(nameOf({ seed: 7 }, [], 'qwen2.5-0.5b')).toBe('seed-7');
  });

  it('counts what is too much to tell', () => {
    const many = { learningRate: 1e-3, epochs: 2, maxSteps: 5, temperature: 0.1, weightDecay: 0.2, beta1: 0.8 };
    expect(nameOf({ training: many })).toBe('lr-1e-3-epochs-2-steps-5-temperature-0.1-and-2-more');
  });

  it('is not that of another run', () => {
    expect(nameOf({ seed: 7 }, ['seed-7', 'SEED-7-2'])).toBe('seed-7-3');
  });

  it('has a loss of the caller’s own', () => {
    const identity = runIdentity(resolveConfig(), { ...inputs, loss: 'squared distance 1234' });
    expect(readableName(identity)).toBe('loss-squared-distance');
  });

  it.each(['', ' ', 'a/b', '..', 'a\nb', 'x'.repeat(101), '---'])('is never %j', (name) => {
    expect(() => checkRunName(name)).toThrow(/does not suit a run: expected/);
  });

  it('comes from differences that leave out what does not decide the result', () => {
    const identity = runIdentity(resolveConfig({ input: { cache: '/elsewhere', threads: 3 } }), inputs);
    expect(presetDifferences(identity)).toEqual({ preset: 'sample', settings: {} });
  });
});

describe('runs of a session', () => {
  const base = configOf();
  const other = configOf({ training: { learningRate: 5e-4 } });

  beforeAll(async () => {
    for (const [config, name] of [
      [base, undefined],
      [other, 'slower'],
    ] as const) {
      const { folder } = await session.train(config, name === undefined ? {} : { name });
      await session.evaluate(config, { run: folder });
    }
  });

  it('are named readably or as asked, and found by what they are made of', async () => {
    const folder = await session.runFolder(base);
    expect(basename(folder)).toMatch(/^steps-4-pairs-16-papers-20-/);
    expect((await readRunRecord(folder))?.name).toBe(basename(folder));
    expect(await session.runFolder(other)).toBe(join(runs, 'slower'));
    const again = await session.train(other);
    expect(again.folder).toBe(join(runs, 'slower'));
  });

  it('cannot take the name of another', async () => {
    await expect(session.train(configOf({ seed: 9 }), { name: 'slower' })).rejects.toThrow(
      /"slower" is the name of another run in .* \(.*seed is 42 there and 9 now.*\): choose another name/,
    );
    expect(() => runFolderOf(runs, 'slowr')).toThrow(/no run "slowr" .*: there are .*did you mean "slower"\?/);
  });

  it('are listed with state, differences and metrics as their reports have them', async () => {
    writeFileSync(join(runs, 'no-run.txt'), '');
    mkdirSync(join(runs, 'broken'));
    writeFileSync(join(runs, 'broken', 'run.json'), '{');
    const listed = await listRuns(runs);
    expect(listed.map(({ name }) => name)).toEqual(['slower', expect.stringMatching(/^steps-4/), 'broken']);
    expect(listed.at(-1)).toMatchObject({ state: 'damaged' });
    const [slower] = listed;
    const report = JSON.parse(readFileSync(join(runs, 'slower', 'report.json'), 'utf8'));
    expect(slower).toMatchObject({ state: 'finished', step: 4, differs: { preset: 'sample' } });
    expect(slower?.differs?.settings).toMatchObject({ 'training.learningRate': 5e-4 });
    expect(slower?.evaluation).toEqual({
      split: 'test',
      queries: report.corpus.queries,
      metrics: report.systems.find(({ name }: { name: string }) => name === 'tuned').metrics,
    });
    rmSync(join(runs, 'broken'), { recursive: true });
  });

  it('are compared setting by setting and query by query', async () => {
    const folders = [runFolderOf(runs, 'slower'), await session.runFolder(base)];
    const comparison = await compareRuns(folders);
    expect(comparison.settings).toEqual([{ path: 'training.learningRate', values: [5e-4, 2e-3] }]);
    const [a, b] = comparison.runs.map(({ evaluation }) => evaluation?.metrics['mrr@10']?.value as number);
    const found = comparison.differences.find(({ metric }) => metric === 'mrr@10');
    expect(found).toMatchObject({ a: 'slower', b: basename(folders[1] as string) });
    expect(found?.difference).toBeCloseTo((a as number) - (b as number), 12);
    expect(found?.low).toBeLessThanOrEqual(found?.difference as number);
    expect(found?.high).toBeGreaterThanOrEqual(found?.difference as number);
    expect(comparison.histories.map(({ steps }) => steps.length)).toEqual([4, 4]);
    expect(comparison.notes).toEqual([]);
  });

  it('are not compared over different test sides, and the difference is named', async () => {
    const elsewhere = configOf({ seed: 7 });
    const { folder } = await session.train(elsewhere, { name: 'elsewhere' });
    const before = await compareRuns([join(runs, 'slower'), folder]);
    expect(before.differences).toEqual([]);
    expect(before.notes).toEqual([expect.stringMatching(/^elsewhere is not evaluated: run "llm-embedding evaluate/)]);
    await session.evaluate(elsewhere, { run: folder });
    await expect(compareRuns([join(runs, 'slower'), folder])).rejects.toThrow(
      /"slower" and "elsewhere" cannot be compared: their test papers differ \(seed is 42 in "slower" and 7 in "elsewhere"\)/,
    );
  });

  it('are renamed with their folder, unless the name is taken or somebody writes', async () => {
    const folder = join(runs, 'elsewhere');
    await expect(renameRun(folder, 'slower')).rejects.toThrow(/another run in .* is called "slower"/);
    const release = await acquireLock(join(folder, 'run'));
    await expect(renameRun(folder, 'moved')).rejects.toThrow(/is in use by another process/);
    await expect(removeRun(folder)).rejects.toThrow(/is in use by another process/);
    await release();
    expect(await renameRun(folder, 'moved away')).toBe(join(runs, 'moved-away'));
    expect(existsSync(folder)).toBe(false);
    expect((await readRunRecord(join(runs, 'moved-away')))?.name).toBe('moved away');
    expect(await session.runFolder(configOf({ seed: 7 }))).toBe(join(runs, 'moved-away'));
    // the same training under another name is that run, renamed
    const { folder: named } = await session.train(configOf({ seed: 7 }), { name: 'elsewhere' });
    expect(named).toBe(join(runs, 'elsewhere'));
  });

  it('are not renamed onto anything, be it a link to nowhere, and keep their name then', async () => {
    const folder = join(runs, 'elsewhere');
    const target = join(runs, 'onto');
    symlinkSync(join(scratch, 'nowhere'), target);
    await expect(renameRun(folder, 'onto')).rejects.toThrow(`${target} is there already: choose another name`);
    expect((await readRunRecord(folder))?.name).toBe('elsewhere');
    rmSync(target);
  });

  it('are told apart from their copies, which have their name', async () => {
    const [original, copy] = [join(runs, 'slower'), join(runs, 'a copy')];
    cpSync(original, copy, { recursive: true });
    expect(runFolderOf(runs, 'slower')).toBe(original);
    expect(runFolderOf(runs, 'a copy')).toBe(copy);
    const { runs: compared, differences } = await compareRuns([original, copy]);
    expect(compared.map(({ name }) => name)).toEqual([`slower (${original})`, `slower (${copy})`]);
    expect(differences.find(({ metric }) => metric === 'mrr@10')).toMatchObject({
      a: `slower (${original})`,
      difference: 0,
    });
    await expect(compareRuns([original, join(runs, 'x', '..', 'slower')])).rejects.toThrow('at least two runs');
    renameSync(original, join(runs, 'moved'));
    expect(() => runFolderOf(runs, 'slower')).toThrow(
      `"slower" means 2 runs, in ${copy} and ${join(runs, 'moved')}: give the folder of one`,
    );
    renameSync(join(runs, 'moved'), original);
    rmSync(copy, { recursive: true });
    expect(() => runFolderOf(join(original, 'run.json'), 'slower')).toThrow('run.json is a file: expected the folder');
  });

  it('are not removed through a link, and no link in them is followed', async () => {
    const [elsewhere, link] = [join(scratch, 'outside'), join(runs, 'link')];
    cpSync(join(runs, 'slower'), elsewhere, { recursive: true });
    symlinkSync(elsewhere, link);
    await expect(removeRun(link)).rejects.toThrow(
      `${link} is a link to ${realpathSync(elsewhere)}: remove the run there`,
    );
    expect(existsSync(join(elsewhere, 'run.json'))).toBe(true);
    const linked = join(runs, 'linked');
    cpSync(join(runs, 'slower'), linked, { recursive: true });
    for (const name of ['adapter', 'runs', 'tensorboard', 'training-state']) {
      rmSync(join(linked, name), { recursive: true });
      symlinkSync(elsewhere, join(linked, name));
    }
    expect(await removeRun(linked)).toEqual([]);
    expect(existsSync(join(elsewhere, 'adapter', 'adapter_model.safetensors'))).toBe(true);
    rmSync(link);
  });

  it('are removed without the files of the reader', async () => {
    const folder = join(runs, 'elsewhere');
    writeFileSync(join(folder, 'notes.md'), 'mine');
    expect(await removeRun(folder)).toEqual(['notes.md']);
    expect(await removeRun(join(runs, 'slower'))).toEqual([]);
    expect(existsSync(join(runs, 'slower'))).toBe(false);
  });
});
