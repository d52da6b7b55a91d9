/**
 * One epoch of contrastive training on real pairs, beside sentence-transformers' CachedMultipleNegativesRankingLoss
 * (GradCache as well) with PEFT in float32: the same model, adapter, pairs, batches, loss, optimizer and tokenizer.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../lib/core/errors.js';
import { type Contender, nodeContender, pythonContender } from './contender.js';
import type { EpochContenderOptions } from './contenders/epoch.js';
import { type Measurement, measure, speedRatio } from './measure.js';
import { randomModelFolder } from './random-model.js';
import { realPairs } from './real-pairs.js';
import { randomAdapterFolder } from './shape-benchmark.js';
import { halfBillionWidth } from './shapes.js';

export interface EpochOptions {
  models: string;
  threads: number;
  turns: number;
  python?: string;
  /** "sample" or a metadata snapshot. */
  data: string;
  /** Folder with tokenizer.json and tokenizer_config.json of Qwen2.5. */
  tokenizer?: string;
  /** Texts of a pass of the cached loss: its default is 32, fewer save memory. */
  miniBatches: number[];
  onTurn?: (note: string) => void;
}

export interface EpochResult {
  description: string;
  rows: (Measurement & { ratio: number; memoryRatio: number; lossDifference: number })[];
}

const PAIRS = 512;
const BATCH = 64;
const MAX_LENGTH = 512;

export async function benchmarkEpoch(options: EpochOptions): Promise<EpochResult> {
  const { tokenizer, models, threads } = options;
  if (!tokenizer || !existsSync(join(tokenizer, 'tokenizer.json'))) {
    throw new UserError(`--tokenizer ${tokenizer ?? ''}: the epoch needs a folder with the tokenizer.json of Qwen2.5`);
  }
  const config = halfBillionWidth(2, 151_936);
  const model = await randomModelFolder(models, config);
  copyFileSync(join(tokenizer, 'tokenizer.json'), join(model, 'tokenizer.json'));
  // with a chat template, sentence-transformers makes a conversation of every text
  const { chat_template: _, ...settings } = JSON.parse(readFileSync(join(tokenizer, 'tokenizer_config.json'), 'utf8'));
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify(settings));
  mkdirSync(models, { recursive: true });
  const pairs = join(models, 'pairs.json');
  writeFileSync(pairs, JSON.stringify(await realPairs(options.data, PAIRS)));
  const common: EpochContenderOptions = {
    model,
    adapter: await randomAdapterFolder(models, config),
    pairs,
    batch: BATCH,
    maxLength: MAX_LENGTH,
    threads,
  };
  const contenders: Contender[] = [nodeContender('this project', 'epoch', common)];
  if (options.python) {
    for (const miniBatch of options.miniBatches) {
      const name = `CachedMNRL, mini-batch ${miniBatch}`;
      contenders.push(pythonContender(name, options.python, 'sentence_transformers_epoch', { ...common, miniBatch }));
    }
  }
  // an epoch is long enough to hide a warm-up
  const measurements = await measure(contenders, { ...options, turns: 1, warmUp: false });
  const first = measurements[0] as Measurement;
  return {
    description: `${PAIRS} pairs, Qwen2.5-0.5B width, 2 layers, batch ${BATCH}, texts of up to ${MAX_LENGTH} tokens`,
    rows: measurements.map((row) => ({
      ...row,
      ratio: speedRatio(first, row),
      memoryRatio: row.peakBytes / first.peakBytes,
      lossDifference: Math.max(...row.result.map((loss, step) => Math.abs(loss / (first.result[step] as number) - 1))),
    })),
  };
}
