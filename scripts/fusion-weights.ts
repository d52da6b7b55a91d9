/**
 * How a hybrid of BM25 and an encoder is best fused, where nothing can be chosen by: MRR@10 of titles against abstracts for
 * weighted sums and reciprocal ranks, beside BM25 alone, with paired intervals.
 *
 *   node dist/scripts/fusion-weights.js [--data SNAPSHOT] [--splits validation,test] [--weights 0.3,0.4,0.5,0.6]
 *                                       [--set path.to.key=value ...]
 *
 * All titles of the splits are asked, over all of their abstracts. `sample` was made of papers of the train split.
 */
import { parseArgs } from 'node:util';
import { resolveConfig } from '../lib/config/config.js';
import { UserError } from '../lib/core/errors.js';
import { formatCount, formatDifferenceInterval } from '../lib/display/format.js';
import { scoreQueries } from '../lib/evaluation/evaluate-run.js';
import { bootstrapMeans } from '../lib/evaluation/statistics/bootstrap.js';
import { titlesOverAbstracts } from '../lib/pipeline/evaluation-task.js';
import { openSession } from '../lib/pipeline/session.js';
import { withSystems } from '../lib/pipeline/systems.js';
import type { Run } from '../lib/retrieval/ranking.js';
import { type Fusion, fuseRuns } from '../lib/retrieval/systems/fusion.js';
import type { RetrievalSystem, RetrievalTask, Retrieved } from '../lib/retrieval/systems/retrieval-system.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: 'sample' },
      splits: { type: 'string', default: 'validation,test' },
      weights: { type: 'string', default: '0.3,0.4,0.5,0.6' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const config = resolveConfig({
    input: {
      encoder: { model: 'sample' },
      tokens: { maxTitleTokens: 128, maxAbstractTokens: 512 },
      evaluation: { systems: ['bm25', 'untuned'], index: 'flat' },
    },
    settings: [`datasets.source=${values.data}`, ...values.set],
  });
  const splits = values.splits.split(',');
  const weights = values.weights.split(',').map(Number);
  const wrong = weights.find((weight) => !(weight >= 0 && weight <= 1));
  if (wrong !== undefined) throw new UserError(`--weights ${values.weights}: expected numbers from 0 to 1`);
  const session = openSession();
  try {
    const { papers } = await session.dataset(config);
    const searched = papers.filter(({ split }) => splits.includes(split));
    if (searched.length === 0) throw new UserError(`--splits ${values.splits}: no paper is in any of them`);
    const { corpus, queries, qrels } = titlesOverAbstracts(searched, searched);
    const task: RetrievalTask = { corpus, queries, depth: 100 };
    const sources = { model: () => session.model(config), trained: null };
    const [words, vectors] = await withSystems(config, sources, {}, async ({ systems }) => {
      const find = (system: RetrievalSystem): Promise<Retrieved> => system.retrieve(task, {}, find);
      return Promise.all(systems.map(async (system) => (await find(system)).run));
    });
    const ranks = (run: Run): Float64Array => scoreQueries(run, qrels, ['mrr@10']).values['mrr@10'] as Float64Array;
    const alone = ranks(words as Run);
    const print = (name: string, values: Float64Array): void => {
      const differences = values.map((value, i) => value - (alone[i] as number));
      const [own, { value, low, high }] = bootstrapMeans([values, differences], { seed: config.seed }) as [
        { value: number },
        { value: number; low: number; high: number },
      ];
      const change = formatDifferenceInterval({ difference: value, low, high });
      console.log(`${name.padEnd(24)} ${own.value.toFixed(4)}  ${change}`);
    };
    console.log(`${formatCount(searched.length)} titles over as many abstracts; MRR@10, and how far ahead of BM25`);
    print('bm25', alone);
    print('encoder', ranks(vectors as Run));
    const fusions: [string, Fusion][] = [
      ...weights.map((weight): [string, Fusion] => [`weighted sum, ${weight}`, { method: 'weighted-sum', weight }]),
      ...[10, 60].map((k): [string, Fusion] => [`reciprocal ranks, k ${k}`, { method: 'reciprocal-rank', k }]),
    ];
    for (const [name, fusion] of fusions) print(name, ranks(fuseRuns(words as Run, vectors as Run, 100, fusion)));
  } finally {
    await session.close();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
