import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { float8E5M2ToFloat32, float32ToFloat8E5M2 } from '../../lib/files/float8.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { encoderTensorShapes } from '../../lib/models/parameters.js';
import { type EncoderTensor, readEmbeddingTable, readWeights } from '../../lib/models/weights.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const bf16 = join(fixtures, 'qwen2/model-bf16');
const qwen3 = join(fixtures, 'encoder/qwen3-sharded');
const root = mkdtempSync(join(tmpdir(), 'weights-'));
const folder = join(root, 'model');
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

async function collect(path: string, config?: ModelConfig): Promise<Map<string, EncoderTensor>> {
  const tensors = new Map<string, EncoderTensor>();
  for await (const tensor of readWeights(path, config ?? (await readModelConfig(path))))
    tensors.set(tensor.name, tensor);
  return tensors;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

/** The bf16 model with its tensors changed, as float32. */
async function changedModel(change: (tensors: Record<string, SafetensorsTensor>) => void): Promise<string> {
  const file = await openSafetensors(join(bf16, 'model.safetensors'));
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape }] of file.tensors)
    tensors[name] = { dtype: 'F32', shape, data: await file.readFloat32(name) };
  await file.close();
  change(tensors);
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  copyFileSync(join(bf16, 'config.json'), join(folder, 'config.json'));
  return folder;
}

