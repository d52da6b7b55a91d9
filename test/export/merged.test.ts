/** Folders of whole models: loaded here as a base they give the same embeddings, in every type and split over files. */
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../lib/export/export-model.js';
import { openSafetensors, writeSafetensors } from '../../lib/files/safetensors.js';
import { readSentenceConfig } from '../../lib/models/sentence/sentence-config.js';
import {
  ARCHITECTURES,
  adapterFolder,
  configOf,
  encoded,
  largestDifference,
  modelFolder,
  readJson,
  workplace,
} from './models.js';

const { root, results, engine } = workplace('merged');

describe.each(ARCHITECTURES)('%s with an adapter', (name) => {
  let model: string;
  let adapter: string;
  let expected: Float32Array;
  beforeAll(async () => {
    model = await modelFolder(name, join(root, name));
    adapter = await adapterFolder(model, join(root, `${name}-adapter`));
    expected = await encoded(engine, model, { adapter });
  });

  it('is the same after the merge, in 32 bits', async () => {
    const out = join(root, `${name}-merged`);
    const made = await exportModel(results, configOf(model, { adapter }), { to: 'merged', out, precisions: ['f32'] });
    expect(made.variants).toEqual([{ precision: 'f32', files: ['model.safetensors'], bytes: expect.any(Number) }]);
    expect(existsSync(join(out, 'modules.json'))).toBe(false);
    expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(1e-5);
  });

  it.each([
    ['bf16', 2e-2],
    ['f16', 5e-3],
  ] as const)('is nearly the same in %s', async (type, limit) => {
    const out = join(root, `${name}-${type}`);
    await exportModel(results, configOf(model, { adapter }), { to: 'merged', out, precisions: [type] });
    expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(limit);
  });

  it('is the same in shards, none above the limit', async () => {
    const out = join(root, `${name}-shards`);
    const shardBytes = 8000;
    const options = { to: 'sentence-transformers', out, precisions: ['f32'], shardBytes };
    const made = await exportModel(results, configOf(model, { adapter }), options);
    const shards = readdirSync(out).filter((file) => file.endsWith('.safetensors'));
    expect(shards).toEqual([...made.variants[0]!.files].sort());
    expect(shards.length).toBeGreaterThan(1);
    const index = readJson<{ weight_map: Record<string, string>; metadata: object }>(
      out,
      'model.safetensors.index.json',
    );
    let bytes = 0;
    for (const shard of shards) {
      const file = await openSafetensors(join(out, shard));
      for (const [tensor, { begin, end }] of file.tensors) {
        expect(index.weight_map[tensor]).toBe(shard);
        bytes += end - begin;
      }
      if (file.tensors.size > 1) expect(statSync(join(out, shard)).size).toBeLessThan(shardBytes + 4000);
      await file.close();
    }
    expect(index.metadata).toEqual({ total_size: bytes });
    expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(1e-5);
  });
});

describe('how a model is used', () => {
  it('goes along: pooling, prompts, longest input, also where only a merged model was asked for', async () => {
    const model = await modelFolder('bert', join(root, 'used'));
    const changes = { pooling: 'cls', queryPrompt: 'query: ', documentPrompt: 'passage: ', maxTokens: 9 } as const;
    for (const to of ['merged', 'sentence-transformers']) {
      const out = join(root, `used-${to}`);
      await exportModel(results, configOf(model, changes), { to, out });
      expect(await readSentenceConfig(out)).toMatchObject({
        described: true,
        pooling: 'cls',
        normalize: true,
        prompts: { query: 'query: ', document: 'passage: ' },
        maxTokens: 9,
        similarity: 'cosine',
      });
      const expected = await encoded(engine, model, { pooling: 'cls' });
      expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(1e-6);
    }
  });

  it('keeps the steps that a sentence-transformers folder has', async () => {
    const model = await modelFolder('bert', join(root, 'dense'));
    const steps = fileURLToPath(new URL('../fixtures/architectures/sentence', import.meta.url));
    cpSync(steps, model, { recursive: true, filter: (path) => !path.endsWith('expected.safetensors') });
    const expected = await encoded(engine, model);
    for (const to of ['sentence-transformers', 'merged']) {
      const out = join(root, `dense-${to}`);
      await exportModel(results, configOf(model), { to, out });
      const { dense, pooling, normalize } = await readSentenceConfig(out);
      expect({ pooling, normalize, widths: dense.map(({ outputs }) => outputs) }).toEqual({
        pooling: 'cls',
        normalize: true,
        widths: [12, 8],
      });
      expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(1e-6);
    }
  });

  it('says the attention where config.json can, and refuses where it cannot', async () => {
    const qwen = await modelFolder('qwen2', join(root, 'both-ways'));
    const out = join(root, 'both-ways-merged');
    const config = configOf(qwen, { attention: 'bidirectional' });
    await exportModel(results, config, { to: 'merged', out, precisions: ['f32'] });
    expect(readJson(out, 'config.json')).toMatchObject({ is_causal: false, architectures: ['Qwen2Model'] });
    const expected = await encoded(engine, qwen, { attention: 'bidirectional' });
    expect(largestDifference(await encoded(engine, out), expected)).toBeLessThan(1e-6);
    const bert = await modelFolder('bert', join(root, 'one-way'));
    const refused = exportModel(results, configOf(bert, { attention: 'causal' }), { to: 'merged', out: `${out}-bert` });
    await expect(refused).rejects.toThrow(/encoder.attention = "causal" cannot be said in the config.json of .*"bert"/);
    expect(existsSync(`${out}-bert`)).toBe(false);
  });
});

it('has the type of its base where none is named, and nothing of the machine it was made on', async () => {
  const model = await modelFolder('qwen2', join(root, 'typed'));
  const config = readJson<object>(model, 'config.json');
  writeFileSync(join(model, 'config.json'), JSON.stringify({ ...config, _name_or_path: '/home/me/secret' }));
  const settings = { pad_token: '[PAD]', name_or_path: '/home/me/secret' };
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify(settings));
  const out = join(root, 'typed-merged');
  const made = await exportModel(results, configOf(model), { to: 'merged', out });
  expect(made.variants[0]?.precision).toBe('bf16');
  expect(readJson(out, 'config.json')).toMatchObject({ torch_dtype: 'bfloat16' });
  for (const file of [...Object.keys(made.files), 'export.json'].filter((name) => !name.endsWith('.safetensors'))) {
    expect(readFileSync(join(out, file), 'utf8'), file).not.toMatch(/secret|\/tmp\//);
  }
});

it('refuses float16 for what it does not hold, and leaves nothing behind', async () => {
  const model = await modelFolder('bert', join(root, 'large'));
  const path = join(model, 'model.safetensors');
  const file = await openSafetensors(path);
  const tensors: Parameters<typeof writeSafetensors>[1] = {};
  for (const [name, { shape }] of file.tensors)
    tensors[name] = { dtype: 'F32', shape, data: await file.readFloat32(name) };
  await file.close();
  const [first] = Object.keys(tensors).filter((name) => name.endsWith('query.weight'));
  tensors[first as string]!.data[3] = 70_000;
  await writeSafetensors(path, tensors);
  const before = readdirSync(root);
  const attempt = exportModel(results, configOf(model), { to: 'merged', out: join(root, 'no'), precisions: ['f16'] });
  await expect(attempt).rejects.toThrow(
    /query.weight holds 70000, more than f16 can: export with --precision bf16 or f32/,
  );
  expect(readdirSync(root)).toEqual(before);
});
