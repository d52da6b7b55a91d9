/** How much of a training is kept: the rule, the weights, and what a training does with them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../lib/core/errors.js';
import { writeAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { fullParameters } from '../../lib/encoder/full-parameters.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import type { ParameterMap } from '../../lib/encoder/parameter-map.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { atStrength, chooseStrength, describeStrength } from '../../lib/training/adapter-strength.js';
import { loadBest, loadCheckpoint, saveCheckpoint } from '../../lib/training/checkpoint.js';
import { type TrainingStore, train } from '../../lib/training/trainer.js';
import { randomAdapter, randomTexts, relativeError, uploadModel } from '../encoder/tiny-models.js';
import { bytesOf, tinyBatchesOf, tinyConfig, tinyModel, tinyPairs } from './tiny-training.js';

const ALL = new Set([0, 0.25, 0.5, 0.75, 1]);

describe('chooseStrength', () => {
  /** Ranks of 100 queries with the given mean differences from .5, all alike but for one query in ten. */
  const ranks = (differences: Record<number, number>, noise = 0) =>
    new Map(
      Object.entries(differences).map(([strength, difference]) => [
        Number(strength),
        Float64Array.from(
          { length: 100 },
          (_, i) => 0.5 + difference + (Number(strength) > 0 && i % 2 ? noise : -noise),
        ),
      ]),
    );

  it.each([
    ['full strength where it helps', { 0: 0, 0.5: 0.01, 1: 0.02 }, 1],
    ['full strength where all are equal', { 0: 0, 0.5: 0.02, 1: 0.02 }, 1],
    ['a part where it helps more', { 0: 0, 0.25: 0.01, 0.5: 0.03, 0.75: 0.02, 1: 0.01 }, 0.5],
    ['a part where all of it harms', { 0: 0, 0.25: 0.01, 0.5: -0.01, 1: -0.05 }, 0.25],
    ['nothing where nothing helps', { 0: 0, 0.25: 0, 0.5: -0.01, 1: -0.02 }, 0],
    ['nothing where nothing changes', { 0: 0, 0.25: 0, 0.5: 0, 1: 0 }, 0],
  ])('takes %s', (_, differences, expected) => {
    expect(chooseStrength(ranks(differences), ALL).strength).toBe(expected);
  });

  it('does not let noise choose: a gain must be above one standard error of the paired differences', () => {
    // differences of 0 and 2 * noise in turn: mean noise, standard error about noise / 10
    const { candidates } = chooseStrength(ranks({ 0: 0, 1: -0.009 }, 0.01), ALL);
    const { difference, standardError } = candidates[1]!;
    expect(difference).toBeCloseTo(0.001, 12);
    expect(standardError).toBeCloseTo(0.01 / Math.sqrt(99), 12);
    expect(chooseStrength(ranks({ 0: 0, 1: -0.0091 }, 0.01), ALL).strength).toBe(0);
    expect(chooseStrength(ranks({ 0: 0, 1: -0.0088 }, 0.01), ALL).strength).toBe(1);
    const single = new Map([
      [0, Float64Array.of(0.1)],
      [1, Float64Array.of(1)],
    ]);
    expect(chooseStrength(single, ALL).strength).toBe(0);
    expect(describeStrength(chooseStrength(single, ALL))).toMatch(/^no gain on validation: the base is kept/);
  });

  it('chooses among what is allowed', () => {
    const worse = ranks({ 0: 0, 0.5: -0.01, 1: -0.02 });
    expect(chooseStrength(worse, new Set([0.5, 1])).strength).toBe(0.5);
    expect(chooseStrength(worse, new Set([1])).strength).toBe(1);
    expect(chooseStrength(ranks({ 0: 0, 0.5: 0.01, 1: 0.02 }), new Set([0, 0.5])).strength).toBe(0.5);
  });

  it('never takes what is behind the untuned encoder in the mean', () => {
    const value = fc.constantFrom(0, 0.1, 0.2, 0.5, 1);
    const row = fc.array(value, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 5, maxLength: 5 }), (rows) => {
        const choice = chooseStrength(new Map([...ALL].map((s, i) => [s, Float64Array.from(rows[i]!)])), ALL);
        const mrrOf = (strength: number) => choice.candidates.find((one) => one.strength === strength)!.mrr;
        if (choice.strength > 0) expect(mrrOf(choice.strength)).toBeGreaterThan(mrrOf(0));
        expect(describeStrength(choice)).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { seed: 1 },
    );
  });
});

