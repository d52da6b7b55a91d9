/** Adapters of every kind against PEFT: those that test/fixtures/architectures/make_adapters.py recorded, and those written here. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdapter, writeAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { PYTHON_HINT, runPython, WITH_PYTHON } from '../python.js';
import { allTensors, distance, relativeError } from './tiny-models.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/architectures', import.meta.url));
const texts = (JSON.parse(readFileSync(join(FIXTURES, 'texts.json'), 'utf8')) as { texts: number[][] }).texts.map(
  (ids) => Int32Array.from(ids),
);
const root = mkdtempSync(join(tmpdir(), 'adapter-kinds-'));
let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

async function embedWith(model: string, adapterFolder: string): Promise<Float32Array> {
  const base = await loadBaseModel(join(FIXTURES, model), engine);
  const encoder = await createEncoder(base, { adapter: await readAdapter(adapterFolder, base.config) });
  try {
    return await encoder.embed(texts);
  } finally {
    await encoder.dispose();
    base.dispose();
  }
}

describe.each(['patterns', 'one-module', 'one-layer', 'excluded', 'all-linear'])('an adapter of kind %s', (kind) => {
  const folder = join(FIXTURES, 'adapters', kind);

  it('gives what PEFT gives', async () => {
    const expected = (await allTensors(join(FIXTURES, 'adapters/expected.safetensors'))).get(kind)!.data;
    expect(distance(await embedWith('bert', folder), expected)).toBeLessThan(1e-5);
  });

  it('is written as one that computes the same', async () => {
    const model = await readModelConfig(join(FIXTURES, 'bert'));
    const written = join(root, kind);
    await writeAdapter(written, { ...(await readAdapter(folder, model)), baseModel: 'bert' });
    expect(distance(await embedWith('bert', written), await embedWith('bert', folder))).toBeLessThan(1e-6);
  });

  it('trains what it has, and nothing else', async () => {
    const base = await loadBaseModel(join(FIXTURES, 'bert'), engine);
    const adapter = await readAdapter(folder, base.config);
    const encoder = await createEncoder(base, { adapter });
    const gradient = Float32Array.from({ length: texts.length * 16 }, (_, i) => Math.sin(i));
    const gradients = await encoder.backward(encoder.pad(texts), gradient);
    for (const [name, { shape, data }] of adapter.tensors) {
      const [rows, columns] = shape as [number, number];
      const ofName = gradients.get(name)!;
      const isA = name.endsWith('lora_A');
      for (let r = 0; r < adapter.config.rank; r++) {
        // row r of A, column r of B
        const at = (i: number): number => (isA ? r * columns + i : i * columns + r);
        const entries = Array.from({ length: isA ? columns : rows }, (_, i) => at(i));
        if (entries.every((i) => data[i] === 0)) expect(entries.every((i) => ofName[i] === 0)).toBe(true);
      }
    }
    await encoder.dispose();
    base.dispose();
  });
});

it('reads the names of the adapter in those of its matrices, and names without the usual prefix', async () => {
  const folder = join(root, 'named');
  const original = join(FIXTURES, 'bert/adapter');
  cpSync(original, folder, { recursive: true });
  const tensors = await allTensors(join(original, 'adapter_model.safetensors'));
  const renamed: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape, data }] of tensors) {
    const changed = name.replace('base_model.model.', 'bert.').replace('.weight', '.default.weight');
    renamed[changed] = { dtype: 'F32', shape, data };
  }
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), renamed);
  expect(await embedWith('bert', folder)).toEqual(await embedWith('bert', original));
});

it('takes patterns by the names that a model with a head gives its modules, as by their ends', async () => {
  const original = join(FIXTURES, 'bert/adapter');
  const given = JSON.parse(readFileSync(join(original, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
  const withPattern = async (name: string, pattern: Record<string, number>): Promise<Float32Array> => {
    const folder = join(root, name);
    cpSync(original, folder, { recursive: true });
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...given, alpha_pattern: pattern }));
    return embedWith('bert', folder);
  };
  const byEnd = await withPattern('by-end', { 'layer.0.attention.self.query': 64 });
  expect(byEnd).not.toEqual(await embedWith('bert', original));
  const whole = 'bert.encoder.layer.0.attention.self.query';
  expect(await withPattern('by-whole', { [whole]: 64 })).toEqual(byEnd);
  expect(await withPattern('by-anchored', { [`^${whole}`]: 64 })).toEqual(byEnd);
});

/** Files of earlier versions, written after their layout. */
const COMMON = {
  peft_type: 'LORA',
  r: 4,
  lora_alpha: 8,
  lora_dropout: 0,
  bias: 'none',
  target_modules: ['query', 'dense', 'key', 'value'],
};
const EXCLUDING_POOLER = {
  ...COMMON,
  target_modules: ['query', 'key', 'value', 'attention.output.dense', 'intermediate.dense', 'output.dense'],
};
const VERSIONS: Record<string, Record<string, unknown>> = {
  '0.4': {
    ...COMMON,
    auto_mapping: null,
    base_model_name_or_path: 'bert',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    modules_to_save: null,
    revision: null,
    task_type: 'FEATURE_EXTRACTION',
  },
  '0.7': {
    ...COMMON,
    alpha_pattern: {},
    rank_pattern: {},
    loftq_config: {},
    megatron_config: null,
    megatron_core: 'megatron.core',
    auto_mapping: null,
  },
  '0.9': { ...EXCLUDING_POOLER, use_rslora: false, use_dora: false, layer_replication: null },
  '0.14': { ...EXCLUDING_POOLER, eva_config: null, exclude_modules: null, lora_bias: false, corda_config: null },
  '0.17': {
    ...EXCLUDING_POOLER,
    qalora_group_size: 16,
    target_parameters: null,
    trainable_token_indices: null,
    use_qalora: false,
  },
};

