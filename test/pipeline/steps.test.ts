import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, resolveConfig } from '../../lib/config/config.js';
import { evaluationTask } from '../../lib/pipeline/evaluation-task.js';
import { openSession } from '../../lib/pipeline/session.js';
import { type Step, settingsRead, stepKey } from '../../lib/pipeline/step.js';
import { batchesStep } from '../../lib/pipeline/steps/batches.js';
import { datasetsStep } from '../../lib/pipeline/steps/datasets.js';
import { encoderStep } from '../../lib/pipeline/steps/encoder.js';
import { evaluationStep } from '../../lib/pipeline/steps/evaluation.js';
import { modelStep } from '../../lib/pipeline/steps/model.js';
import { tokensStep } from '../../lib/pipeline/steps/tokens.js';
import { trainingStep } from '../../lib/pipeline/steps/training.js';
import { recordingConfig, undeclared } from './recording-config.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-steps-'));
const session = openSession({ runs: join(scratch, 'runs') });
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

const config = resolveConfig({
  input: {
    cache: join(scratch, 'cache'),
    datasets: { maxPerCategory: 20 },
    tokens: { maxAbstractTokens: 32 },
    batches: { pairs: 16 },
    encoder: { queryPrompt: 'find: ' },
    training: { maxSteps: 2, validateEvery: 1, matryoshkaDimensions: [64] },
    evaluation: { queries: 'all', systems: ['untuned', 'bm25', 'hybrid'], bootstrapSamples: 100 },
  },
});

/** Runs a step on a configuration that records, and expects that it read nothing but what it lists. */
async function expectDeclared<Inputs extends unknown[], Result>(
  step: Step<Inputs, Result>,
  run: (recording: Config) => Promise<Result>,
): Promise<Result> {
  const { config: recording, read } = recordingConfig(config);
  const result = await run(recording);
  expect(read.size, `${step.name} read something`).toBeGreaterThan(0);
  expect(undeclared(read, [...step.reads, ...(step.ignores ?? [])]), `read by ${step.name}, and not listed`).toEqual(
    [],
  );
  return result;
}

describe('every step reads the settings that it lists, and no other', () => {
  it('from the papers to the evaluation', async () => {
    const { papers } = await expectDeclared(datasetsStep, (recording) => datasetsStep.run(recording));
    const tokenized = await expectDeclared(tokensStep, (recording) => tokensStep.run(recording, papers));
    await expectDeclared(batchesStep, (recording) => batchesStep.run(recording, papers, tokenized, 0));
    const model = await expectDeclared(modelStep, (recording) => modelStep.run(recording));
    const encoder = await expectDeclared(encoderStep, (recording) => encoderStep.run(recording, model));
    const folder = join(scratch, 'run');
    await expectDeclared(trainingStep, (recording) =>
      trainingStep.run(
        recording,
        { papers, tokenized, encoder },
        { folders: { run: folder, best: join(folder, 'adapter') }, identity: 'a training', hyperparameters: {} },
      ),
    );
    await encoder.dispose();
    await expectDeclared(evaluationStep, (recording) =>
      evaluationStep.run(recording, evaluationTask(config, { papers }), {
        model: async () => model,
        trained: join(folder, 'adapter'),
      }),
    );
    await model.engine.close();
  });

  it('and a read that is not listed is found', () => {
    const { config: recording, read } = recordingConfig(config);
    const { seed, training } = recording;
    expect([seed, training.epochs]).toEqual([config.seed, config.training.epochs]);
    expect(undeclared(read, ['seed'])).toEqual(['training.epochs']);
    expect(undeclared(read, ['seed', 'training'])).toEqual([]);
    expect({ ...recording.tokens }).toEqual(config.tokens);
    expect(undeclared(read, ['seed', 'training'])).toEqual(['tokens.maxTitleTokens', 'tokens.maxAbstractTokens']);
  });
});

describe('keys of steps', () => {
  it('depend on the settings that are listed, less those that are ignored', () => {
    const step = { name: 'a step', reads: ['training'], ignores: ['training.memoryBudget'] } as const;
    const key = stepKey(step, config, null);
    const other = (training: object) =>
      stepKey(step, { ...config, training: { ...config.training, ...training } }, null);
    expect(other({ memoryBudget: 7 })).toBe(key);
    expect(other({ learningRate: 7e-4 })).not.toBe(key);
    expect(stepKey(step, { ...config, seed: 9 }, null)).toBe(key);
    expect(stepKey(step, config, 'other data')).not.toBe(key);
    expect([...settingsRead(config, [step]).keys()]).toContain('training.tokenDropout.title');
  });

  it('of the model depend on everything that another model or engine comes from', () => {
    const key = stepKey(modelStep, config, null);
    for (const change of [{ precision: 'bfloat16' }, { provider: 'webgpu' }, { engine: 'wasm' }] as Partial<Config>[]) {
      expect(stepKey(modelStep, { ...config, ...change }, null), JSON.stringify(change)).not.toBe(key);
    }
  });
});