let engine: Engine;
let base: BaseModel;
beforeAll(async () => {
  engine = createOnnxEngine({ threads: 1 });
  base = await uploadModel(tinyModel, engine);
});
afterAll(() => engine.close());

describe('atStrength', () => {
  const tuned = randomAdapter(tinyModel.config, 3, { rank: 2, alpha: 4 });
  const texts = randomTexts(7, [5, 9], tinyModel.config.vocabularySize);

  it("does to a new adapter what PEFT's lora_alpha times the strength does", async () => {
    const start = initializeAdapter(tuned.config, tinyModel.config, 1);
    const embed = async (alpha: number, tensors: ParameterMap): Promise<Float32Array> => {
      const encoder = await createEncoder(base, { adapter: { config: { ...tuned.config, alpha }, tensors } });
      const rows = await encoder.embed(texts);
      await encoder.dispose();
      return rows;
    };
    for (const strength of [0.25, 0.5, 0.75]) {
      const scaled = await embed(4, atStrength(start, tuned.tensors, strength));
      expect(relativeError(scaled, await embed(4 * strength, tuned.tensors))).toBeLessThan(1e-6);
    }
    expect(atStrength(start, tuned.tensors, 0)).toBe(start);
    expect(atStrength(start, tuned.tensors, 1)).toBe(tuned.tensors);
  });

  it('interpolates all matrices of an adapter that was trained before', () => {
    const start = randomAdapter(tinyModel.config, 4, { rank: 2, alpha: 4 }).tensors;
    const half = atStrength(start, tuned.tensors, 0.5);
    for (const [name, { data }] of half) {
      data.forEach((value, i) => {
        expect(value).toBeCloseTo((start.get(name)!.data[i]! + tuned.tensors.get(name)!.data[i]!) / 2, 6);
      });
    }
  });
});

