/**
 * The training that the fault test disturbs: a small model, with Matryoshka, hard negatives, dropout of adapters and of
 * tokens, and batches of several micro-batches (GradCache), which saves its state as often as it may.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type Role, resolveConfig } from '../../lib/config/config.js';
import { Random } from '../../lib/core/random.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { linearModules } from '../../lib/models/parameters.js';
import type { TokenizedPaper } from '../../lib/tokens/token-statistics.js';
import { type TrainPapersOptions, type TrainPapersResult, trainPapers } from '../../lib/training/train-papers.js';

export interface FaultyTraining {
  /** Model folder. */
  model: string;
  /** Run folder. */
  folder: string;
  epochs: number;
  resume: NonNullable<TrainPapersOptions['resume']>;
}

/** Trains, from where an earlier sitting in the folder stopped. */
export async function trainWithFaults(
  { model, folder, epochs, resume }: FaultyTraining,
  options: Pick<TrainPapersOptions, 'onStep' | 'onMessage'> = {},
): Promise<TrainPapersResult> {
  const engine = createOnnxEngine({ threads: 1 });
  try {
    const base = await loadBaseModel(model, engine);
    const papers = syntheticPapers();
    const config = faultConfig(folder, papers, epochs);
    const { rank, alpha, dropout } = config.encoder.lora;
    const adapter = {
      rank,
      alpha,
      dropout,
      targetModules: linearModules(base.config).map(({ name }) => name),
      rankStabilized: false,
    };
    const tensors = initializeAdapter(adapter, base.config, config.seed);
    const encoder = await createEncoder(base, { adapter: { config: adapter, tensors } });
    const tokens = syntheticTokens(papers, base.config.vocabularySize);
    const folders = { run: folder, best: join(folder, 'adapter') };
    return await trainPapers({ ...options, config, papers, tokens, encoder, folders, resume });
  } finally {
    await engine.close();
  }
}

function faultConfig(folder: string, papers: readonly SplitPaper[], epochs: number): Config {
  // beside the run folders, and one for all
  const negatives = join(folder, '..', 'negatives.jsonl');
  if (!existsSync(negatives)) {
    mkdirSync(join(folder, '..'), { recursive: true });
    const train = papers.filter(({ split }) => split === 'train');
    const lines = train.map(({ id }, i) => {
      const others = [1, 2, 3].map((step, k) => ({
        id: train[(i + 5 * step) % train.length]!.id,
        score: 1,
        rank: k + 1,
      }));
      return JSON.stringify({ query: id, own: null, negatives: others });
    });
    writeFileSync(negatives, `${lines.join('\n')}\n`);
  }
  return resolveConfig({
    input: {
      seed: 7,
      batches: { pairs: 8, tokenBudget: 64 },
      encoder: { lora: { rank: 2, alpha: 4, dropout: 0.1 } },
      training: {
        epochs,
        maxSteps: null,
        validateEvery: 5,
        learningRate: 5e-3,
        matryoshkaDimensions: [8],
        tokenDropout: { title: 0.1, abstract: 0.2 },
        hardNegatives: { file: negatives, perPair: 1 },
        checkpoints: { everySteps: 1 },
      },
    },
  });
}

function syntheticPapers(): SplitPaper[] {
  const roles: Role[] = ['main', 'soft', 'hard'];
  return Array.from({ length: 60 }, (_, i) => ({
    id: `p${i}`,
    title: `title ${i}`,
    abstract: `abstract ${i}`,
    topic: 'gr-qc',
    role: roles[i % 3] as Role,
    categories: ['gr-qc'],
    published: null,
    split: i % 6 === 5 ? 'validation' : 'train',
  }));
}

/** Random ids; an abstract begins with its title, so that there is something to learn. */
function syntheticTokens(papers: readonly SplitPaper[], vocabularySize: number): Map<string, TokenizedPaper> {
  const random = new Random(7, 'texts');
  const ids = (length: number): Int32Array => Int32Array.from({ length }, () => random.integer(vocabularySize));
  return new Map(
    papers.map(({ id }) => {
      const title = ids(2 + random.integer(4));
      return [id, { title, abstract: Int32Array.from([...title, ...ids(2 + random.integer(6))]) }];
    }),
  );
}
