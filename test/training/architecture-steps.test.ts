/** Three steps of AdamW with every architecture, all weights and an adapter, against torch: see architectures/make.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ParameterMap, readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { fullParameters, tokenRows } from '../../lib/encoder/full-parameters.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { tokenTableName, withoutPrefix } from '../../lib/models/parameters.js';
import { AdamW } from '../../lib/training/adamw.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { allTensors, distance, ENGINES } from '../encoder/tiny-models.js';

const FOLDER = fileURLToPath(new URL('../fixtures/architectures', import.meta.url));
const { texts } = JSON.parse(readFileSync(join(FOLDER, 'texts.json'), 'utf8')) as { texts: number[][] };
const queries = texts.slice(0, 3).map((ids) => Int32Array.from(ids));
const documents = texts.slice(3).map((ids) => Int32Array.from(ids));
const rows = tokenRows([...queries, ...documents]);

describe.each(['bert', 'bert-tanh', 'roberta', 'xlm-roberta', 'mpnet', 'modernbert'])('%s', (name) => {
  const folder = join(FOLDER, name);
  let expected: Awaited<ReturnType<typeof allTensors>>;
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    expected = await allTensors(join(folder, 'expected.safetensors'));
    engine = await (ENGINES[0] as (typeof ENGINES)[0])[1]();
    base = await loadBaseModel(folder, engine);
  });
  afterAll(() => engine.close());

  async function takeSteps(encoder: Encoder, parameters: ParameterMap, isWhole: boolean): Promise<number[]> {
    const loss = await createInfoNceLoss(engine, {
      dimensions: base.config.hiddenSize,
      temperature: 0.05,
      symmetric: false,
      falseNegativeMargin: null,
    });
    const values = new Map([...parameters].map(([key, { data }]) => [key, data]));
    const optimizer = new AdamW(values, { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 3; step++) {
      const result = await gradCache(encoder, loss, queries, documents, {
        tokenBudget: 4096,
        activationBudget: 1e9,
        dropout: { probability: 0, seed: 0, labels: [] },
        ...(isWhole && { embeddingRows: rows }),
      });
      losses.push(result.loss);
      const table = new Map([[tokenTableName(base.config), rows]]);
      optimizer.step(result.gradients, 1e-3, isWhole ? { rows: table } : {});
      await encoder.setTrained(parameters);
    }
    await loss.dispose();
    return losses;
  }

  /** @param prefix of what torch gave @param nameOf the parameter of a stored tensor */
  function expectParameters(parameters: ParameterMap, prefix: string, nameOf: (stored: string) => string): void {
    const gradients = prefix.slice('after.'.length);
    const stored = [...expected.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    expect(stored.map(nameOf).sort()).toEqual([...parameters.keys()].sort());
    const largest = (key: string): number => Math.max(...expected.get(key)!.data.map(Math.abs));
    const scale = Math.max(...stored.map((key) => largest(`${gradients}${key}`)));
    for (const key of stored) {
      // AdamW makes whole steps of what is rounding alone: the bias of a key, which softmax does not see
      if (largest(`${gradients}${key}`) < 1e-5 * scale) continue;
      const width = base.config.hiddenSize;
      const isTable = nameOf(key) === tokenTableName(base.config);
      const seen = (data: Float32Array): Float32Array | number[] =>
        isTable ? [...rows].flatMap((id) => [...data.subarray(id * width, (id + 1) * width)]) : data;
      const actual = parameters.get(nameOf(key))!.data as Float32Array;
      expect(distance(seen(actual), seen(expected.get(`${prefix}${key}`)!.data)), key).toBeLessThan(1e-5);
    }
  }

  it('takes three steps of all weights as torch does', async () => {
    const parameters = await fullParameters(base);
    const encoder = await createEncoder(base, { full: parameters });
    const losses = await takeSteps(encoder, parameters, true);
    expect(distance(losses, expected.get('losses.full')!.data)).toBeLessThan(1e-5);
    expectParameters(parameters, 'after.full.', (key) => withoutPrefix(key, base.config));
    await encoder.dispose();
  });

  it('takes three steps of an adapter as PEFT does', async () => {
    const adapter = await readAdapter(join(folder, 'adapter'), base.config);
    const encoder = await createEncoder(base, { adapter });
    const losses = await takeSteps(encoder, adapter.tensors, false);
    expect(distance(losses, expected.get('losses.lora')!.data)).toBeLessThan(1e-5);
    expectParameters(adapter.tensors, 'after.lora.', (key) => key.slice('base_model.model.'.length, -'.weight'.length));
    await encoder.dispose();
  });
});
