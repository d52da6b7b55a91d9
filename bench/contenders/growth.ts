/** A training step of this project's encoder, taken in one of the ways of growth-work.ts. */
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { gradCache } from '../../lib/training/grad-cache.js';
import { batchTexts, embeddingGradient } from '../batch.js';
import type { GrowthContenderOptions } from '../growth-work.js';
import { answerRuns } from './answer-runs.js';

/** Tokens of a micro-batch. */
const TOKEN_BUDGET = 2048;
/** Of activations, in bytes: enough for all linear outputs of a micro-batch. */
const MEMORY_BUDGET = 2e9;

const options = JSON.parse(process.argv[2] as string) as GrowthContenderOptions;
const engine = createOnnxEngine({ threads: options.threads });
const base = await loadBaseModel(options.model, engine);
const adapter = await readAdapter(options.adapter, base.config);
const encoder = await createEncoder(base, {
  plan: options.work === 'whole-graph' ? 'whole-graph' : 'layerwise',
  adapter,
  memoryBudget: options.work === 'layerwise, all recomputed' ? 0 : MEMORY_BUDGET,
});
const texts = batchTexts(options, base.config.vocabularySize);
const loss = await createInfoNceLoss(engine, {
  dimensions: encoder.dimensions,
  temperature: 0.05,
  symmetric: true,
  falseNegativeMargin: null,
});

await answerRuns(engine.description, async () => {
  if (options.work.startsWith('GradCache')) await gradCacheStep(activationBudget());
  else await plainStep();
  return { result: [] };
});
await engine.close();

function activationBudget(): number {
  if (options.work === 'GradCache, nothing kept') return 0;
  if (options.work === 'GradCache, all kept') return Number.POSITIVE_INFINITY;
  return encoder.plan.savedBytes(options.batch * options.sequence).least;
}

async function plainStep(): Promise<void> {
  const together = Math.max(1, Math.floor(TOKEN_BUDGET / options.sequence));
  for (let begin = 0; begin < texts.length; begin += together) {
    const batch = encoder.pad(texts.slice(begin, begin + together));
    await encoder.backward(batch, embeddingGradient(batch.batch * encoder.dimensions));
  }
}

async function gradCacheStep(budget: number): Promise<void> {
  const half = texts.length / 2;
  await gradCache(encoder, loss, texts.slice(0, half), texts.slice(half), {
    tokenBudget: TOKEN_BUDGET,
    activationBudget: budget,
    dropout: { probability: 0, seed: 0, labels: [] },
  });
}
