/** A sentence-transformers folder with its steps, against what make_sentence.py recorded. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { fullParameters, readFullModel, writeFullModel } from '../../lib/encoder/full-parameters.js';
import type { Engine } from '../../lib/engine/types.js';
import { type BaseModel, loadBaseModel } from '../../lib/models/base-model.js';
import { allTensors, distance, ENGINES, relativeError } from '../encoder/tiny-models.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/architectures', import.meta.url));
const texts = (JSON.parse(readFileSync(join(FIXTURES, 'texts.json'), 'utf8')) as { texts: number[][] }).texts.map(
  (ids) => Int32Array.from(ids),
);
const root = mkdtempSync(join(tmpdir(), 'sentence-model-'));
const folder = join(root, 'model');
afterAll(() => rmSync(root, { recursive: true }));
let expected: Awaited<ReturnType<typeof allTensors>>;
beforeAll(async () => {
  cpSync(join(FIXTURES, 'bert'), folder, { recursive: true });
  cpSync(join(FIXTURES, 'sentence'), folder, { recursive: true });
  rmSync(join(folder, 'expected.safetensors'));
  expected = await allTensors(join(FIXTURES, 'sentence/expected.safetensors'));
});

describe.each(ENGINES)('a sentence-transformers folder on engine %s', (_, start) => {
  let engine: Engine;
  let base: BaseModel;
  beforeAll(async () => {
    engine = await start();
    base = await loadBaseModel(folder, engine);
  });
  afterAll(() => engine.close());

  it.each(['whole-graph', 'layerwise'] as const)('is encoded and trained by all its steps, %s', async (plan) => {
    expect(base.sentence.normalize).toBe(true);
    const encoder = await createEncoder(base, { plan, full: await fullParameters(base) });
    expect(encoder.dimensions).toBe(8);
    expect(distance(await encoder.embed(texts), expected.get('embeddings')!.data)).toBeLessThan(1e-5);
    const gradients = await encoder.backward(encoder.pad(texts), expected.get('gradient')!.data.slice());
    const query = 'encoder.layer.0.attention.self.query.weight';
    expect(relativeError(gradients.get(query)!, expected.get(query)!.data)).toBeLessThan(1e-4);
    expect([...gradients.keys()].some((name) => name.startsWith('dense'))).toBe(false);
    await encoder.dispose();
  });

  it('keeps its steps when all its weights were trained', async () => {
    const trained = join(root, `trained ${_}`);
    await writeFullModel(trained, base, await fullParameters(base));
    expect((await readFullModel(trained, base.config)).size).toBe(base.weights.size + 1);
    const again = await loadBaseModel(trained, engine);
    const encoder = await createEncoder(again);
    expect(distance(await encoder.embed(texts), expected.get('embeddings')!.data)).toBeLessThan(1e-5);
    await encoder.dispose();
    again.dispose();
  });
});
