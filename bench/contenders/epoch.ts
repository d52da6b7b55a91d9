/** One epoch of this project's training, tokenization included; the number to compare is the loss of every step. */
import { readFileSync } from 'node:fs';
import { resolveConfig } from '../../lib/config/config.js';
import { readAdapter } from '../../lib/encoder/adapter-files.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { fullParameters } from '../../lib/encoder/full-parameters.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { tokenizeTexts } from '../../lib/tokens/tokenize.js';
import { train } from '../../lib/training/trainer.js';
import { answerRuns } from './answer-runs.js';

/** What the process is started with. */
export interface EpochContenderOptions {
  model: string;
  /** Null: all weights are trained. */
  adapter: string | null;
  /** JSON file of [title, abstract] pairs, in the order of training. */
  pairs: string;
  batch: number;
  maxLength: number;
  threads: number;
}

const options = JSON.parse(process.argv[2] as string) as EpochContenderOptions;
const pairs = JSON.parse(readFileSync(options.pairs, 'utf8')) as [string, string][];
const config = resolveConfig({
  preset: 'qwen2.5-0.5b',
  input: {
    batches: { pairs: options.batch },
    training: {
      epochs: 1,
      maxSteps: null,
      learningRate: 1e-4,
      schedule: 'constant',
      warmupShare: 0,
      symmetric: false,
      temperature: 0.05,
      falseNegativeMargin: null,
      validateEvery: null,
    },
  },
});
const engine = createOnnxEngine({ threads: options.threads });
const base = await loadBaseModel(options.model, engine);
const encoder = await createEncoder(base, {
  ...(options.adapter === null
    ? { full: await fullParameters(base) }
    : { adapter: await readAdapter(options.adapter, base.config) }),
  tokenBudget: config.batches.tokenBudget,
  memoryBudget: config.training.memoryBudget * 1e9,
});

await answerRuns(`${engine.description}, ${encoder.plan.name}`, async () => {
  const ids = await tokenizeTexts(options.model, pairs.flat(), options.maxLength);
  const tokenized = pairs.map((_, i) => ({ query: ids[2 * i]!, document: ids[2 * i + 1]! }));
  const order = pairs.map((_, i) => i);
  const { history } = await train({
    encoder,
    pairs: tokenized,
    batchesOf: () =>
      Array.from({ length: Math.floor(pairs.length / options.batch) }, (_, i) =>
        order.slice(i * options.batch, (i + 1) * options.batch),
      ),
    config,
  });
  return { result: history.steps.map((step) => step.loss) };
});
await engine.close();
