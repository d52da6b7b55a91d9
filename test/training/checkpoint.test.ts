import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
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
import { DAMAGES } from '../../bench/faults/damages.js';
import { UserError } from '../../lib/core/errors.js';
import { fingerprintOf } from '../../lib/core/fingerprint.js';
import { Random } from '../../lib/core/random.js';
import {
  type Checkpoint,
  hasCheckpoint,
  loadBest,
  loadCheckpoint,
  saveCheckpoint,
  savedProgress,
} from '../../lib/training/checkpoint.js';
import { digestOfTensors } from '../../lib/training/checksums.js';

const root = mkdtempSync(join(tmpdir(), 'checkpoint-'));
const run = join(root, 'run');
const folder = join(run, 'training-state');
const at = (step: number): string => join(folder, `step-0000000${step}`);
const FILES = ['optimizer.safetensors', 'parameters.safetensors', 'state.json'];
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(run, { recursive: true, force: true });
  mkdirSync(run);
});

/** A state whose numbers all follow from its step. */
function checkpointAt(step: number, best: number | null = null): Checkpoint {
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
      bestValidation:
        best === null
          ? null
          : { metric: 'mrr@10', value: 0.75, step: best, digest: digestOfTensors(checkpointAt(best).parameters) },
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

const load = (onMessage?: (message: { text: string }) => void) =>
  loadCheckpoint(run, { configFingerprint: 'abc', parameters: checkpointAt(0).parameters }, onMessage);

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
    expect((await savedProgress(run))?.step).toBe(3);
    expect(readdirSync(run)).toEqual(['training-state']);
    expect(readdirSync(folder)).toEqual(['step-00000002', 'step-00000003']);
    expect(readdirSync(at(3)).sort()).toEqual(['SHA256SUMS', ...FILES]);
  });

  it('keep the last few and the best, and none of a later step', async () => {
    for (const step of [1, 2, 3, 4, 5]) await saveCheckpoint(run, checkpointAt(step, step < 2 ? null : 2), { keep: 3 });
    expect(readdirSync(folder).map((name) => Number(name.slice(5)))).toEqual([2, 3, 4, 5]);
    const { parameters } = checkpointAt(0);
    const best = checkpointAt(5, 2).state.bestValidation!;
    expect(await loadBest(run, best, { parameters })).toEqual(checkpointAt(2).parameters);
    // a training that went back to step 3, or another one
    await saveCheckpoint(run, checkpointAt(4), { keep: 1 });
    expect(readdirSync(folder).map((name) => Number(name.slice(5)))).toEqual([4]);
  });

  it('are equal bytes for equal states, and have digests that sha256sum reads', async () => {
    await saveCheckpoint(run, checkpointAt(5));
    const before = readdirSync(at(5)).map((name) => readFileSync(join(at(5), name)).toString('hex'));
    await saveCheckpoint(run, checkpointAt(5));
    expect(readdirSync(at(5)).map((name) => readFileSync(join(at(5), name)).toString('hex'))).toEqual(before);
    const listed = readFileSync(join(at(5), 'SHA256SUMS'), 'utf8');
    const lines = ['state.json', 'parameters.safetensors', 'optimizer.safetensors'].map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(at(5), name)))
          .digest('hex')}  ${name}\n`,
    );
    expect(listed).toBe(lines.join(''));
  });

  it('are found under the names that a kill between the renames leaves', async () => {
    for (const left of ['.previous', '.next']) {
      rmSync(folder, { recursive: true, force: true });
      await saveCheckpoint(run, checkpointAt(1));
      renameSync(at(1), at(1) + left);
      expect(await hasCheckpoint(run)).toBe(true);
      expect(await load()).toEqual(checkpointAt(1));
    }
    // the one being written was cut, the one to be replaced is whole
    renameSync(`${at(1)}.next`, `${at(1)}.previous`);
    cpSync(`${at(1)}.previous`, `${at(1)}.next`, { recursive: true });
    truncateSync(join(`${at(1)}.next`, 'state.json'), 5);
    expect(await load()).toEqual(checkpointAt(1));
    await saveCheckpoint(run, checkpointAt(1));
    await saveCheckpoint(run, checkpointAt(2));
    expect(readdirSync(folder)).toEqual(['step-00000001', 'step-00000002']);
  });

  it('are none where the first was cut before its digests', async () => {
    await saveCheckpoint(run, checkpointAt(1));
    renameSync(at(1), `${at(1)}.next`);
    rmSync(join(`${at(1)}.next`, 'SHA256SUMS'));
    expect(await hasCheckpoint(run)).toBe(false);
    expect(await savedProgress(run)).toBeNull();
    expect(await refusal(load())).toContain('nothing to resume');
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

  it('of an earlier version are refused with what to do, and still say how far they got', async () => {
    const { skipped: _, ...old } = checkpointAt(7).state;
    mkdirSync(folder);
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ schemaVersion: 1, ...old }));
    expect(await hasCheckpoint(run)).toBe(true);
    expect(await savedProgress(run)).toMatchObject({ step: 7, totalSteps: 40 });
    expect(await refusal(load())).toMatch(/saved by an earlier version, without digests.*--restart/);
  });

  it('give way to the one before when a file of theirs is damaged in any way', async () => {
    const warnings: string[] = [];
    const loadTold = () => load(({ text }) => void warnings.push(text));
    const random = new Random(1, 'damage');
    for (const file of [...FILES, 'SHA256SUMS']) {
      for (const damage of DAMAGES) {
        rmSync(folder, { recursive: true, force: true });
        await saveCheckpoint(run, checkpointAt(3));
        await saveCheckpoint(run, checkpointAt(8));
        damage(join(at(8), file), random);
        expect(await loadTold()).toEqual(checkpointAt(3));
        expect(warnings.pop()).toMatch(/step-00000008 is damaged \(.+\): resumes from step 3 instead, 5 steps/);
        expect(warnings).toEqual([]);
        damage(join(at(3), file), random);
        expect(await refusal(loadTold())).toMatch(/8 is damaged.*3 is damaged.*no saved state is whole/);
      }
    }
  });

  it('take the best parameters from their second copy, or do without the state that refers to them', async () => {
    await saveCheckpoint(run, checkpointAt(2));
    await saveCheckpoint(run, checkpointAt(3, 2), { keep: 1 });
    const { parameters } = checkpointAt(0);
    const expected = { configFingerprint: 'abc', parameters };
    const best = checkpointAt(3, 2).state.bestValidation!;
    rmSync(join(at(2), 'parameters.safetensors'));
    const readBest = async () => checkpointAt(2).parameters;
    expect(await loadCheckpoint(run, { ...expected, readBest })).toEqual(checkpointAt(3, 2));
    expect(await loadBest(run, best, { parameters, readBest })).toEqual(checkpointAt(2).parameters);
    const other = { ...expected, readBest: async () => checkpointAt(1).parameters };
    expect(await refusal(loadCheckpoint(run, other))).toMatch(/best parameters .* of step 2, are damaged/);
    expect(await refusal(loadBest(run, best, other))).toMatch(/of step 2, are damaged/);
  });

  it('are not written with numbers that JSON lacks', async () => {
    await saveCheckpoint(run, checkpointAt(1));
    const broken = checkpointAt(2);
    broken.state.history.steps[0]!.loss = NaN;
    await expect(saveCheckpoint(run, broken)).rejects.toThrow('history.steps.0.loss');
    expect(await load()).toEqual(checkpointAt(1));
    expect(readdirSync(folder)).toEqual(['step-00000001']);
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
