import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { matmulTransposed } from '../../lib/engine/matmul.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { createInfoNceLoss } from '../../lib/losses/info-nce.js';
import type { Loss } from '../../lib/losses/loss.js';
import type { BagTrainingData, BagTrainingSettings } from '../../lib/pretraining/bag-step.js';
import { trainBags } from '../../lib/pretraining/bag-training.js';
import { type BagTrainingState, startBagTraining } from '../../lib/pretraining/bag-training-state.js';
import { packBags } from '../../lib/pretraining/token-bags.js';
import type { PaperTokens } from '../../lib/pretraining/training-pairs.js';

const VOCABULARY = 60;
const WIDTH = 8;
const saturation = { base: 0.5, perToken: 0.02 };

/** Titles and abstracts in different words for the same things: token t of a title is token t + 30 of its abstract. */
const random = new Random(11, 'papers');
const paper = (): PaperTokens => {
  const title = Uint16Array.from({ length: 3 }, () => random.integer(30));
  const noise = Uint16Array.from({ length: 6 }, () => random.integer(VOCABULARY));
  return { title, abstract: Uint16Array.of(...title.map((id) => id + 30), ...noise) };
};
const papers = Array.from({ length: 200 }, paper);
const validation = Array.from({ length: 60 }, paper);

const settings: BagTrainingSettings = {
  seed: 1,
  phases: [
    { steps: 30, pairs: 40, hardNegatives: 0, learningRate: 0.1 },
    { steps: 10, pairs: 30, hardNegatives: 2, learningRate: 0.02 },
  ],
  saturation,
  titleDropout: 0.2,
  abstractDropout: 0.3,
  clozePairs: 20,
  clozeWeight: 0.2,
  warmupShare: 0.1,
  averagedShare: 0.3,
  validateEvery: 10,
};
const data: BagTrainingData = {
  papers,
  negatives: () => papers.map((_, i) => Int32Array.from({ length: 5 }, (_, k) => (i + 7 * (k + 1)) % papers.length)),
  validation: {
    titles: packBags(
      validation.map(({ title }) => title),
      VOCABULARY,
      saturation,
    ),
    abstracts: packBags(
      validation.map(({ abstract }) => abstract),
      VOCABULARY,
      saturation,
    ),
  },
  vocabularySize: VOCABULARY,
  width: WIDTH,
};
const start = (): BagTrainingState => {
  const source = new Random(4, 'table');
  return startBagTraining(Float32Array.from({ length: VOCABULARY * WIDTH }, () => source.normal()));
};

let engine: Engine;
let loss: Loss;
beforeAll(async () => {
  engine = await startEngine({ engine: 'auto', threads: 1 });
  loss = await createInfoNceLoss(engine, {
    dimensions: WIDTH,
    temperature: 0.1,
    symmetric: true,
    falseNegativeMargin: null,
  });
});
afterAll(() => engine.close());

async function trained(changes: Partial<BagTrainingSettings> = {}): Promise<BagTrainingState> {
  const state = start();
  await trainBags(state, data, { ...settings, ...changes }, { loss, products: matmulTransposed(engine) });
  return state;
}

describe('trainBags', () => {
  it('learns which tokens belong together', async () => {
    const { history } = await trained();
    expect(history.losses).toHaveLength(40);
    expect(history.validations.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
    expect(history.losses[29]!).toBeLessThan(0.7 * history.losses[0]!);
    const [first, last] = [history.validations[0]!.mrr, history.validations.at(-1)!.mrr];
    expect(last).toBeGreaterThan(first);
    expect(last).toBeGreaterThan(0.3);
  });

  it('moves the table along the gradient of the loss', async () => {
    // Without dropout, cloze pairs and averages, the first step of Adam is the sign of the gradient times the rate.
    const plain = { titleDropout: 0, abstractDropout: 0, clozePairs: 0, averagedShare: 0, warmupShare: 0 };
    const rate = 1e-3;
    const phases = [{ steps: 1, pairs: papers.length, hardNegatives: 0, learningRate: rate }];
    const before = start().table;
    const { table } = await trained({ ...plain, phases });
    const lossOf = (rows: Float32Array): number => referenceLoss(rows, 0.1);
    let agreeing = 0;
    for (let i = 0; i < before.length; i += 17) {
      const shifted = (by: number): Float32Array => before.map((value, k) => (k === i ? value + by : value));
      const slope = (lossOf(shifted(1e-2)) - lossOf(shifted(-1e-2))) / 2e-2;
      if (Math.abs(slope) < 1e-4) continue;
      expect(table[i]! - before[i]!).toBeCloseTo(-Math.sign(slope) * rate, 5);
      agreeing++;
    }
    expect(agreeing).toBeGreaterThan(15);
  });

  it('gives the same bits again, and others for another seed', async () => {
    const { table } = await trained();
    expect((await trained()).table).toEqual(table);
    expect((await trained({ seed: 2 })).table).not.toEqual(table);
  });

  it('goes on to the same bits from wherever it was stopped', async () => {
    const whole = await trained();
    for (const stop of [4, 27, 30, 35]) {
      const controller = new AbortController();
      let saved: BagTrainingState | undefined;
      const tools = { loss, products: matmulTransposed(engine) };
      const stopped = trainBags(start(), data, settings, {
        ...tools,
        signal: controller.signal,
        save: async (state) => {
          saved = structuredClone(state);
        },
        onProgress: ({ done }) => {
          if (done === stop) controller.abort();
        },
      });
      await expect(stopped).rejects.toThrow(Interrupted);
      await trainBags(saved!, data, settings, tools);
      expect(saved!.table).toEqual(whole.table);
      expect(saved!.history).toEqual(whole.history);
    }
  });
});

/** Symmetric InfoNCE over all papers as a plain double loop. */
function referenceLoss(table: Float32Array, temperature: number): number {
  const unit = (ids: Uint16Array): number[] => {
    const vector = new Array<number>(WIDTH).fill(0);
    const limit = saturation.base + saturation.perToken * ids.length;
    for (const token of new Set(ids)) {
      const tf = ids.filter((id) => id === token).length;
      for (let j = 0; j < WIDTH; j++) vector[j]! += ((tf * limit) / (tf + limit)) * table[token * WIDTH + j]!;
    }
    const norm = Math.hypot(...vector);
    return vector.map((value) => value / norm);
  };
  const titles = papers.map(({ title }) => unit(title));
  const abstracts = papers.map(({ abstract }) => unit(abstract));
  const cross = (queries: number[][], documents: number[][]): number =>
    queries.reduce((sum, query, own) => {
      const scores = documents.map((document) => document.reduce((s, v, j) => s + v * query[j]!, 0) / temperature);
      const top = Math.max(...scores);
      const total = scores.reduce((s, score) => s + Math.exp(score - top), 0);
      return sum + top + Math.log(total) - scores[own]!;
    }, 0) / queries.length;
  return (cross(titles, abstracts) + cross(abstracts, titles)) / 2;
}
