/**
 * What this machine does with a model and texts, measured in some seconds on the work itself: encoding by micro-batches,
 * a training step over few pairs, tokenizing, and exact search among random vectors.
 */

import type { Config } from '../../config/config.js';
import { throwIfAborted, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { mean } from '../../core/mean.js';
import { Random } from '../../core/random.js';
import { normalizeRowsInPlace } from '../../core/rows.js';
import { embedTokenIds } from '../../encoder/embed-token-ids.js';
import type { Encoder } from '../../encoder/encoder.js';
import { tokenRows } from '../../encoder/full-parameters.js';
import { createInfoNceLoss } from '../../losses/info-nce.js';
import { tokenTableName } from '../../models/parameters.js';
import { buildIndex } from '../../retrieval/index/build-index.js';
import { tokenizeTexts } from '../../tokens/tokenize.js';
import { gradCache } from '../../training/grad-cache.js';
import type { MachineRates } from './plan.js';

export interface ProbeMaterial {
  /** As the model is, and as it would be trained. */
  untuned: Encoder;
  trainable: Encoder;
  /** Token ids within the limits in use, of the same papers. */
  titles: Int32Array[];
  abstracts: Int32Array[];
  /** The same abstracts as text, and the folder of the tokenizer. */
  texts: string[];
  folder: string;
}

/** Vectors and queries of the trial search. */
const VECTORS = 20_000;
const QUERIES = 16;

/** @param seconds that encoding and training may take together; each is measured at least once */
export async function probeMachine(
  material: ProbeMaterial,
  config: Config,
  seconds: number,
  reporting: Reporting,
): Promise<MachineRates> {
  const { onProgress, signal } = reporting;
  const parts = ['tokenizing', 'encoding', 'training', 'searching'];
  const done = (part: string): void => {
    throwIfAborted(signal, 'nothing is kept of a measurement');
    onProgress?.({ task: 'measuring this machine', done: parts.indexOf(part) + 1, total: parts.length, unit: 'parts' });
  };
  const tokenizing = await tokenizingRate(material);
  done('tokenizing');
  const encoding = await encodingRate(material, config, seconds / 2);
  done('encoding');
  const training = await trainingRate(material, config, seconds / 2);
  done('training');
  const scoring = await scoringRate(material.untuned.dimensions);
  done('searching');
  return { tokenizing, encoding, training, scoring, peakMemory: process.resourceUsage().maxRSS * 1024 };
}

async function tokenizingRate({ folder, texts }: ProbeMaterial): Promise<number> {
  const started = performance.now();
  await tokenizeTexts(folder, texts, undefined);
  return (texts.length / (performance.now() - started)) * 1000;
}

async function encodingRate({ untuned, abstracts }: ProbeMaterial, config: Config, seconds: number): Promise<number> {
  const { tokenBudget } = config.batches;
  // some micro-batches a round, so that texts of like lengths meet as they do in a long run
  const size = Math.max(1, Math.round((4 * tokenBudget) / meanLength(abstracts)));
  return rateOf(seconds, async (round) => {
    const texts = Array.from(
      { length: size },
      (_, i) => abstracts[(round * size + i) % abstracts.length] as Int32Array,
    );
    await embedTokenIds(untuned, texts, { tokenBudget, longAlone: true });
    return texts.reduce((sum, { length }) => sum + length, 0);
  });
}

async function trainingRate(
  { trainable, titles, abstracts }: ProbeMaterial,
  config: Config,
  seconds: number,
): Promise<number> {
  const { engine, config: architecture } = trainable.base;
  const loss = await createInfoNceLoss(engine, {
    dimensions: trainable.dimensions,
    temperature: config.training.temperature,
    symmetric: false,
    falseNegativeMargin: null,
  });
  const most = Math.min(config.batches.pairs, titles.length);
  const trainsTable = trainable.trained?.has(tokenTableName(architecture)) ?? false;
  try {
    return await rateOf(seconds, async (round) => {
      // from few pairs to a whole batch, as far as the time goes
      const pairs = Math.min(most, 4 * 2 ** round);
      const [queries, documents] = [titles.slice(0, pairs), abstracts.slice(0, pairs)];
      const { tokens } = await gradCache(trainable, loss, queries, documents, {
        tokenBudget: config.batches.tokenBudget,
        activationBudget: (config.training.memoryBudget * 1e9) / 2,
        dropout: { probability: 0, seed: config.seed, labels: ['estimate'] },
        ...(trainsTable && { embeddingRows: tokenRows([...queries, ...documents]) }),
      });
      return tokens;
    });
  } finally {
    await loss.dispose();
  }
}

async function scoringRate(dimensions: number): Promise<number> {
  const random = new Random(1, 'estimate');
  const draw = (rows: number): Float32Array =>
    normalizeRowsInPlace(
      Float32Array.from({ length: rows * dimensions }, () => random.normal()),
      dimensions,
    );
  const ids = Array.from({ length: VECTORS }, (_, i) => String(i));
  const index = await buildIndex({ ids, vectors: draw(VECTORS), dimensions });
  try {
    const queries = draw(QUERIES);
    await index.search(queries, 10);
    const started = performance.now();
    await index.search(queries, 10);
    return (VECTORS * QUERIES * dimensions * 1000) / (performance.now() - started);
  } finally {
    await index.close();
  }
}

/** Work done per second by rounds; the first warms up, and counts only where it takes all the time there is. */
async function rateOf(seconds: number, round: (number: number) => Promise<number>): Promise<number> {
  const started = performance.now();
  let last = started;
  let best = 0;
  for (let number = 0; ; number++) {
    const work = await round(number);
    const now = performance.now();
    const rate = (work * 1000) / (now - last);
    // the quickest, since other work on the machine only ever takes time
    best = number <= 1 ? rate : Math.max(best, rate);
    last = now;
    if (now - started >= 1000 * seconds && (number > 0 || now - started >= 4000 * seconds)) break;
  }
  if (!(best > 0)) throw new UserError('nothing was measured: expected texts with tokens; choose other data');
  return best;
}

/** Tokens of a text, on average. */
export function meanLength(texts: readonly Int32Array[]): number {
  return mean(texts.map(({ length }) => length));
}
