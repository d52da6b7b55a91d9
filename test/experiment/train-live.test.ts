/** Training below a cell: what is said at the start, and what a stop leaves behind. The session is a stand-in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { Interrupted, WorkError } from '../../lib/core/errors.js';
import { trainLive } from '../../lib/experiment/train-live.js';
import type { Session } from '../../lib/pipeline/session.js';
import type { TrainedRun } from '../../lib/pipeline/train.js';
import { saveCheckpoint } from '../../lib/training/checkpoint.js';

const config = resolveConfig({ settings: ['training.epochs=4', 'training.maxSteps=10'] });
const DONE = { folder: 'run' } as unknown as TrainedRun;
let printed = '';
let folder: string;

beforeEach(() => {
  printed = '';
  folder = mkdtempSync(join(tmpdir(), 'train-live-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A session that starts at `step` of 10 and ends as told. */
function session(step: number, end: () => TrainedRun): Session {
  const train: Session['train'] = async (_, options) => {
    options?.onStart?.({ totalSteps: 10, step, history: { steps: [], validations: [] } } as never);
    return end();
  };
  const batches = async () => ({ report: { batches: 5, batchesOnTarget: 4 } });
  const dataset = async () => ({ papers: [] });
  return { train, batches, dataset, runFolder: async () => folder } as unknown as Session;
}
const live = (steps: Session) => trainLive(steps, config, () => 'checkpoints/here');

it.each([
  [0, null],
  [4, /step 5 of 10/],
  [10, /10 steps: nothing to do/],
])('started at step %i of 10 says where it begins', async (step, message) => {
  await expect(live(session(step, () => DONE))).resolves.toMatchObject({ ...DONE, partial: false });
  expect(printed).toContain('10 steps: epochs = 4 of 5 batches would be 20 steps, maxSteps = 10 ends it before\n');
  if (message) expect(printed).toMatch(message);
  else expect(printed).not.toMatch(/step \d+ of 10|nothing to do/);
});

it('stopped before anything was saved says that it starts anew', async () => {
  const stop = () => {
    throw new Interrupted('stopped');
  };
  const error = await live(session(0, stop)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Interrupted);
  expect((error as Error).message).toMatch(/stopped before the first step/);
});

it('stopped later gives the run as far as it came', async () => {
  const stop = () => {
    throw new Interrupted('stopped');
  };
  const history = { steps: [], validations: [{ step: 2, mrr: 0.5 }] };
  const state = {
    ...{ step: 3, totalSteps: 10, epoch: 0, batchIndex: 3, seed: 1, configFingerprint: 'a', skipped: [], history },
    bestValidation: { metric: 'mrr@10', value: 0.5, step: 2, digest: 'b' },
  };
  const optimizer = { step: 3, firstMoments: new Map(), secondMoments: new Map() };
  await saveCheckpoint(folder, { state, parameters: new Map(), optimizer });
  const run = await live(session(0, stop));
  expect(run).toMatchObject({ partial: true, totalSteps: 3, bestScore: 0.5, folder, history });
  expect(run.describeSteps()).toBe('3 of 10, stopped: partial');
  expect(printed).toMatch(/stopped after step 3 of 10; kept in checkpoints\/here: the best adapter .* \.500 at step 2/);
});

it('passes any other failure on as it is', async () => {
  const failure = new WorkError('the disk is full');
  const fail = () => {
    throw failure;
  };
  await expect(live(session(0, fail))).rejects.toBe(failure);
});
