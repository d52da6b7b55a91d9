import { afterAll, describe, expect, it } from 'vitest';
import { encoderParts, encoderSummary, explainTokens } from '../../lib/encoder/describe-encoder.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { MODEL_FOLDER, QWEN3_FOLDER, randomAdapter, randomModel, uploadModel } from './tiny-models.js';

const engine = createOnnxEngine({ threads: 1 });
const targetModules = ['q_proj', 'down_proj'];
afterAll(() => engine.close());

describe.each([
  ['Qwen2', MODEL_FOLDER],
  ['Qwen3', QWEN3_FOLDER],
])('an encoder of %s', (_name, folder) => {
  it('has parts that add up to all its parameters', async () => {
    const base = await loadBaseModel(folder, engine);
    const config = { ...randomAdapter(base.config, 1, { rank: 5, alpha: 20 }).config, targetModules };
    const encoder = await createEncoder(base, {
      adapter: { config, tensors: initializeAdapter(config, base.config, 1) },
    });
    const parts = encoderParts(encoder);
    const sum = (key: 'frozen' | 'trainable'): number => parts.reduce((total, part) => total + part[key], 0);
    expect(sum('frozen')).toBe(base.parameterCount);
    expect(sum('trainable')).toBe(encoder.trainableCount);
    expect(parts.filter(({ lora }) => lora !== '').map(({ part }) => part)).toEqual([
      'layers.*.self_attn.q_proj',
      'layers.*.mlp.down_proj',
    ]);
    const summary = encoderSummary(encoder);
    expect(summary).toMatchObject({ layers: base.config.layers, adapterScale: 4, trainable: encoder.trainableCount });
    expect(summary.trainableShare).toBeCloseTo(sum('trainable') / (sum('trainable') + sum('frozen')), 12);
    await encoder.dispose();
    base.dispose();
  });
});

describe('tokens of one text', () => {
  const model = randomModel(3);

  it.each([
    ['causal', 'mean', [1 / 3, 1 / 3, 1 / 3, 0, 0]],
    ['bidirectional', 'last', [0, 0, 1, 0, 0]],
    ['causal', 'cls', [1, 0, 0, 0, 0]],
  ] as const)('are treated as %s attention and %s pooling do', async (attention, pooling, expected) => {
    const encoder = await createEncoder(await uploadModel(model, engine), { attention, pooling });
    const { visible, weights } = explainTokens(encoder, Int32Array.of(4, 5, 6), 5);
    expect(weights).toHaveLength(5);
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[i]!, 6);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 5; j++) expect(visible[i]?.[j]).toBe(j < 3 && (attention === 'bidirectional' || j <= i));
    }
    expect(encoderSummary(encoder)).toMatchObject({ attention, trainable: 0, adapterScale: null });
    await encoder.dispose();
  });
});
