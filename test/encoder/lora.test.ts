import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { adapterTensorShapes } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { adapterScale, dropoutMasks, dropoutModules, initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { encoderTensorShapes, linearModules } from '../../lib/models/parameters.js';
import { randomAdapter, randomModel, randomTexts, uploadModel } from './tiny-models.js';

// heads of a width of their own and fewer keys than queries: no two shapes are alike
const model = randomModel(1, { headDimension: 10, layers: 3 });
const { config: adapter } = randomAdapter(model.config, 1, { rank: 5, alpha: 20 });

const QWEN_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

describe('linear modules', () => {
  it('have the places and shapes that the checkpoint has', () => {
    const shapes = encoderTensorShapes(model.config);
    const modules = linearModules(model.config);
    expect(modules.map(({ name }) => name)).toEqual(QWEN_MODULES);
    for (const { path, outputs, inputs, bias } of modules) {
      expect(shapes.get(`layers.1.${path}.weight`)).toEqual([outputs, inputs]);
      expect(shapes.has(`layers.1.${path}.bias`)).toBe(bias);
    }
  });
});

describe('initializeAdapter', () => {
  const tensors = initializeAdapter(adapter, model.config, 7);

  it('makes the matrices that an adapter has', () => {
    const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual(adapterTensorShapes(model.config, adapter));
    for (const { shape, data } of tensors.values()) expect(data.length).toBe(shape[0]! * shape[1]!);
  });

  it('draws A as torch.nn.Linear does and leaves B zero, as PEFT does', () => {
    for (const [name, { shape, data }] of tensors) {
      if (name.endsWith('lora_B')) expect(data.every((value) => value === 0)).toBe(true);
      else expect(data.every((value) => Math.abs(value) <= 1 / Math.sqrt(shape[1]!))).toBe(true);
    }
    // uniform in +-1/sqrt(in): mean 0, variance 1 / (3 in)
    const scaled = [...tensors].flatMap(([name, { shape, data }]) =>
      name.endsWith('lora_A') ? Array.from(data, (value) => value * Math.sqrt(shape[1]!)) : [],
    );
    const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
    const variance = scaled.reduce((sum, value) => sum + value * value, 0) / scaled.length;
    expect(scaled.length).toBeGreaterThan(1000);
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(0.03);
  });

  it('depends on the seed and the module, not on which other modules there are', () => {
    expect(initializeAdapter(adapter, model.config, 7)).toEqual(tensors);
    const few = initializeAdapter({ ...adapter, targetModules: ['up_proj', 'k_proj'] }, model.config, 7);
    expect(few.size).toBe(12);
    for (const [name, tensor] of few) expect(tensor).toEqual(tensors.get(name));
    const other = initializeAdapter(adapter, model.config, 8);
    const drawn = [...tensors]
      .filter(([name]) => name.endsWith('lora_A'))
      .map(([name, { data }]) => [name, data.join()] as const);
    for (const [name, values] of drawn) expect(other.get(name)!.data.join()).not.toBe(values);
    expect(new Set(drawn.map(([, values]) => values)).size).toBe(drawn.length);
  });

  it('changes no embedding', async () => {
    const engine = createOnnxEngine({ threads: 1 });
    const base = await uploadModel(model, engine);
    const texts = randomTexts(1, [3, 8], model.config.vocabularySize);
    const rows = [];
    for (const options of [{}, { adapter: { config: adapter, tensors } }]) {
      const encoder = await createEncoder(base, options);
      rows.push(await encoder.embed(texts));
      await encoder.dispose();
    }
    expect(rows[1]).toEqual(rows[0]);
    await engine.close();
  });
});

describe('adapterScale', () => {
  it('is alpha / rank, or alpha / sqrt(rank)', () => {
    expect(adapterScale(adapter)).toBe(4);
    expect(adapterScale({ ...adapter, rank: 16, rankStabilized: true })).toBe(5);
  });
});

describe('dropoutMasks', () => {
  const modules = dropoutModules({ ...adapter, dropout: 0.25 }, model.config);
  const rows = 60;

  it('cover every adapted module, in the width of its input', () => {
    expect(modules.size).toBe(3 * 7);
    expect(modules.get('layers.2.mlp.down_proj')).toBe(20);
    expect(modules.get('layers.0.self_attn.o_proj')).toBe(40);
    expect(dropoutModules(adapter, model.config).size).toBe(0);
  });

  it('drop the share asked for and keep the expectation', () => {
    const masks = dropoutMasks(modules, 0.25, rows, 1, [0]);
    expect(Object.keys(masks)).toEqual([...modules.keys()].map((name) => `${name}.dropout`));
    const values = Object.values(masks).flatMap(({ data }) => Array.from(data));
    expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]));
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(values.length).toBeGreaterThan(20_000);
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.01);
    for (const [name, width] of modules) expect(masks[`${name}.dropout`]?.shape).toEqual([rows, width]);
  });

  it('are the same for the same labels, and others for others and for other modules', () => {
    const masks = dropoutMasks(modules, 0.25, rows, 1, ['a', 2]);
    expect(dropoutMasks(modules, 0.25, rows, 1, ['a', 2])).toEqual(masks);
    const key = 'layers.0.mlp.up_proj.dropout';
    const values = masks[key]!.data.join();
    expect(dropoutMasks(modules, 0.25, rows, 1, ['a', 3])[key]!.data.join()).not.toBe(values);
    expect(dropoutMasks(modules, 0.25, rows, 2, ['a', 2])[key]!.data.join()).not.toBe(values);
    expect(masks['layers.0.mlp.gate_proj.dropout']!.data.join()).not.toBe(values);
  });

  it('refuse a probability that leaves nothing', () => {
    for (const probability of [1, -0.1, 1.5]) {
      expect(() => dropoutMasks(modules, probability, rows, 1, [])).toThrow(UserError);
    }
  });
});
