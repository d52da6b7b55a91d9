/** A whole model in 8 bits: near float32 on both plans, measured before it is used, and refused where it is not near. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { readCalibration, writeCalibration } from '../../lib/encoder/int8/calibration-file.js';
import { loadInt8Model } from '../../lib/encoder/int8/int8-model.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine, InputChannels } from '../../lib/engine/types.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { linearModules } from '../../lib/models/parameters.js';
import { tokenizeTexts } from '../../lib/tokens/tokenize.js';

const SAMPLE = 'data/sample-encoder';
/** Abstracts of the embedded corpus. */
const abstracts = gunzipSync(readFileSync('data/sample-corpus.jsonl.gz'))
  .toString()
  .split('\n', 6)
  .map((line) => (JSON.parse(line) as { abstract: string }).abstract);
const texts = await tokenizeTexts(SAMPLE, abstracts, 64);
/** Token ids that no text would have: a few, again and again. */
const noTexts = Array.from({ length: 6 }, (_, t) =>
  Int32Array.from({ length: 20 + 7 * t }, (_, i) => 5 + ((i * 37 + t * 11) % 200)),
);

describe('a model in 8 bits', () => {
  let float: Engine;
  let bytes: Engine;
  beforeAll(() => {
    float = createOnnxEngine({ threads: 1 });
    bytes = createOnnxEngine({ threads: 1, precision: 'int8' });
  });
  afterAll(() => Promise.all([float.close(), bytes.close()]));

  it('says how near it is to float32, takes about a quarter of the memory, and is told apart in caches', async () => {
    const messages: string[] = [];
    const base = await loadInt8Model(
      SAMPLE,
      bytes,
      { texts, threads: 1 },
      { onMessage: ({ text }) => messages.push(text) },
    );
    expect(messages.join()).toMatch(/on 6 texts of this run the cosine with float32 is 0\.999\d+|1\.00000/);
    const reference = await loadBaseModel(SAMPLE, float);
    expect(bytes.residentBytes()).toBeLessThan(float.residentBytes() / 3.5);
    const [ours, theirs] = await Promise.all([createEncoder(base), createEncoder(reference)]);
    expect(ours.fingerprint()).not.toBe(theirs.fingerprint());
    expect(cosine(await ours.embed(texts), await theirs.embed(texts))).toBeGreaterThan(0.9995);
    await Promise.all([ours.dispose(), theirs.dispose()]);
    base.dispose();
    reference.dispose();
  });

  it.each(['whole-graph', 'layerwise'] as const)(
    'gives gradients near those of float32 by the plan %s',
    async (plan) => {
      const base = await loadInt8Model(SAMPLE, bytes, { texts, threads: 1 });
      const reference = await loadBaseModel(SAMPLE, float);
      const [ours, theirs] = [await gradients(base, plan), await gradients(reference, plan)];
      expect([...ours.keys()]).toEqual([...theirs.keys()]);
      // v_proj.lora_A has a thousandth of the whole here, and as much of error, what is left where values and o_proj cancel
      const whole = Math.hypot(...[...theirs.values()].map(norm));
      for (const [name, gradient] of theirs) {
        const error = norm(gradient.map((value, i) => value - ours.get(name)![i]!));
        expect(error, name).toBeLessThan(Math.max(0.1 * norm(gradient), 2e-3 * whole));
      }
      base.dispose();
      reference.dispose();
    },
  );

  it('gives the same gradients where linear outputs are kept, in 16 bits, as where they are computed again', async () => {
    const base = await loadInt8Model(SAMPLE, bytes, { texts, threads: 1 });
    const [kept, again] = [await gradients(base, 'layerwise'), await gradients(base, 'layerwise', 0)];
    for (const [name, gradient] of again) {
      expect(cosine(kept.get(name)!, gradient), name).toBeGreaterThan(0.9995);
      expect(kept.get(name)).not.toEqual(gradient);
    }
    base.dispose();
  });

  it('is compared with float32 once, and by what was found then', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'int8-'));
    const messages: string[] = [];
    const load = async (): Promise<string> => {
      const onMessage = ({ text }: { text: string }): number => messages.push(text);
      const base = await loadInt8Model(SAMPLE, bytes, { texts, threads: 1, cache }, { onMessage });
      base.dispose();
      return base.channelsFingerprint as string;
    };
    const [first, second] = [await load(), await load()];
    expect(second).toBe(first);
    expect(messages[1]).toBe(`${messages[0]}, as found before`);
    const [file] = await readdir(cache);
    const path = join(cache, file as string);
    const stored = await readFile(path);
    stored[stored.length - 100]! ^= 1;
    await writeFile(path, stored);
    // a damaged file is as none
    expect(await load()).toBe(first);
    expect(messages[2]).toBe(messages[0]);
    await rm(cache, { recursive: true });
  });

  it('finds again what was kept: scales, outliers, levels, and which weights share them', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'int8-'));
    const path = join(cache, 'kept.safetensors');
    const shared = { scales: Float32Array.of(0.5, 1, 2), outliers: [1], zeroPoint: 32 };
    const channels = new Map<string, InputChannels>([
      ['q', shared],
      ['k', shared],
      ['o', { outliers: [] }],
      ['down', { outliers: [], zeroPoint: 16 }],
    ]);
    const agreement = { embeddings: 0.9999, leastEmbedding: 0.999, gradient: 0.9985 };
    await writeCalibration(cache, path, { channels, agreement }, {});
    const kept = await readCalibration(path);
    expect(kept?.agreement).toEqual(agreement);
    expect(kept?.channels).toEqual(channels);
    expect(kept?.channels.get('q')).toBe(kept?.channels.get('k'));
    await rm(cache, { recursive: true });
  });

  it('is compared again where what was found is no number', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'int8-'));
    const path = join(cache, 'nan.safetensors');
    const agreement = { embeddings: Number.NaN, leastEmbedding: Number.NaN, gradient: Number.NaN };
    await writeCalibration(cache, path, { channels: new Map([['w', { outliers: [] }]]), agreement }, {});
    expect(await readCalibration(path)).toBeUndefined();
    await rm(cache, { recursive: true });
  });

  it('keeps many channels in float32 where few are not enough', async () => {
    const outliersOf = async (of: Int32Array[]): Promise<number> => {
      const cache = await mkdtemp(join(tmpdir(), 'int8-'));
      const base = await loadInt8Model(SAMPLE, bytes, { texts: of, threads: 1, cache });
      base.dispose();
      const [file] = await readdir(cache);
      const calibration = await readCalibration(join(cache, file as string));
      await rm(cache, { recursive: true });
      return calibration?.channels.get('layers.0.mlp.up_proj.weight')?.outliers.length as number;
    };
    expect(await outliersOf(texts)).toBe(16);
    // what has no meaning to this model lies between its few dimensions
    expect(await outliersOf(noTexts)).toBe(64);
  });

  describe('with weights in 7 bits', () => {
    const folder = 'test/fixtures/architectures/modernbert';
    const few = Array.from({ length: 6 }, (_, t) =>
      Int32Array.from({ length: 8 + t }, (_, i) => 1 + ((i * 7 + 3 * t) % 20)),
    );
    let coarse: Engine;
    beforeAll(() => {
      coarse = createOnnxEngine({ threads: 1, precision: 'int8', weightLevels: 63 });
    });
    afterAll(() => coarse.close());

    it('is refused where it is too far from float32, with the numbers and the way out', async () => {
      const before = coarse.residentBytes();
      await expect(loadInt8Model(folder, coarse, { texts: few, threads: 1 })).rejects.toThrow(
        /precision = "int8" does not suit .*: on 6 texts .* expected at least 0.9995 and 0.998; use precision=float32/,
      );
      expect(coarse.residentBytes()).toBe(before);
    });

    it('is refused again from what was found', async () => {
      const cache = await mkdtemp(join(tmpdir(), 'int8-'));
      const load = (): Promise<unknown> =>
        loadInt8Model(folder, coarse, { texts: few, threads: 1, cache }).then(
          () => 'loaded',
          (error: Error) => error.message,
        );
      const refused = await load();
      expect(refused).toContain('does not suit');
      const before = coarse.residentBytes();
      expect(await load()).toBe(refused);
      expect(coarse.residentBytes()).toBe(before);
      await rm(cache, { recursive: true });
    });
  });
});

async function gradients(
  base: BaseModel,
  plan: 'whole-graph' | 'layerwise',
  memoryBudget?: number,
): Promise<Map<string, Float32Array>> {
  const targetModules = linearModules(base.config).map(({ name }) => name);
  const config = { rank: 4, alpha: 8, dropout: 0, rankStabilized: false, targetModules };
  const tensors = initializeAdapter(config, base.config, 3);
  for (const [name, { data }] of tensors) {
    if (name.endsWith('lora_B')) for (let i = 0; i < data.length; i++) data[i] = Math.cos(i) / 50;
  }
  const encoder = await createEncoder(base, {
    plan,
    adapter: { config, tensors },
    ...(memoryBudget !== undefined && { memoryBudget }),
  });
  const batch = encoder.pad(texts);
  const gradient = Float32Array.from({ length: batch.batch * encoder.dimensions }, (_, i) => Math.sin(i));
  const result = await encoder.backward(batch, gradient);
  await encoder.dispose();
  return result;
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, left, right] = [0, 0, 0];
  a.forEach((value, i) => {
    product += value * b[i]!;
    left += value * value;
    right += b[i]! * b[i]!;
  });
  return left === right && left === 0 ? 1 : product / Math.sqrt(left * right);
}
