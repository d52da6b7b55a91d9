/**
 * What a tune adds, measured on every paper of the main topic: they are dealt into parts, and each part is searched by
 * an encoder tuned on the others. One test side is too small to tell a gain of a hundredth; all of them together do.
 * Only for a base that saw no paper of the main topic while it was pre-trained, as `sample-general`.
 *
 *   node dist/scripts/sample-encoder/tune-folds.js --data SNAPSHOT [--folds 3] [--set path.to.key=value ...]
 *
 * A part's corpus is its own abstracts and those of the validation side's soft and hard topics.
 */
import { parseArgs } from 'node:util';
import { resolveConfig } from '../../lib/config.js';
import { loadDataset } from '../../lib/datasets/dataset.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { UserError } from '../../lib/errors.js';
import { bootstrapMeans } from '../../lib/evaluation/statistics/bootstrap.js';
import { loadModel, trainableEncoder, untunedEncoder } from '../../lib/experiment/encoders.js';
import { tokenizeDataset } from '../../lib/experiment/tokens-and-batches.js';
import { Random } from '../../lib/random.js';
import type { TokenizedPaper } from '../../lib/tokens/token-statistics.js';
import { trainPapers } from '../../lib/training/train-papers.js';
import { reciprocalRanks } from '../../lib/training/validation.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      folds: { type: 'string', default: '3' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const folds = Number(values.folds);
  if (!values.data) throw new UserError('--data is missing: expected a metadata snapshot');
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new UserError(`--folds ${values.folds}: expected a whole number of at least 2`);
  }
  const settings = [`datasets.source=${values.data}`, 'training.validateEvery=null', ...values.set];
  const config = resolveConfig({ preset: 'sample-general', settings });
  const { papers } = await loadDataset(config);
  const { tokens } = await tokenizeDataset(config, papers);
  const model = await loadModel(config);
  const main = papers.filter((paper) => paper.role === 'main');
  const partOf = new Map(new Random(config.seed, 'folds').shuffle(main).map((paper, i) => [paper.id, i % folds]));
  const untuned = await untunedEncoder(config, model);
  const all: number[] = [];
  try {
    for (let fold = 0; fold < folds; fold++) {
      const asked = main.filter((paper) => partOf.get(paper.id) === fold);
      const searched = [
        ...asked,
        ...papers.filter(({ role, split }) => (role === 'soft' || role === 'hard') && split === 'validation'),
      ];
      // all of the main topic but the part is trained on; no validation, which would choose by other papers of it
      const trained = papers
        .filter((paper) => (paper.role === 'main' ? partOf.get(paper.id) !== fold : paper.split === 'train'))
        .map((paper): SplitPaper => ({ ...paper, split: 'train' }));
      const encoder = await trainableEncoder(config, model);
      const start = performance.now();
      await trainPapers({ config, papers: trained, tokens, encoder });
      const seconds = (performance.now() - start) / 1000;
      const textOf = (paper: SplitPaper): TokenizedPaper => tokens.get(paper.id) as TokenizedPaper;
      const [before, after] = await Promise.all(
        [untuned, encoder].map((each) =>
          reciprocalRanks(
            each,
            asked.map((paper) => textOf(paper).title),
            searched.map((paper) => textOf(paper).abstract),
            { tokenBudget: config.batches.tokenBudget },
          ),
        ),
      );
      await encoder.dispose();
      const differences = (after as Float64Array).map((value, i) => value - (before as Float64Array)[i]!);
      print(`part ${fold + 1}, tuned in ${seconds.toFixed(0)} s`, differences, config.seed);
      all.push(...differences);
    }
    print('all parts', Float64Array.from(all), config.seed);
  } finally {
    await model.engine.close();
  }
}

function print(name: string, differences: Float64Array, seed: number): void {
  const [mean] = bootstrapMeans([differences], { seed });
  const { value, low, high } = mean as NonNullable<typeof mean>;
  const [middle, from, to] = [value, low, high].map((x) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(4)}`);
  console.log(`${name}: MRR@10 ${middle} [${from}, ${to}] over ${differences.length} titles`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