describe('train', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strength-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { config: adapter } = randomAdapter(tinyModel.config, 0, { rank: 2, alpha: 4 });
  const start = () => initializeAdapter(adapter, tinyModel.config, 1);

  /** Size of what the adapter adds, against that of the whole training: the strength that is looked at. */
  const size = (tensors: ParameterMap): number =>
    [...tensors].reduce(
      (sum, [name, { data }]) => (name.endsWith('B') ? sum + data.reduce((s, x) => s + Math.abs(x), 0) : sum),
      0,
    );

  function store(name: string) {
    const path = join(folder, name);
    const parts: TrainingStore = {
      configFingerprint: 'f',
      saveCheckpoint: (checkpoint) => saveCheckpoint(path, checkpoint),
      saveBest: (tensors) => writeAdapter(join(path, 'adapter'), { config: adapter, tensors, baseModel: 'tiny' }),
      loadBest: (best) => loadBest(path, best, { parameters: start() }),
    };
    return {
      parts,
      reopen: async (): Promise<TrainingStore> => ({
        ...parts,
        resume: await loadCheckpoint(path, { configFingerprint: 'f', parameters: start() }),
      }),
      adapterBytes: () => readFileSync(join(path, 'adapter', 'adapter_model.safetensors'), 'hex'),
    };
  }

  /** @param scoreOf by the size of what the adapter adds, as a share of that at the end */
  async function run(scoreOf: (share: number) => number, at: { store?: TrainingStore; stopAt?: number } = {}) {
    const encoder = await createEncoder(base, { adapter: { config: adapter, tensors: start() } });
    const stop = new AbortController();
    let calls = 0;
    try {
      return await train({
        encoder,
        pairs: tinyPairs,
        batchesOf: tinyBatchesOf,
        config: tinyConfig({ adapterStrengths: [...ALL], learningRate: 1e-2 }),
        ...(at.store && { store: at.store }),
        signal: stop.signal,
        validate: async () => {
          calls++;
          if (calls === at.stopAt) throw new Interrupted('stopped');
          const score = scoreOf(size(encoder.trained!) / fullSize);
          return Float64Array.of(score, score);
        },
      });
    } finally {
      await encoder.dispose();
    }
  }
  let fullSize = 1;
  let whole: ParameterMap;
  beforeAll(async () => {
    whole = (await run((share) => share)).best;
    fullSize = size(whole);
    expect(fullSize).toBeGreaterThan(0);
  });

  it('keeps all, a part or nothing of what was learned, and says so', async () => {
    const all = await run((share) => share);
    expect(bytesOf(all.best)).toBe(bytesOf(whole));
    expect(all.history.strength?.strength).toBe(1);
    expect(all.history.validations.map(({ step }) => step)).toEqual([0, 4]);

    const part = await run((share) => 1 - Math.abs(share - 0.5));
    expect(part.history.strength?.strength).toBe(0.5);
    expect(part.history.strength?.candidates.map(({ strength }) => strength)).toEqual([...ALL]);
    expect(size(part.best) / fullSize).toBeCloseTo(0.5, 5);

    const nothing = await run((share) => 1 - share);
    expect(nothing.history.strength?.strength).toBe(0);
    expect(bytesOf(nothing.best)).toBe(bytesOf(start()));
  });

  it('writes the same bytes where it was stopped while it chose, or is asked again', async () => {
    const scoreOf = (share: number) => 1 - Math.abs(share - 0.75);
    const straight = store('straight');
    const { history } = await run(scoreOf, { store: straight.parts });
    // untuned and last step are validated while training, so that the third call is the first strength
    for (const stopAt of [1, 2, 3, 4, 5]) {
      const stopped = store(`stopped-${stopAt}`);
      await expect(run(scoreOf, { store: stopped.parts, stopAt })).rejects.toThrow(Interrupted);
      const resumed = await run(scoreOf, { store: await stopped.reopen() });
      expect(resumed.history.strength).toEqual(history.strength);
      expect(resumed.history.validations).toEqual(history.validations);
      expect(stopped.adapterBytes()).toBe(straight.adapterBytes());
    }
    const again = await run(() => expect.fail('it was chosen'), { store: await straight.reopen() });
    expect(again.history.strength).toEqual(history.strength);
    expect(size(again.best) / fullSize).toBeCloseTo(0.75, 5);
    expect(existsSync(join(folder, 'straight', 'adapter', 'adapter_config.json'))).toBe(true);
  });

  it('interpolates all weights where all are trained', async () => {
    const before = await fullParameters(base);
    const encoder = await createEncoder(base, { full: await fullParameters(base) });
    const distance = (tensors: ParameterMap): number =>
      [...tensors].reduce((sum, [name, { data }]) => {
        const from = before.get(name)!.data;
        return sum + data.reduce((s, x, i) => s + Math.abs(x - from[i]!), 0);
      }, 0);
    let furthest = 0;
    const { history, best } = await train({
      encoder,
      pairs: tinyPairs,
      batchesOf: tinyBatchesOf,
      config: tinyConfig({ method: 'full', adapterStrengths: [0, 0.5, 1] }),
      validate: async () => {
        const far = distance(encoder.trained!);
        furthest = Math.max(furthest, far);
        const score = furthest === 0 ? 0.5 : 1 - Math.abs(far / furthest - 0.5);
        return Float64Array.of(score, score);
      },
    });
    expect(history.strength?.strength).toBe(0.5);
    expect(distance(best) / furthest).toBeCloseTo(0.5, 4);
    await encoder.dispose();
  });
});
