/** An adapter that adds nothing, as a training without a gain leaves it: the base model for all who embed with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { writeAdapter } from '../../lib/encoder/adapter-files.js';
import type { Encoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import {
  adaptedEncoder,
  encoderBeforeTraining,
  encoderStep,
  untunedEncoder,
} from '../../lib/pipeline/steps/encoder.js';
import { type LoadedModel, modelStep } from '../../lib/pipeline/steps/model.js';
import { withSystems } from '../../lib/pipeline/systems.js';

const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-adapted-'));
const [nothing, something] = [join(folder, 'nothing'), join(folder, 'something')];
const systems = { systems: ['untuned', 'tuned'] };
const config = resolveConfig({ input: { cache: folder, encoder: { model: 'sample-base' }, evaluation: systems } });
const lora = { ...config.encoder.lora, targetModules: ['q_proj', 'o_proj'] };
let model: LoadedModel;
beforeAll(async () => {
  model = await modelStep.run(config);
  const tensors = initializeAdapter(lora, model.base.config, 1);
  await writeAdapter(nothing, { config: lora, tensors, baseModel: 'sample-base' });
  for (const [name, { data }] of tensors) if (name.endsWith('lora_B')) data[3] = 0.5;
  await writeAdapter(something, { config: lora, tensors, baseModel: 'sample-base' });
});
afterAll(async () => {
  await model.engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function fingerprintOf(encoder: Promise<Encoder>): Promise<string> {
  const opened = await encoder;
  await opened.dispose();
  return opened.fingerprint();
}

it('is the base model by its fingerprint, and another one where it adds something', async () => {
  const base = await fingerprintOf(untunedEncoder(config, model));
  expect(await fingerprintOf(adaptedEncoder(config, model, nothing))).toBe(base);
  expect(await fingerprintOf(adaptedEncoder(config, model, something))).not.toBe(base);
});

it('that a training started from is what came before it, and alone is compared with the base', async () => {
  const started = { ...config, encoder: { ...config.encoder, adapter: something } };
  const [base, adapted] = [
    await fingerprintOf(untunedEncoder(config, model)),
    await fingerprintOf(adaptedEncoder(config, model, something)),
  ];
  expect(await fingerprintOf(encoderBeforeTraining(started, model, join(folder, 'run')))).toBe(adapted);
  expect(await fingerprintOf(encoderBeforeTraining(started, model, something))).toBe(base);
  expect(await fingerprintOf(encoderBeforeTraining(config, model, null))).toBe(base);
});

it('can be trained all the same', async () => {
  const encoder = await encoderStep.run({ ...config, encoder: { ...config.encoder, adapter: nothing } }, model);
  expect(encoder.trainableCount).toBeGreaterThan(0);
  expect([...encoder.adapter!.tensors.keys()]).toContain('layers.0.self_attn.q_proj.lora_B');
  await encoder.dispose();
});

it.each([
  ['nothing', nothing, 0],
  ['something', something, 3],
])('has no text embedded twice where it adds %s', async (_, trained, again) => {
  const corpus = ['the entropy of horizons', `proteins that add ${_}`].map((text, i) => ({ id: `${i}`, text }));
  const task = { corpus, queries: [{ id: 'q', text: 'black holes' }], depth: 2 };
  const noOther = () => Promise.reject(new Error('an encoder asks no other system'));
  let encoded = 0;
  const onProgress = ({ task, done, total }: { task: string; done: number; total?: number }): void => {
    if (task.startsWith('encoding') && task.endsWith(' tuned') && done === total) encoded += done;
  };
  const runs = await withSystems(config, { model: async () => model, trained }, {}, async ({ systems }) => {
    const untuned = await systems[0]!.retrieve(task, {}, noOther);
    return [untuned.run, (await systems[1]!.retrieve(task, { onProgress }, noOther)).run];
  });
  expect(encoded).toBe(again);
  if (again === 0) expect(runs[1]).toEqual(runs[0]);
  else expect(runs[1]).not.toEqual(runs[0]);
});
