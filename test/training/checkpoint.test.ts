import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { fingerprintOf } from '../../lib/core/fingerprint.js';
import { type Checkpoint, hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../../lib/training/checkpoint.js';

const root = mkdtempSync(join(tmpdir(), 'checkpoint-'));
const run = join(root, 'run');
const state = join(run, 'training-state');
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(run, { recursive: true, force: true });
  mkdirSync(run);
});

/** A state whose numbers all follow from its step. */
function checkpointAt(step: number): Checkpoint {
  const tensor = (shape: number[], phase: number) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + phase + step)),
  });
  const parameters = new Map([
    ['layers.0.mlp.up_proj.lora_A', tensor([2, 3], 0)],
    ['layers.0.mlp.up_proj.lora_B', tensor([4, 2], 1)],
  ]);
  const moments = (phase: number) =>
    new Map([...parameters].map(([name, { shape }]) => [name, tensor(shape, phase).data]));
  return {
    state: {
      step,
      epoch: 1,
      totalSteps: 40,
      batchIndex: step % 7,
      seed: 42,
      configFingerprint: 'abc',
      bestValidation: step > 1 ? { metric: 'mrr@10', value: 0.75, step: 1 } : null,
      history: {
        steps: [{ step: 0, loss: 1.5, learningRate: 1e-3, gradientNorm: 2, tokensPerSecond: 1000 }],
        validations: [{ step: 1, mrr: 0.75 }],
      },
      skipped: [],
    },
    parameters,
    optimizer: { step: step + 1, firstMoments: moments(2), secondMoments: moments(3) },
  };
}

const load = () => loadCheckpoint(run, { configFingerprint: 'abc', parameters: checkpointAt(0).parameters });

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