describe.each(Object.entries(VERSIONS))('adapter_config.json of PEFT %s', (version, config) => {
  const folder = join(root, version);
  beforeAll(() => cpSync(join(FIXTURES, 'bert/adapter'), folder, { recursive: true }));

  it('loads with the right numbers', async () => {
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config));
    const expected = (await allTensors(join(FIXTURES, 'bert/expected.safetensors'))).get('lora.mean')!.data;
    expect(distance(await embedWith('bert', folder), expected)).toBeLessThan(1e-5);
  });

  it.each([
    [{ use_dora: true }, 'use_dora = true'],
    [{ bias: 'lora_only' }, 'bias = "lora_only"'],
    [{ modules_to_save: ['classifier'] }, 'modules_to_save'],
    [{ layer_replication: [[0, 2]] }, 'layer_replication'],
    [{ layers_to_transform: [0], target_modules: 'all-linear' }, 'layers_to_transform beside target_modules'],
    [{ exclude_modules: ['(?P<x>query)'], target_modules: '(?P<x>query)' }, 'only Python reads'],
  ])('with %o is refused by name', async (fields, expected) => {
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...config, ...fields }));
    await expect(readAdapter(folder, await readModelConfig(join(FIXTURES, 'bert')))).rejects.toThrow(expected);
  });
});

describe.skipIf(!WITH_PYTHON)(`an adapter written here loads in PEFT (${PYTHON_HINT})`, () => {
  it.each(['bert', 'roberta', 'mpnet', 'modernbert', 'bert-tanh'])(
    'of %s',
    async (name) => {
      const model = join(FIXTURES, name);
      const written = join(root, `of ${name}`);
      const adapter = await readAdapter(join(model, 'adapter'), await readModelConfig(model));
      await writeAdapter(written, { ...adapter, baseModel: name });
      const script = join(FIXTURES, 'embed_with_peft.py');
      const rows = runPython<number[][]>(script, model, written);
      expect(relativeError(rows.flat(), await embedWith(name, written))).toBeLessThan(1e-5);
    },
    120_000,
  );
});