describe('readWeights', () => {
  it('reads the same network from bfloat16 with prefix and from float32 without', async () => {
    copyFileSync(join(fixtures, 'qwen2/model-f32/config.json'), join(folder, 'config.json'));
    const compressed = readFileSync(join(fixtures, 'qwen2/model-f32/model.safetensors.gz'));
    writeFileSync(join(folder, 'model.safetensors'), gunzipSync(compressed));
    const wide = await collect(folder);
    const narrow = await collect(bf16);
    expect([...narrow.keys()]).toEqual([...encoderTensorShapes(await readModelConfig(bf16)).keys()]);
    expect(narrow).toEqual(wide);
    expect(narrow.get('layers.2.self_attn.k_proj.weight')?.shape).toEqual([32, 64]);
    expect(narrow.has('embed_tokens.weight')).toBe(false);
  });

  it('reads shards in float16, with the norms of Qwen3', async () => {
    const { sums } = JSON.parse(readFileSync(join(qwen3, 'expected.json'), 'utf8')) as { sums: Record<string, number> };
    const tensors = await collect(qwen3);
    const { 'embed_tokens.weight': _, ...encoderSums } = sums;
    expect([...tensors.keys()].sort()).toEqual(Object.keys(encoderSums).sort());
    for (const [name, sum] of Object.entries(encoderSums)) {
      expect(tensors.get(name)!.data.reduce((total, x) => total + x, 0)).toBeCloseTo(sum, 9);
    }
  });

  it('reads numbers of 8 bits, and refuses them beside a scale', async () => {
    const first = 'layers.0.self_attn.k_proj.weight';
    const stored = (name: string): boolean => name.endsWith(first) || name.endsWith('embed_tokens.weight');
    let scaled = '';
    await changedModel((tensors) => {
      for (const name of Object.keys(tensors).filter(stored)) {
        const { shape, data } = tensors[name]!;
        tensors[name] = { dtype: 'F8_E5M2', shape, data: float32ToFloat8E5M2(data as Float32Array) };
        if (name.endsWith(first)) scaled = name;
      }
    });
    const rounded = (values: Float32Array): Float32Array => float8E5M2ToFloat32(float32ToFloat8E5M2(values));
    const whole = await collect(bf16);
    expect((await collect(folder)).get(first)?.data).toEqual(rounded(whole.get(first)!.data));
    const config = await readModelConfig(folder);
    const ids = Int32Array.of(0, 7, 31);
    const table = await readEmbeddingTable(folder, config);
    expect(table.type).toBe('BF16');
    expect(table.lookup(ids)).toEqual(rounded((await readEmbeddingTable(bf16, config)).lookup(ids)));

    await changedModel((tensors) => {
      tensors[`${scaled}_scale`] = { dtype: 'F32', shape: [1], data: Float32Array.of(0.5) };
    });
    expect(await refusal(collect(folder))).toMatch(
      /k_proj\.weight is scaled by .*: take the checkpoint that is not quantised/,
    );
  });

  it('reports bytes, and tensors that it ignores', async () => {
    await changedModel((tensors) => {
      tensors['lm_head.weight'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
      tensors['model.layers.9.mlp.up_proj.weight'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
    });
    const events: ProgressEvent[] = [];
    const messages: string[] = [];
    const reporting = {
      onProgress: (event: ProgressEvent) => events.push(event),
      onMessage: ({ text }: { text: string }) => messages.push(text),
    };
    let bytes = 0;
    for await (const { data } of readWeights(folder, await readModelConfig(folder), reporting))
      bytes += data.byteLength;
    expect(events.at(-1)).toMatchObject({ done: bytes, total: bytes, unit: 'bytes' });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('ignored 1 tensor ');
    expect(messages[0]).toContain('layers.9.mlp.up_proj.weight');
  });

  it('ends when told to', async () => {
    const work = readWeights(bf16, await readModelConfig(bf16), { signal: AbortSignal.abort() }).next();
    expect(await refusal(work)).toContain('stopped');
  });

  it('names missing, mis-shaped and doubled tensors before it gives any', async () => {
    await changedModel((tensors) => {
      delete tensors['model.norm.weight'];
      delete tensors['model.layers.1.mlp.up_proj.weight'];
    });
    expect(await refusal(collect(folder))).toContain('lacks 2 of the 37 tensors');
    expect(await refusal(collect(folder))).toContain('layers.1.mlp.up_proj.weight, norm.weight');
    await changedModel((tensors) => {
      const name = 'model.layers.0.self_attn.k_proj.weight';
      tensors[name] = { ...tensors[name]!, shape: [64, 32] };
    });
    expect(await refusal(collect(folder))).toContain('[64, 32], where config.json asks for [32, 64]');
    await changedModel((tensors) => {
      tensors['norm.weight'] = tensors['model.norm.weight']!;
    });
    expect(await refusal(collect(folder))).toContain('holds norm.weight twice');
  });

  it('refuses folders without usable weights', async () => {
    const config = await readModelConfig(bf16);
    expect(await refusal(collect(folder, config))).toContain('has no weights');
    writeFileSync(join(folder, 'pytorch_model.bin'), '');
    expect(await refusal(collect(folder, config))).toContain('save_pretrained');
    copyFileSync(join(bf16, 'model.safetensors'), join(folder, 'model.safetensors'));
    truncateSync(join(folder, 'model.safetensors'), 200_000);
    expect(await refusal(collect(folder, config))).toContain('cut short');
    const { weight_map } = { weight_map: { 'norm.weight': 'model-00001-of-00002.safetensors' } };
    rmSync(join(folder, 'model.safetensors'));
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
    expect(await refusal(collect(folder, config))).toContain('lacks model-00001-of-00002.safetensors');
  });
});

describe('readEmbeddingTable', () => {
  it.each([
    ['bfloat16', bf16, 'model.embed_tokens.weight', 'model.safetensors', 'BF16'],
    ['float16', qwen3, 'embed_tokens.weight', 'model-00001-of-00003.safetensors', 'F16'],
  ])('keeps %s and widens the rows asked for', async (_type, path, name, fileName, stored) => {
    const config = await readModelConfig(path);
    const file = await openSafetensors(join(path, fileName));
    const all = await file.readFloat32(name);
    await file.close();
    const table = await readEmbeddingTable(path, config);
    expect(table.type).toBe(stored);
    expect(table.byteLength).toBe(all.length * 2);
    const { hiddenSize, vocabularySize } = config;
    const ids = Int32Array.of(7, 0, vocabularySize - 1, 7);
    const rows = [...ids].flatMap((id) => [...all.subarray(id * hiddenSize, (id + 1) * hiddenSize)]);
    expect([...table.lookup(ids)]).toEqual(rows);
    const out = new Float32Array(rows.length);
    expect(table.lookup(ids, out)).toBe(out);
    expect([...out]).toEqual(rows);
  });

  it('keeps float32', async () => {
    await changedModel(() => {});
    const config = await readModelConfig(folder);
    const wide = await readEmbeddingTable(folder, config);
    const narrow = await readEmbeddingTable(bf16, config);
    const ids = Int32Array.from({ length: 512 }, (_, i) => i);
    expect(wide.type).toBe('F32');
    expect(wide.lookup(ids)).toEqual(narrow.lookup(ids));
  });

  it('refuses ids outside of the vocabulary and an output of another size', async () => {
    const table = await readEmbeddingTable(bf16, await readModelConfig(bf16));
    for (const id of [-1, 512]) expect(() => table.lookup(Int32Array.of(1, id))).toThrow(`token id ${id} is outside`);
    expect(() => table.lookup(Int32Array.of(1), new Float32Array(65))).toThrow('1 row of 64 does not fit');
  });

  it('refuses a table of another size than config.json says', async () => {
    await changedModel(() => {});
    const config = { ...(await readModelConfig(folder)), vocabularySize: 513 };
    expect(await refusal(readEmbeddingTable(folder, config))).toContain(
      '[512, 64], where config.json asks for [513, 64]',
    );
  });
});
