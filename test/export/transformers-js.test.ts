/** @huggingface/transformers loads the ONNX layout by the name of the folder and agrees with `encode`. */
import { join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../lib/export/export-model.js';
import {
  ARCHITECTURES,
  adapterFolder,
  configOf,
  encoded,
  largestDifference,
  modelFolder,
  TEXTS,
  workplace,
} from './models.js';

const { root, results, engine } = workplace('transformers-js');
beforeAll(() => {
  env.allowRemoteModels = false;
  env.localModelPath = root;
});

/** What its pipeline calls the poolings that it has. */
const POOLINGS = { mean: 'mean', cls: 'cls', last: 'last_token' } as const;

describe.each(ARCHITECTURES)('pipeline("feature-extraction") of %s', (name) => {
  it.each(Object.entries(POOLINGS))('agrees to 1e-4 by %s', async (pooling, called) => {
    const model = await modelFolder(name, join(root, `base-${name}-${pooling}`));
    const adapter = await adapterFolder(model, join(root, `adapter-${name}-${pooling}`));
    const own = pooling as keyof typeof POOLINGS;
    const id = `${name}-${pooling}`;
    const config = configOf(model, { adapter, pooling: own });
    await exportModel(results, config, { to: 'onnx', out: join(root, id), shardBytes: pooling === 'cls' ? 1000 : 5e9 });
    const expected = await encoded(engine, model, { adapter, pooling: own });
    for (const [dtype, limit] of [
      ['fp32', 1e-4],
      ['fp16', 1e-2],
      ['q8', 0.1],
    ] as const) {
      const extractor = await pipeline('feature-extraction', id, { dtype });
      try {
        // of texts that are padded on the right the last place is no token of theirs
        if (pooling !== 'last' || name.startsWith('qwen')) {
          const pooled = await extractor(TEXTS, { pooling: called, normalize: true });
          expect(largestDifference(pooled.data as Float32Array, expected), dtype).toBeLessThan(limit);
        }
        const inputs = extractor.tokenizer(TEXTS, { padding: true, truncation: true });
        const { sentence_embedding } = await extractor.model(inputs);
        expect(largestDifference(sentence_embedding.data, expected), dtype).toBeLessThan(limit);
      } finally {
        await extractor.dispose();
      }
    }
  });
});
