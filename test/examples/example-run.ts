/** A run of a small random model on a few papers, for what uses a trained encoder. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { llmEmbedding, writeSnapshot, writeTinyModel } from '../../test/cli/command-line.js';
import type { TestPaper } from '../datasets/helpers/corpus.js';

export interface ExampleRun {
  /** Absolute. */
  folder: string;
  model: string;
  papers: TestPaper[];
}

/** Trains two steps in `cwd`; further settings as `--set` takes them. */
export async function makeExampleRun(cwd: string, settings: string[] = []): Promise<ExampleRun> {
  await writeTinyModel(join(cwd, 'model'));
  const papers = writeSnapshot(join(cwd, 'papers.jsonl'), 96);
  const all = [
    ...['training.maxSteps=2', 'batches.pairs=8', 'training.validateEvery=null', 'evaluation.systems=["tuned"]'],
    ...['datasets.minAbstractWords=5', `cache=${JSON.stringify(join(cwd, 'cache'))}`, ...settings],
  ].flatMap((setting) => ['--set', setting]);
  const model = join(cwd, 'model');
  const source = join(cwd, 'papers.jsonl');
  const out = join(cwd, 'run');
  const { code, stderr } = await llmEmbedding(['train', '--data', source, '--model', model, '--out', out, ...all], {
    cwd,
  });
  expect(code, stderr).toBe(0);
  return { folder: out, model, papers };
}
