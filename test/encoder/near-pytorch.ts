/** How near an engine that rounds to two bytes comes to what PyTorch, transformers and PEFT computed in float32. */
import { expect } from 'vitest';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { ADAPTER_FOLDER, fixture, fixtureBatch, fixtureTensors, norm, peftName } from './tiny-models.js';

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum / (norm(a) * norm(b));
}

/** Embeddings of cosine 0.9995 and gradients of cosine 0.999 or more. @param rounds expects a visible difference */
export async function expectNearPyTorch(
  base: BaseModel,
  { rounds, ...options }: Pick<EncoderOptions, 'plan'> & { rounds: boolean },
): Promise<void> {
  const { titles, abstracts } = fixtureBatch(0);
  const expected = await fixtureTensors('expected');
  const encoder = await createEncoder(base, { ...options, adapter: await readAdapter(ADAPTER_FOLDER, base.config) });
  const width = encoder.dimensions;
  for (const [name, texts] of [
    ['lora.t.mean', titles],
    ['lora.a.mean', abstracts],
  ] as const) {
    const rows = await encoder.embed(texts);
    const wanted = expected.get(name)?.data as Float32Array;
    if (rounds) expect(Math.max(...rows.map((value, i) => Math.abs(value - wanted[i]!)))).toBeGreaterThan(1e-5);
    texts.forEach((_, i) => {
      const [got, want] = [rows, wanted].map((all) => all.slice(i * width, (i + 1) * width)) as [
        Float32Array,
        Float32Array,
      ];
      expect(cosine(got, want)).toBeGreaterThanOrEqual(0.9995);
    });
  }
  const loss = await createInfoNceLoss(base.engine, {
    dimensions: width,
    temperature: fixture.temperature,
    symmetric: false,
    falseNegativeMargin: null,
  });
  const { gradients } = await gradCache(encoder, loss, titles, abstracts, {
    tokenBudget: 4096,
    activationBudget: 1e9,
    dropout: { probability: 0, seed: 0, labels: [] },
  });
  const recorded = await fixtureTensors('grads');
  let compared = 0;
  for (const [name, gradient] of gradients) {
    const length = fixture.grad_l2[peftName(name)] as number;
    expect(Math.abs(norm(gradient) - length) / length, name).toBeLessThan(0.05);
    const values = recorded.get(peftName(name))?.data;
    if (!values) continue;
    compared++;
    expect(cosine(gradient, values), name).toBeGreaterThanOrEqual(0.999);
  }
  expect(compared).toBeGreaterThan(5);
  await loss.dispose();
  await encoder.dispose();
}
