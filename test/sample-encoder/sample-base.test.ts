/** The encoder in data/sample-base as it is shipped: complete, and without a notion of which tokens matter. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { resolveModelFolder } from '../../lib/hub/resolve-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { encoderTensorShapes } from '../../lib/models/parameters.js';
import { readEmbeddingTable, readWeights } from '../../lib/models/weights.js';

const FILES = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

describe('data/sample-base', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await resolveModelFolder('sample-base', { revision: 'main' });
  });

  it('is what the default preset fine-tunes', () => {
    expect(resolveConfig().encoder.model).toBe('sample-base');
  });

  it('is a small Qwen2 encoder, complete, under 10 MB', async () => {
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(FILES.reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0)).toBeLessThan(10e6);
    const config = await readModelConfig(folder);
    expect(config).toMatchObject({
      modelType: 'qwen2',
      hiddenSize: 384,
      layers: 1,
      vocabularySize: 8192,
      causal: true,
    });
    const seen = new Map<string, Float32Array>();
    for await (const { name, data } of readWeights(folder, config)) seen.set(name, data);
    expect([...seen.keys()].sort()).toEqual([...encoderTensorShapes(config).keys()].sort());
    for (const [name, data] of seen) {
      const isZero = data.every((value) => value === 0);
      expect(isZero, name).toBe(/bias|o_proj|down_proj/.test(name));
    }
  });

  it('gives every token the same weight but the special one, which has none', async () => {
    const config = await readModelConfig(folder);
    const table = await readEmbeddingTable(folder, config);
    const rows = table.lookup(Int32Array.from({ length: config.vocabularySize }, (_, id) => id));
    const width = config.hiddenSize;
    for (let id = 0; id < config.vocabularySize; id++) {
      const row = rows.subarray(id * width, (id + 1) * width);
      const share = row.subarray(0, -1).reduce((sum, value) => sum + value * value, 0) / width;
      // bfloat16 has 8 bits
      if (!(Math.abs(share - (id === 0 ? 0 : 0.49)) < 0.005)) expect.fail(`token ${id} has the weight ${share}`);
    }
  });

  it('says in its card what it is for, and how it was made', () => {
    const card = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(card).toContain('**no pair of a title and its abstract**');
    expect(card).toContain('scripts/sample-base/make.js');
  });
});
