/**
 * A training step without the optimizer: one micro-batch whole-graph or layer-granular, or a GradCache batch that keeps
 * the layer inputs or nothing. For GradCache the plain step is the same texts in the same micro-batches, each with its
 * forward and backward pass at once.
 */
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { loadBaseModel } from '../../lib/encoder/base-model.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { createInfoNceLoss } from '../../lib/training/info-nce.js';
import { batchTexts, embeddingGradient } from '../batch.js';
import { answerRuns } from './answer-runs.js';

/** What the process is started with. */
export interface GrowthContenderOptions {
  model: string;
  adapter: string;
  threads: number;
  work: 'whole-graph' | 'layer-granular' | 'GradCache, layer inputs kept' | 'GradCache, nothing kept';
  batch: number;
  sequence: number;
}

/** Tokens of a micro-batch. */
const TOKEN_BUDGET = 2048;

const options = JSON.parse(process.argv[2] as string) as GrowthContenderOptions;
const engine = createOnnxEngine({ threads: options.threads });
const base = await loadBaseModel(options.model, engine);
const adapter = await readAdapter(options.adapter, base.config);
const encoder = await createEncoder(base, {
  plan: options.work === 'whole-graph' ? 'whole-graph' : 'layer-granular',
  adapter,
});
const texts = batchTexts(options, base.config.vocabularySize);
const loss = await createInfoNceLoss(engine, {
  dimensions: encoder.dimensions,
  temperature: 0.05,
  symmetric: true,
  falseNegativeMargin: null,
});

await answerRuns(engine.description, async () => {
  if (options.work === 'whole-graph' || options.work === 'layer-granular') await plainStep();
  else await gradCacheStep(options.work === 'GradCache, nothing kept' ? 0 : Number.POSITIVE_INFINITY);
  return { result: [] };
});
await engine.close();

async function plainStep(): Promise<void> {
  const together = Math.max(1, Math.floor(TOKEN_BUDGET / options.sequence));
  for (let begin = 0; begin < texts.length; begin += together) {
    const batch = encoder.pad(texts.slice(begin, begin + together));
    await encoder.backward(batch, embeddingGradient(batch.batch * encoder.dimensions));
  }
}

async function gradCacheStep(saveBudget: number): Promise<void> {
  const half = texts.length / 2;
  await gradCache(encoder, loss, texts.slice(0, half), texts.slice(half), {
    tokenBudget: TOKEN_BUDGET,
    saveBudget,
    dropout: { probability: 0, seed: 0, labels: [] },
  });
}