describe('checkpoints', () => {
  it('give back what was saved, the latest of several', async () => {
    expect(await hasCheckpoint(run)).toBe(false);
    for (const step of [1, 2, 3]) await saveCheckpoint(run, checkpointAt(step));
    expect(await hasCheckpoint(run)).toBe(true);
    expect(await load()).toEqual(checkpointAt(3));
    expect(readdirSync(run)).toEqual(['training-state']);
    expect(readdirSync(state).sort()).toEqual(['optimizer.safetensors', 'parameters.safetensors', 'state.json']);
  });

  it('are equal bytes for equal states', async () => {
    await saveCheckpoint(run, checkpointAt(5));
    const before = readdirSync(state).map((name) => readFileSync(join(state, name)).toString('hex'));
    await saveCheckpoint(run, checkpointAt(5));
    expect(readdirSync(state).map((name) => readFileSync(join(state, name)).toString('hex'))).toEqual(before);
  });

  it('outlive a stop between the renames, and the next save tidies up', async () => {
    await saveCheckpoint(run, checkpointAt(1));
    cpSync(state, join(run, 'training-state.next'), { recursive: true });
    truncateSync(join(run, 'training-state.next/state.json'), 5);
    renameSync(state, join(run, 'training-state.previous'));
    expect(await hasCheckpoint(run)).toBe(true);
    expect(await load()).toEqual(checkpointAt(1));
    await saveCheckpoint(run, checkpointAt(2));
    expect(await load()).toEqual(checkpointAt(2));
    expect(readdirSync(run)).toEqual(['training-state']);
  });

  it('can be loaded whenever the process is killed', async () => {
    const module = new URL('../../dist/lib/training/checkpoint.js', import.meta.url).href;
    const script = `
      import { saveCheckpoint } from ${JSON.stringify(module)};
      const tensor = (shape) => ({ shape, data: new Float32Array(shape[0] * shape[1]) });
      for (let step = 1; ; step++) {
        const parameters = new Map([['layers.0.mlp.up_proj.lora_A', tensor([2, 3])], ['layers.0.mlp.up_proj.lora_B', tensor([4, 2])]]);
        for (const { data } of parameters.values()) data.fill(step);
        const moments = new Map([...parameters].map(([name, { data }]) => [name, data]));
        const state = { step, totalSteps: 40, epoch: 0, batchIndex: 0, seed: 1, configFingerprint: 'abc', bestValidation: null, history: { steps: [], validations: [] }, skipped: [] };
        await saveCheckpoint(${JSON.stringify(run)}, { state, parameters, optimizer: { step, firstMoments: moments, secondMoments: moments } });
        process.stdout.write(step + '\\n');
      }`;
    for (let attempt = 0; attempt < 8; attempt++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 1 + attempt * 2.3));
      child.kill('SIGKILL');
      await once(child, 'close');
      const saved = Number(output.trim().split('\n').at(-1));
      const { state: found, parameters, optimizer } = await load();
      // The kill may fall between a save and its message, so that there may be one more.
      expect(found.step).toBeGreaterThanOrEqual(saved);
      for (const { data } of parameters.values()) expect([...data].every((x) => x === found.step)).toBe(true);
      expect(optimizer.step).toBe(found.step);
    }
  });

  it('are refused with the reason', async () => {
    expect(await refusal(load())).toContain('nothing to resume');
    await saveCheckpoint(run, checkpointAt(1));
    const expected = { configFingerprint: 'abc', parameters: checkpointAt(0).parameters };
    expect(await refusal(loadCheckpoint(run, { ...expected, configFingerprint: 'xyz' }))).toContain(
      'other settings (abc, now xyz)',
    );
    const wider = new Map(expected.parameters).set('layers.0.mlp.up_proj.lora_B', {
      shape: [5, 2],
      data: new Float32Array(10),
    });
    expect(await refusal(loadCheckpoint(run, { ...expected, parameters: wider }))).toContain(
      '[4, 2], where the run has [5, 2]',
    );
    const more = new Map(expected.parameters).set('extra', { shape: [1], data: new Float32Array(1) });
    expect(await refusal(loadCheckpoint(run, { ...expected, parameters: more }))).toContain('has extra not at all');
    const fewer = new Map([...expected.parameters].slice(0, 1));
    expect(await refusal(loadCheckpoint(run, { ...expected, parameters: fewer }))).toContain(
      'which the run does not train',
    );
  });

  it('are refused when their files are damaged or of different saves', async () => {
    await saveCheckpoint(run, checkpointAt(1));
    cpSync(state, join(root, 'old'), { recursive: true });
    await saveCheckpoint(run, checkpointAt(2));
    cpSync(join(root, 'old/optimizer.safetensors'), join(state, 'optimizer.safetensors'));
    expect(await refusal(load())).toContain('is of step 1, its state.json of step 2');
    await saveCheckpoint(run, checkpointAt(2));
    truncateSync(join(state, 'parameters.safetensors'), 300);
    expect(await refusal(load())).toContain('parameters.safetensors');
    await saveCheckpoint(run, checkpointAt(2));
    writeFileSync(join(state, 'state.json'), '{"step": -1}');
    expect(await refusal(load())).toContain('state.json');
    rmSync(join(state, 'state.json'));
    expect(await refusal(load())).toContain('delete the folder training-state');
  });

  it('are not written with numbers that JSON lacks', async () => {
    await saveCheckpoint(run, checkpointAt(1));
    const broken = checkpointAt(2);
    broken.state.history.steps[0]!.loss = NaN;
    await expect(saveCheckpoint(run, broken)).rejects.toThrow('history.steps.0.loss');
    expect(await load()).toEqual(checkpointAt(1));
    expect(existsSync(join(run, 'training-state.next'))).toBe(false);
  });
});

describe('fingerprintOf', () => {
  it('depends on values, not on the order of keys', () => {
    const one = fingerprintOf({ a: 1, b: { c: [1, 2], d: null } });
    expect(fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 })).toBe(one);
    expect(fingerprintOf({ a: 1, b: { c: [2, 1], d: null } })).not.toBe(one);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
  });
});
